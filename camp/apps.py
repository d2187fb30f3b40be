from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CampConfig(AppConfig):
    """The project itself: it carries the commands that need every app (load_camp, dump_camp, demo)."""

    name = "camp"
    label = "camp_project"
    verbose_name = "Camp"


class CampAdminConfig(AdminConfig):
    """The stock admin with our own site: staff are people with a role in a camp."""

    default_site = "camp.admin_site.CampAdminSite"
