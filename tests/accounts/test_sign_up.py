import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from camp.accounts.adapter import AccountAdapter
from camp.accounts.forms import SignupForm
from camp.accounts.models import User
from camp.notices.models import Mail
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"
TAKEN = "This handle, or one that looks like it, is taken. Choose another."


def sign_up(client, **fields):
    data = {"email": "rowan@example.org", "username": "rowan", "password1": PASSWORD}
    return client.post(SIGN_UP, data | fields)


def errors(response):
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def link_in(body):
    return re.search(r"https?://[^/\s]+(/\S+)", body)[1]


def test_sign_up_makes_an_account_and_sends_a_link(client):
    response = sign_up(client)

    user = User.objects.get()
    assert response.url == reverse("account_email_verification_sent")
    assert (user.handle, user.email, user.language, user.check_password(PASSWORD)) == (
        "rowan", "rowan@example.org", "en", True,
    )  # fmt: skip
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(user.email, False, True)]
    assert [message.to for message in mail.outbox] == [["rowan@example.org"]]


def test_the_page_after_names_the_address_and_offers_to_send_again(client):
    response = client.get(sign_up(client).url)

    assert "<strong>rowan@example.org</strong>" in response.content.decode()
    assert f'action="{reverse("accounts:resend")}"' in response.content.decode()


def test_the_link_verifies_and_signs_in_in_the_browser_of_the_sign_up(client):
    sign_up(client)
    link = link_in(mail.outbox[0].body)

    asked = client.get(link)
    response = client.post(link)

    assert "rowan@example.org" in asked.content.decode()
    assert response.url == reverse("my")
    assert EmailAddress.objects.get().verified
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_the_link_works_in_another_browser_without_signing_in(client, django_user_model):
    sign_up(client)
    link = link_in(mail.outbox[0].body)
    client.cookies.clear()

    response = client.post(link, follow=True)

    assert EmailAddress.objects.get().verified
    assert "_auth_user_id" not in client.session
    assert response.redirect_chain == [(reverse("account_login"), 302)]
    assert "rowan@example.org is verified. Sign in to go on." in response.content.decode()


def test_the_link_asks_before_it_verifies(client):
    """Mail programs open links to look at them."""
    sign_up(client)

    client.get(link_in(mail.outbox[0].body))

    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("key", ["nonsense", "MQ:1abc:wrong"])
def test_a_link_that_is_cut_off_says_what_to_do(client, key):
    response = client.get(reverse("account_confirm_email", args=[key]))

    assert response.status_code == 200
    assert f'href="{reverse("accounts:resend")}"' in response.content.decode()


def test_a_used_link_says_to_sign_in(client):
    sign_up(client)
    link = link_in(mail.outbox[0].body)
    client.post(link)

    assert "If you used it, just sign in." in client.get(link).content.decode()
    assert client.post(link).status_code == 404


@pytest.mark.parametrize("handle", ["rowan", "ROWAN", "Ｒｏｗａｎ", "rówàn", "ro\u200bwan", "ro\u3164wan", " rowan "])
def test_a_handle_that_looks_like_another_is_refused(client, handle):
    make_user("rowan")

    response = sign_up(client, username=handle, email="new@example.org")

    assert errors(response) == {"username": [TAKEN]}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "email", ["rowan@example.org", "ROWAN@Example.ORG", "ｒｏｗａｎ@ｅｘａｍｐｌｅ.org", "ro\u200bwan@example.org"]
)
def test_an_address_that_has_an_account_is_told_there_and_not_here(client, email):
    make_user("rowan", email="rowan@example.org")

    response = sign_up(client, username="other", email=email)

    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert [message.subject for message in mail.outbox] == ["You already have an account"]
    assert "<strong>rowan@example.org</strong>" in client.get(response.url).content.decode()


@pytest.mark.parametrize("email", ["rówan@example.org", "rowan@exämple.org", "rowan@例え.jp"])
def test_an_address_with_accents_is_refused(client, email):
    response = sign_up(client, email=email)

    assert list(errors(response)) == ["email"]
    assert User.objects.count() == 0


def test_a_full_width_address_and_handle_are_stored_plain(client):
    sign_up(client, username="Ｒｏｗａｎ", email="Ｒｏｗａｎ@Example.org")

    assert list(User.objects.values_list("handle", "email")) == [("Rowan", "rowan@example.org")]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"email": "", "username": "", "password1": ""}, ["email", "username", "password1"]),
        ({"email": "no address"}, ["email"]),
        ({"email": "a" * 300 + "@example.org"}, ["email"]),
        ({"email": "rowan@example.org\r\nBcc: all@example.org"}, ["email"]),
        ({"username": "r"}, ["username"]),
        ({"username": "r" * 31}, ["username"]),
        ({"username": "<script>"}, ["username"]),
        ({"username": "=1+1"}, ["username"]),
        ({"username": "\u202e\u200b\x07"}, ["username"]),
        ({"username": "ro wan"}, ["username"]),
        ({"password1": "1234567890"}, ["password1"]),
        ({"password1": "rowan@example.org"}, ["password1"]),
        ({"password1": "short"}, ["password1"]),
    ],
)
def test_a_form_that_cannot_be_is_refused_and_keeps_what_was_typed(client, fields, named):
    response = sign_up(client, **fields)

    assert response.status_code == 200
    assert sorted(errors(response)) == sorted(named)
    assert User.objects.count() == 0
    assert mail.outbox == []


class HastyAdapter(AccountAdapter):
    """Lets through what the database refuses: as if the other sign-up came between the question and the answer."""

    asked = 0

    def clean_username(self, username, shallow=False):
        type(self).asked += 1
        return super().clean_username(username, shallow=self.asked == 1)


class HastyForm(SignupForm):
    asked = 0

    def validate_unique_email(self, value):
        type(self).asked += 1
        return value if self.asked == 1 else super().validate_unique_email(value)


def test_a_handle_taken_a_moment_ago_is_an_error_of_the_form(client, settings):
    settings.ACCOUNT_ADAPTER = f"{__name__}.HastyAdapter"
    HastyAdapter.asked = 0
    make_user("rowan")

    response = sign_up(client, email="new@example.org")

    assert (response.status_code, errors(response)) == (200, {"username": [TAKEN]})
    assert HastyAdapter.asked == 2
    assert mail.outbox == []


def test_an_address_taken_a_moment_ago_is_told_there_and_not_here(client, settings):
    settings.ACCOUNT_FORMS = {"signup": f"{__name__}.HastyForm"}
    HastyForm.asked = 0
    make_user("ash", email="rowan@example.org")

    response = sign_up(client)

    assert response.url == reverse("account_email_verification_sent")
    assert HastyForm.asked == 2
    assert [message.subject for message in mail.outbox] == ["You already have an account"]


def test_the_mail_of_a_sign_up_is_a_private_row_of_the_outbox(client, settings):
    settings.EMAIL_BACKEND = "camp.notices.mail.OutboxBackend"

    sign_up(client)

    row = Mail.objects.get()
    assert (row.to, row.is_private, row.subject) == (
        "rowan@example.org", True, "Verify your address to finish signing up",
    )  # fmt: skip


def test_somebody_signed_in_is_sent_to_their_page(client):
    client.force_login(make_user())

    assert client.get(SIGN_UP).url == reverse("my")
