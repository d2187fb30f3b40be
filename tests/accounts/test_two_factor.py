import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse

from tests.accounts.test_sign_up import errors
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_IN = {"login": "rowan", "password": PASSWORD}


def code_for(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def rowan(client):
    """Somebody who switched it on, signed in and recently asked for the password again."""
    make_user("rowan")
    client.post("/accounts/login/", SIGN_IN)
    client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    form = client.get("/accounts/2fa/totp/activate/").context["form"]
    return client.post("/accounts/2fa/totp/activate/", {"code": code_for(form.secret)})


def recovery_codes(client):
    return client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]


def test_switching_it_on_asks_for_the_password_first(sign_in):
    response = sign_in(make_user()).get("/accounts/2fa/totp/activate/", follow=True)

    assert response.redirect_chain[0][0].startswith("/accounts/reauthenticate/")
    assert "Is it you?" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_switching_it_on_shows_recovery_codes_and_tells_the_owner(client, rowan):
    """The mail goes out after the commit."""
    assert rowan.url == reverse("mfa_view_recovery_codes")
    assert len(recovery_codes(client)) == 10
    assert [message.subject for message in mail.outbox] == ["Two-factor sign-in is on"]


def test_signing_in_asks_for_a_code(client, rowan):
    code = recovery_codes(client)[0]
    client.post("/accounts/logout/")

    asked = client.post("/accounts/login/", SIGN_IN, follow=True)
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    right = client.post("/accounts/2fa/authenticate/", {"code": code})

    assert asked.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    assert list(errors(wrong)) == ["code"]
    assert right.url == reverse("my")


@pytest.mark.parametrize("data", [{}, {"code": ""}, {"code": "١٢٣٤٥٦"}, {"code": "x" * 5000}, {"code": "\x00"}])
def test_a_code_that_cannot_be_is_no_error_of_ours(client, rowan, data):
    client.post("/accounts/logout/")
    client.post("/accounts/login/", SIGN_IN)

    assert client.post("/accounts/2fa/authenticate/", data).status_code == 200


def test_a_recovery_code_works_once(client, rowan):
    code = recovery_codes(client)[0]
    client.post("/accounts/logout/")
    client.post("/accounts/login/", SIGN_IN)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    client.post("/accounts/logout/")
    client.post("/accounts/login/", SIGN_IN)

    assert list(errors(client.post("/accounts/2fa/authenticate/", {"code": code}))) == ["code"]


def test_new_recovery_codes_replace_the_old_ones(client, rowan):
    before = recovery_codes(client)

    asked = client.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    client.post("/accounts/2fa/recovery-codes/generate/")

    assert "The codes you have now stop working." in asked
    assert set(recovery_codes(client)).isdisjoint(before)


def test_the_codes_can_be_downloaded(client, rowan):
    response = client.get("/accounts/2fa/recovery-codes/download/")

    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.content.decode().split() == recovery_codes(client)


def test_switching_it_off_asks_first(client, rowan):
    page = client.get("/accounts/2fa/totp/deactivate/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")

    assert "Switch off two-factor sign-in?" in page
    assert Authenticator.objects.count() == 0


def test_the_overview_says_what_is_on(client, rowan):
    page = client.get("/accounts/2fa/").content.decode()

    assert "10 codes are left." in page
    assert "Switch it off" in page
