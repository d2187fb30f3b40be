"""Every page of allauth that can be reached is ours."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings as django_settings

from tests.factories import make_user

pytestmark = pytest.mark.django_db
OWN = [
    "/my/edit/",
    "/my/identities/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
]
PUBLIC = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/3rdparty/login/cancelled/",
    "/accounts/resend/",
]
UNREACHABLE = (
    "_code", "phone", "passkey", "webauthn", "trust", "account/email.html", "verified_email_required",
    "login_redirect", "snippets/warn_no_email", "snippets/already_logged_in", "snippets/provider_list",
    "login_extra", "/base",
)  # fmt: skip


def theirs():
    """The pages, mails and messages that the installed allauth brings for the apps in use."""
    root = Path(allauth.__file__).parent / "templates"
    folders = ("account", "mfa", "socialaccount", "usersessions")
    names = [path.relative_to(root).as_posix() for folder in folders for path in sorted((root / folder).rglob("*.*"))]
    return [name for name in names if not any(word in name for word in UNREACHABLE)]


def test_every_template_of_theirs_that_can_be_reached_has_one_of_ours():
    ours = django_settings.BASE_DIR / "templates"

    assert [name for name in theirs() if not (ours / name).exists()] == []


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_has_our_frame_and_one_heading(client, address):
    page = client.get(address).content.decode()

    assert page.count("<h1>") == 1
    assert 'class="site-header"' in page


@pytest.mark.parametrize("address", [*OWN, "/accounts/3rdparty/"])
def test_a_page_of_ones_own_marks_its_tab(sign_in, github, address):
    page = sign_in(make_user()).get(address).content.decode()

    assert f'<a href="{address}" aria-current="page">' in page


@pytest.mark.parametrize("address", [*OWN, "/accounts/3rdparty/", "/accounts/2fa/totp/activate/"])
def test_a_page_of_ones_own_asks_strangers_to_sign_in(client, address):
    assert client.get(address).url.startswith("/accounts/login/")


def test_signing_out_asks_and_signs_out(sign_in):
    client = sign_in(make_user())

    asked = client.get("/accounts/logout/")
    response = client.post("/accounts/logout/")

    assert "Sign out?" in asked.content.decode()
    assert response.url == "/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["/accounts/nowhere/", "/my/nowhere/", "/accounts/2fa/webauthn/"])
def test_an_address_that_does_not_exist_is_not_found(sign_in, address):
    assert sign_in(make_user()).get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
@pytest.mark.parametrize("target", ["http://[", "http://[::", "//["])
def test_next_that_is_no_address_is_ignored(client, path, target):
    assert client.get(path, {"next": target}).status_code == 200
