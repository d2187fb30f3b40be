"""The mails about accounts: our words, plain text, the person's name, nothing escaped."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core import mail
from django.template.loader import render_to_string

from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOTES = [
    "account/email/email_changed",
    "account/email/email_confirm",
    "account/email/email_deleted",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
]
LETTERS = [
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/password_reset_key",
    "account/email/unknown_account",
]
VALUES = {
    "activate_url": "http://testserver/a?b=1&c=2",
    "password_reset_url": "http://testserver/a?b=1&c=2",
    "signup_url": "http://testserver/a?b=1&c=2",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
    "provider": "GitHub",
    "account": "rowan",
    "username": "rowan",
}


@pytest.fixture
def request_of(rf):
    """allauth's mails are written while a request is answered."""

    def make(user):
        request = rf.get("/", headers={"user-agent": "Firefox <b>"})
        request.user, request.session = user, SessionStore()
        return request

    return make


@pytest.mark.parametrize("name", NOTES)
def test_a_note_greets_by_name_and_says_where_it_came_from(request_of, name):
    user = make_user("rowan", display_name="Rowan & <Ash>")

    with context.request_context(request_of(user)):
        get_adapter().send_notification_mail(name, user, VALUES)

    body = mail.outbox[0].body
    assert body.startswith("Hello Rowan & <Ash>,\n\n")
    assert "- from the address 127.0.0.1\n- with Firefox <b>\n" in body
    assert "http://127.0.0.1:8000/accounts/sessions/" in body
    assert (mail.outbox[0].alternatives, "\n" in mail.outbox[0].subject) == ([], False)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_carries_its_link_as_it_is(request_of, name):
    with context.request_context(request_of(AnonymousUser())):
        get_adapter().send_mail(name, "rowan@example.org", VALUES)

    assert mail.outbox[0].body.startswith("Hello,\n\n")
    assert "http://testserver/a?b=1&c=2" in mail.outbox[0].body
    assert mail.outbox[0].alternatives == []


def test_a_letter_to_an_unknown_address_does_not_name_who_asked_for_it(request_of):
    with context.request_context(request_of(make_user("rowan", display_name="Rowan Ash"))):
        get_adapter().send_mail("account/email/unknown_account", "other@example.org", VALUES)

    assert "Rowan" not in mail.outbox[0].body


def test_mails_have_no_blank_gaps():
    body = render_to_string("account/email/email_confirmation_message.txt", VALUES)

    assert "\n\n\n" not in body
