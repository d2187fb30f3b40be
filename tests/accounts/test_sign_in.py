import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from camp.accounts.models import User
from tests.accounts.test_sign_up import errors, link_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, login, password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


@pytest.mark.parametrize(
    "login",
    ["Émile", "émile", "ÉMILE", "emile", "Ｅmile", "e\u200bmile", " emile ", "emile@example.org", "EMILE@Example.Org",
     "ｅｍｉｌｅ@example.org"],
)  # fmt: skip
def test_a_login_works_however_it_is_written(client, login):
    make_user("Émile", email="emile@example.org")

    assert sign_in(client, login).url == reverse("my")


@pytest.mark.parametrize("login", ["rowan", "nobody", "nobody@example.org", "<b>", "%", "\u3164", "ﷺ" * 14])
def test_a_wrong_login_or_password_says_neither_which(client, login):
    make_user("rowan")

    response = sign_in(client, login, "not the password")

    assert response.status_code == 200
    assert list(errors(response)) == ["__all__"]


@pytest.mark.parametrize("login", ["", "a" * 255, "ro\x00wan"])
def test_a_login_that_cannot_be_is_refused(client, login):
    assert list(errors(sign_in(client, login))) == ["login"]


def test_somebody_unverified_gets_the_link_and_the_page_that_says_so(client):
    make_user("rowan", verified=False)

    response = sign_in(client, "rowan")

    assert response.url == reverse("account_email_verification_sent")
    assert [message.to for message in mail.outbox] == [["rowan@example.org"]]
    assert "<strong>rowan@example.org</strong>" in client.get(response.url).content.decode()


def test_somebody_entered_by_staff_gets_the_link(client):
    """Nothing of allauth's knows their address yet."""
    User.objects.create_user("rowan", "rowan@example.org", PASSWORD)

    response = sign_in(client, "rowan")
    client.post(link_in(mail.outbox[0].body))

    assert response.url == reverse("account_email_verification_sent")
    assert EmailAddress.objects.get().verified


def test_a_closed_account_is_told_so(client):
    make_user("rowan", is_active=False)

    response = sign_in(client, "rowan")

    assert response.url == reverse("account_inactive")
    assert "This account is closed" in client.get(response.url).content.decode()


def test_after_five_wrong_passwords_even_the_right_one_waits(client):
    """Every spelling of a handle uses up the same limit."""
    make_user("rowan")
    for login in ("rowan", "ROWAN", "Ｒｏｗａｎ", "rówan", "Rowan"):
        sign_in(client, login, "not the password")

    response = sign_in(client, "rowan")

    assert errors(response) == {"__all__": ["Too many failed login attempts. Try again later."]}


def test_next_leads_back_and_to_no_other_host(client):
    make_user("rowan")
    data = {"login": "rowan", "password": PASSWORD}

    outside = client.post(LOGIN, data | {"next": "https://example.org/"})
    client.post("/accounts/logout/")
    inside = client.post(LOGIN, data | {"next": "/my/notices/"})

    assert (outside.url, inside.url) == (reverse("my"), "/my/notices/")


def test_a_superuser_made_in_the_shell_can_sign_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", "--noinput", handle="Root", email="Root@example.org", verbosity=0)

    assert sign_in(client, "root").url == reverse("my")
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("root@example.org", True, True)]


def test_createsuperuser_leaves_other_superusers_as_they_are(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    waiting = make_user("waiting", verified=False, is_superuser=True)

    call_command("createsuperuser", "--noinput", handle="root", email="root@example.org", verbosity=0)

    assert not EmailAddress.objects.get(user=waiting).verified
