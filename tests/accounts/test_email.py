"""Changing the address of an account: one at a time, verified before it counts, never taken from anybody."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from camp.accounts.models import User
from tests.accounts.test_identities import said
from tests.accounts.test_sign_up import errors, link_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/accounts/email/"


def ask(client, email):
    return client.post(PAGE, {"action_add": "", "email": email}, follow=True)


def addresses():
    return list(EmailAddress.objects.order_by("pk").values_list("email", "verified", "primary"))


def test_a_new_address_counts_when_its_link_is_opened(sign_in):
    user = make_user("rowan")
    client = sign_in(user)

    asked = ask(client, "Ｎew@Example.org")
    before = addresses()
    client.post(link_in(mail.outbox[0].body))

    user.refresh_from_db()
    assert said(asked) == ["A link is on its way to new@example.org."]
    assert before == [("rowan@example.org", True, True), ("new@example.org", False, False)]
    assert addresses() == [("new@example.org", True, True)]
    assert user.email == "new@example.org"


def test_the_old_address_is_told(sign_in):
    client = sign_in(make_user("rowan"))
    ask(client, "new@example.org")

    client.post(link_in(mail.outbox[0].body))

    assert [(message.to[0], message.subject) for message in mail.outbox] == [
        ("new@example.org", "Verify your address"),
        ("rowan@example.org", "Your e-mail address was changed"),
    ]


def test_the_page_shows_what_is_waiting_and_lets_it_be_dropped(sign_in):
    client = sign_in(make_user("rowan"))
    ask(client, "new@example.org")

    page = client.get(PAGE).content.decode()
    client.post(PAGE, {"action_remove": "", "email": "new@example.org"})

    assert "Keep the old address" in page
    assert addresses() == [("rowan@example.org", True, True)]


def test_an_address_of_another_account_is_not_given_away(sign_in):
    """The form does not say who has it; the link, which only its owner could open, does not work."""
    make_user("holder", email="taken@example.org")
    user = make_user("rowan")
    client = sign_in(user)

    ask(client, "TAKEN@example.org")
    page = client.get(link_in(mail.outbox[0].body)).content.decode()
    client.post(link_in(mail.outbox[0].body))

    user.refresh_from_db()
    assert "taken@example.org belongs to another account by now." in page
    assert user.email == "rowan@example.org"


def test_an_address_that_somebody_else_signed_up_with_and_never_verified_is_refused(sign_in):
    """Only the constraint of the database knows of it."""
    make_user("waiting", email="taken@example.org", verified=False)
    client = sign_in(make_user("rowan"))
    ask(client, "taken@example.org")

    response = client.post(link_in(mail.outbox[0].body), follow=True)

    assert said(response) == [
        "taken@example.org belongs to another account by now. Sign in to that one, or reset its password."
    ]
    assert User.objects.get(handle="rowan").email == "rowan@example.org"


def test_the_address_of_an_account_cannot_be_removed(sign_in):
    client = sign_in(make_user("rowan"))

    response = client.post(PAGE, {"action_remove": "", "email": "rowan@example.org"}, follow=True)

    assert said(response) == ["Your account keeps its address. Change it to another one instead."]
    assert addresses() == [("rowan@example.org", True, True)]


def test_an_address_that_waits_cannot_be_made_the_main_one(sign_in):
    client = sign_in(make_user("rowan"))
    ask(client, "new@example.org")

    client.post(PAGE, {"action_primary": "", "email": "new@example.org"})

    assert User.objects.get().email == "rowan@example.org"


@pytest.mark.parametrize("action", ["action_send", "action_remove", "action_primary"])
@pytest.mark.parametrize("email", ["stranger@example.org", "no address", "<b>"])
def test_a_strangers_address_is_left_alone(sign_in, action, email):
    make_user("stranger")

    sign_in(make_user("rowan")).post(PAGE, {action: "", "email": email})

    assert addresses() == [("stranger@example.org", True, True), ("rowan@example.org", True, True)]
    assert mail.outbox == []


@pytest.mark.parametrize(
    "email", ["", "no address", "rówan@example.org", "rowan@example.org", "a" * 300 + "@example.org"]
)
def test_an_address_that_cannot_be_is_refused(sign_in, email):
    assert list(errors(ask(sign_in(make_user("rowan")), email))) == ["email"]
