"""How allauth behaves here: names that look alike collide, a GitHub sign-in proves a login."""

import re

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold, visible
from camp.accounts.models import User

HANDLE = re.compile(r"[\w][\w.-]{1,29}")


class AccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username, shallow=False):
        """The handle as it is stored. Refuses one that a reader could take for another person's."""
        handle = visible(username)
        if not HANDLE.fullmatch(handle):
            raise ValidationError(_("Use 2 to 30 letters, digits, dots, hyphens or underscores."))
        if not shallow and User.objects.filter(handle_key=fold(handle)).exists():
            raise ValidationError(_("This handle, or one that looks like it, is taken. Choose another."))
        return handle

    def clean_email(self, email):
        """The address in plain lower-case letters: with accents refused, two that look alike cannot both exist."""
        email = visible(super().clean_email(email)).lower()
        if not email.isascii():
            raise ValidationError(_("Write the address in plain letters, without accents or special characters."))
        return email

    def get_user_search_fields(self):
        return ["handle", "display_name", "email"]


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        user.display_name = visible(data.get("name") or "")[:60]
        return user
