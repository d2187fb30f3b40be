from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassroomsConfig(AppConfig):
    name = "camp.classrooms"
    verbose_name = _("Classrooms")

    def ready(self):
        import_module("camp.classrooms.receivers")
