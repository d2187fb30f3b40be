"""Sessions and whose they are: read by statements of our own, and still as Django does it, at once and in full."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def status(client):
    return client.get("/my/").status_code


def test_session_is_read_anew_at_every_request(signed_in):
    assert status(signed_in) == 200

    Session.objects.all().delete()

    assert status(signed_in) == 302


def test_expired_session_is_none(signed_in):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert status(signed_in) == 302


def test_who_may_not_sign_in_any_more_is_out_at_once(signed_in, user):
    user.is_active = False
    user.save()

    assert status(signed_in) == 302


def test_new_password_ends_the_sessions_before_it(signed_in, user):
    user.set_password("another one of these")
    user.save()

    assert status(signed_in) == 302


def test_session_of_nobody_is_none(signed_in, user):
    user.delete()

    assert status(signed_in) == 302


def test_unknown_session_is_none(client):
    client.cookies["sessionid"] = "a" * 32

    assert status(client) == 302


def test_sessions_are_those_of_django(signed_in, user):
    stored = Session.objects.get(session_key=signed_in.cookies["sessionid"].value)

    assert stored.get_decoded()["_auth_user_id"] == str(user.pk)
