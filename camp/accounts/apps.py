from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "camp.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        import_module("camp.accounts.receivers")
