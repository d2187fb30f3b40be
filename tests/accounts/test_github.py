"""Signing in with GitHub, played through our pages against a GitHub that answers from this file."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from camp.accounts import services
from camp.accounts.models import Identity, User
from tests.accounts.test_identities import said
from tests.accounts.test_sign_up import HastyAdapter, errors
from tests.factories import make_identity, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("github")]
PROFILE = {"id": 7, "login": "Rowan-Ash", "name": "Rowan\u202e Ash", "email": None}
ADDRESSES = [
    {"email": "rowan@example.org", "primary": True, "verified": True},
    {"email": "rowan@work.example.org", "primary": False, "verified": True},
]


@pytest.fixture
def at_github(monkeypatch):
    """What GitHub says; change the profile to become somebody else there."""
    answers = {"/login/oauth/access_token": {"access_token": "t"}, "/user": dict(PROFILE), "/user/emails": ADDRESSES}

    def request(self, method, url, **kwargs):
        response = requests.Response()
        response.status_code, response.url = 200, url
        response.headers["content-type"] = "application/json"
        response._content = json.dumps(answers[urlsplit(url).path]).encode()
        return response

    monkeypatch.setattr(requests.Session, "request", request)
    return answers["/user"]


def go(client, process="login"):
    """To GitHub and back, as a browser goes."""
    there = client.post(f"/accounts/github/login/?process={process}")
    state = parse_qs(urlsplit(there.url).query)["state"][0]
    return client.get("/accounts/github/login/callback/", {"code": "c", "state": state}, follow=True)


def finish(client, **fields):
    data = {"email": "rowan@example.org", "username": "rowan"}
    return client.post("/accounts/3rdparty/signup/", data | fields, follow=True)


def connected(user, *, uid="7", login="Rowan-Ash"):
    """An account that signs in with GitHub and has linked its login."""
    SocialAccount.objects.create(user=user, provider="github", uid=uid, extra_data={"id": int(uid), "login": login})
    services.link_proven_login(user, channel="github", login=login, uid=uid)
    return user


def rows():
    found = Identity.objects.order_by("pk")
    return [(row.user.handle, row.login, row.uid, row.proof, row.is_linked) for row in found]


def test_a_sign_up_asks_for_a_handle_and_links_the_login(client, at_github):
    asked = go(client)
    response = finish(client)

    user = User.objects.get()
    assert asked.context["form"]["username"].value() == "Rowan-Ash"
    assert response.redirect_chain[-1][0] == reverse("my")
    assert (user.handle, user.email, user.display_name, user.language) == (
        "rowan", "rowan@example.org", "Rowan Ash", "en",
    )  # fmt: skip
    assert rows() == [("rowan", "Rowan-Ash", "7", "oauth", True)]


def test_a_sign_up_keeps_the_one_address_that_was_chosen(client, at_github):
    go(client)
    finish(client, email="Rowan@work.example.org")

    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("rowan@work.example.org", True, True)
    ]


def test_a_sign_up_with_an_address_unknown_to_github_has_to_verify_it(client, at_github):
    go(client)
    response = finish(client, email="rowan@home.example.org")

    assert response.redirect_chain[-1][0] == reverse("account_email_verification_sent")
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("rowan@home.example.org", False)]


def test_a_sign_up_with_a_taken_handle_is_asked_again(client, at_github):
    make_user("rowan", email="other@example.org")
    go(client)

    refused = finish(client)
    response = finish(client, username="rowan-ash")

    assert list(errors(refused)) == ["username"]
    assert response.redirect_chain[-1][0] == reverse("my")


def test_a_handle_taken_a_moment_ago_is_an_error_of_the_form(client, at_github, settings):
    settings.ACCOUNT_ADAPTER = "tests.accounts.test_sign_up.HastyAdapter"
    make_user("rowan", email="other@example.org")
    go(client)
    HastyAdapter.asked = 0

    refused = finish(client)
    response = finish(client, username="rowan-ash")

    assert list(errors(refused)) == ["username"]
    assert response.redirect_chain[-1][0] == reverse("my")


def test_a_sign_up_takes_over_what_somebody_only_typed(client, at_github):
    make_identity(make_user("typist"), login="rowan-ash")
    go(client)

    finish(client)

    assert rows() == [("rowan", "Rowan-Ash", "7", "oauth", True)]


def test_a_sign_up_whose_login_is_refused_goes_on_and_says_so(client, at_github):
    make_identity(make_user("holder"), login="rowan-ash", uid="7", proof="oauth")
    go(client)

    response = finish(client)

    assert "That account over there already belongs to another account here." in said(response)
    assert [row[0] for row in rows()] == ["holder"]
    assert response.wsgi_request.user.handle == "rowan"


def test_signing_in_again_follows_a_rename(client, at_github):
    connected(make_user("rowan"), login="old-name")

    response = go(client)

    assert response.redirect_chain[-1][0] == reverse("my")
    assert [row for row in rows() if row[4]] == [("rowan", "Rowan-Ash", "7", "oauth", True)]


def test_signing_in_again_leaves_unlinked_what_was_unlinked(client, at_github):
    user = connected(make_user("rowan"))
    services.unlink_login(user.identities.get())

    go(client)

    assert rows() == []


def test_connecting_links_the_login_and_leads_to_the_logins(sign_in, at_github):
    response = go(sign_in(make_user("rowan")), "connect")

    assert response.redirect_chain[-1][0] == reverse("accounts:identities")
    assert rows() == [("rowan", "Rowan-Ash", "7", "oauth", True)]


def test_connecting_verifies_what_was_typed(sign_in, at_github):
    user = make_user("rowan")
    make_identity(user, login="rowan-ash")

    go(sign_in(user), "connect")

    assert rows() == [("rowan", "Rowan-Ash", "7", "oauth", True)]


def test_connecting_again_links_again_what_was_unlinked(sign_in, at_github):
    user = connected(make_user("rowan"))
    services.unlink_login(user.identities.get())

    go(sign_in(user), "connect")

    assert [row[:3] for row in rows()] == [("rowan", "Rowan-Ash", "7")]


def test_connecting_what_belongs_to_another_account_is_refused(sign_in, at_github):
    connected(make_user("holder"))

    response = go(sign_in(make_user("other")), "connect")

    assert said(response) == [
        "Somebody else here signs in with this GitHub account. Sign out at GitHub to choose another."
    ]
    assert [row[0] for row in rows()] == ["holder"]


def test_no_longer_signing_in_leaves_the_login_linked(sign_in):
    user = connected(make_user("rowan"))

    sign_in(user).post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert SocialAccount.objects.count() == 0
    assert rows() == [("rowan", "Rowan-Ash", "7", "oauth", True)]


def test_a_strangers_connection_cannot_be_removed(sign_in):
    connected(make_user("holder"))

    response = sign_in(make_user()).post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert list(errors(response)) == ["account"]
    assert SocialAccount.objects.count() == 1


def test_a_github_that_does_not_answer_is_no_error_of_ours(client, at_github, monkeypatch):
    def unreachable(self, method, url, **kwargs):
        raise requests.ConnectionError("no route")

    monkeypatch.setattr(requests.Session, "request", unreachable)

    response = go(client)

    assert response.status_code == 401
    assert "sign in with your address and password" in response.content.decode()


def test_somebody_who_says_no_at_github_can_sign_in_otherwise(client):
    there = client.post("/accounts/github/login/?process=login")
    state = parse_qs(urlsplit(there.url).query)["state"][0]

    response = client.get("/accounts/github/login/callback/", {"error": "access_denied", "state": state}, follow=True)

    assert "Nothing has happened" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?code=c", "?code=c&state=forged", "?error=server_error"])
def test_an_answer_that_nobody_asked_for_is_refused(client, query):
    assert client.get(f"/accounts/github/login/callback/{query}").status_code == 401


@pytest.mark.parametrize("address", ["/accounts/github/login/", "/accounts/github/login/callback/?code=c&state=s"])
def test_without_configuration_there_is_no_github(client, settings, address):
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": []}}
    settings.GITHUB_CLIENT_ID = ""

    assert client.get(address).status_code == 404
    assert "GitHub" not in client.get("/accounts/login/").content.decode()
