import pytest
from django.core import mail
from django.urls import reverse

from tests.accounts.test_sign_up import errors, link_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
NEW = {"password1": "another long phrase", "password2": "another long phrase"}


def ask(client, email):
    return client.post(RESET, {"email": email})


def test_a_password_is_reset_through_a_mail(client):
    user = make_user("rowan")

    ask(client, "ＲOWAN@example.org")
    form = client.get(link_in(mail.outbox[0].body), follow=True)
    response = client.post(form.context["action_url"], NEW)

    user.refresh_from_db()
    assert response.url == reverse("account_reset_password_from_key_done")
    assert user.check_password(NEW["password1"])
    assert [message.subject for message in mail.outbox] == ["Choose a new password", "Your password was reset"]


def test_the_link_works_once(client):
    make_user("rowan")
    ask(client, "rowan@example.org")
    link = link_in(mail.outbox[0].body)
    client.post(client.get(link, follow=True).context["action_url"], NEW)

    assert "This link does not work" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("email", ["rowan@example.org", "nobody@example.org"])
def test_the_answer_does_not_say_who_has_an_account(client, email):
    make_user("rowan")

    response = ask(client, email)

    assert response.url == reverse("account_reset_password_done")
    assert f"<strong>{email}</strong>" in client.get(response.url).content.decode()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("email", ["", "no address", "<b>"])
def test_what_is_no_address_is_refused(client, email):
    assert list(errors(ask(client, email))) == ["email"]


@pytest.mark.parametrize("key", ["1-abc", "zz-abc-def", "0-set-password"])
def test_a_forged_link_says_what_to_do(client, key):
    response = client.get(f"/accounts/password/reset/key/{key}/")

    assert response.status_code == 200
    assert f'href="{RESET}"' in response.content.decode()


def test_a_new_password_needs_the_old_one(sign_in):
    user = make_user("rowan")

    response = sign_in(user).post("/accounts/password/change/", NEW | {"oldpassword": "not the password"})

    user.refresh_from_db()
    assert list(errors(response)) == ["oldpassword"]
    assert user.check_password(PASSWORD)


def test_an_account_without_a_password_can_set_one(sign_in):
    user = make_user("rowan", password=None)
    client = sign_in(user)

    asked = client.get("/accounts/password/change/")
    client.post("/accounts/password/set/", NEW)

    user.refresh_from_db()
    assert asked.url == reverse("account_set_password")
    assert user.check_password(NEW["password1"])
