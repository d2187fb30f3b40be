"""Template pieces of the account pages."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from camp.accounts.devices import device_name

register = template.Library()
register.filter(device_name)


@register.inclusion_tag("accounts/tabs.html", takes_context=True)
def account_tabs(context):
    """The pages of one's own account; GitHub's only where it is configured."""
    path = context["request"].path
    tabs = [
        (reverse("accounts:profile"), _("Profile")),
        (reverse("accounts:identities"), _("Linked logins")),
        (reverse("classrooms:calendar"), _("Calendar and reminders")),
        (reverse("account_email"), _("E-mail address")),
        (reverse("account_change_password"), _("Password")),
        (reverse("mfa_index"), _("Two-factor sign-in")),
        (reverse("usersessions_list"), _("Active sessions")),
    ]
    if settings.GITHUB_CLIENT_ID:
        tabs.append((reverse("socialaccount_connections"), _("Sign-in with GitHub")))
    return {"tabs": [{"url": url, "label": label, "is_current": path.startswith(url)} for url, label in tabs]}
