from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "camp.projects"
    verbose_name = _("Projects")

    def ready(self):
        import_module("camp.projects.receivers")
