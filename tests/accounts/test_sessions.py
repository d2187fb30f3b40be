import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0"


def device(user, user_agent="curl/8.5.0"):
    client = Client(headers={"accept-language": "en", "user-agent": user_agent})
    client.post("/accounts/login/", {"login": user.handle, "password": PASSWORD})
    return client


def is_signed_in(client):
    return client.get(PAGE).status_code == 200


def test_the_page_names_the_devices_and_marks_this_one():
    user = make_user()
    here = device(user, FIREFOX)
    device(user)
    device(make_user(), "Somebody else's")

    response = here.get(PAGE)

    assert len(response.context["sessions"]) == 2
    assert "Firefox on Windows" in response.content.decode()
    assert response.content.decode().count("this one") == 1


def test_the_others_are_signed_out():
    user = make_user()
    here, there, stranger = device(user), device(user), device(make_user())

    here.post(PAGE)

    assert (is_signed_in(here), is_signed_in(there), is_signed_in(stranger)) == (True, False, True)


def test_everywhere_is_here_too():
    user = make_user()
    here, there, stranger = device(user), device(user), device(make_user())

    response = here.post("/accounts/sessions/end/", follow=True)

    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert "You are signed out on every device." in response.content.decode()
    assert (is_signed_in(here), is_signed_in(there), is_signed_in(stranger)) == (False, False, True)
    assert UserSession.objects.filter(user=user).count() == 0


def test_signing_out_everywhere_is_no_link():
    here = device(make_user())

    assert here.get("/accounts/sessions/end/").status_code == 405
    assert is_signed_in(here)


def test_signing_out_everywhere_needs_a_session(client):
    assert client.post("/accounts/sessions/end/").url.startswith("/accounts/login/")


def test_a_new_password_signs_the_others_out():
    user = make_user()
    here, there = device(user), device(user)
    new = {"password1": "another long phrase", "password2": "another long phrase"}

    here.post("/accounts/password/change/", {"oldpassword": PASSWORD} | new)

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
