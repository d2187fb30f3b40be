"""Signing in at GitHub proves a login. A refusal is a message: it never keeps anybody from signing in."""

from allauth.account.signals import user_signed_up
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.signals import pre_social_login, social_account_added
from django.contrib import messages
from django.dispatch import receiver

from camp.accounts import services
from camp.accounts.models import Identity


@receiver(user_signed_up)
def prove_at_sign_up(sender, request, user, sociallogin=None, **kwargs):
    if sociallogin:
        _prove(request, user, sociallogin, services.link_proven_login)


@receiver(social_account_added)
def prove_when_connected(sender, request, sociallogin, **kwargs):
    _prove(request, sociallogin.user, sociallogin, services.link_proven_login)


@receiver(pre_social_login)
def prove_again(sender, request, sociallogin, **kwargs):
    """A known account came back from GitHub: connecting links it again, signing in follows its name."""
    if not sociallogin.is_existing:
        return
    if sociallogin.state.get("process") != AuthProcess.CONNECT:
        _prove(request, sociallogin.user, sociallogin, services.refresh_proven_login)
    elif sociallogin.user == request.user:
        _prove(request, sociallogin.user, sociallogin, services.link_proven_login)


def _prove(request, user, sociallogin, link):
    account = sociallogin.account
    login = account.extra_data.get("login")
    if account.provider != Identity.Channel.GITHUB or not login:
        return
    try:
        link(user, channel=Identity.Channel.GITHUB, login=login, uid=account.uid)
    except services.AccountError as refusal:
        messages.error(request, str(refusal))
