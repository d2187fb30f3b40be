from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RankingsConfig(AppConfig):
    name = "camp.rankings"
    verbose_name = _("Rankings")

    def ready(self):
        import_module("camp.rankings.receivers")
        import_module("camp.rankings.board_receivers")
