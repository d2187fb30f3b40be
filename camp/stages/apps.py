from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StagesConfig(AppConfig):
    name = "camp.stages"
    verbose_name = _("Stages")

    def ready(self):
        import_module("camp.stages.receivers")
