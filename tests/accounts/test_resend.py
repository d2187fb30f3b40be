import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from camp.accounts.models import User
from tests.accounts.test_sign_up import errors, link_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
RESEND = "/accounts/resend/"


def resend(client, email):
    return client.post(RESEND, {"email": email}, follow=True)


def sent():
    return [(message.to[0], message.subject) for message in mail.outbox]


def page(response):
    """The page without what differs by chance: the token of its forms."""
    text = response.content.decode()
    token = response.context["csrf_token"]
    return text.replace(str(token), "")


def test_the_link_is_sent_again_and_works(client):
    make_user("rowan", verified=False)

    response = resend(client, " Rowan@Example.org ")
    client.post(link_in(mail.outbox[0].body))

    assert response.redirect_chain == [(reverse("account_email_verification_sent"), 302)]
    assert sent() == [("rowan@example.org", "Verify your address")]
    assert EmailAddress.objects.get().verified


def test_somebody_entered_by_staff_gets_the_link(client):
    User.objects.create_user("rowan", "rowan@example.org", PASSWORD)

    resend(client, "rowan@example.org")

    assert sent() == [("rowan@example.org", "Verify your address")]


def test_a_verified_address_is_told_that_it_has_an_account(client):
    make_user("rowan")

    resend(client, "rowan@example.org")

    assert sent() == [("rowan@example.org", "You already have an account")]


def test_an_unknown_address_is_told_that_it_has_none(client):
    resend(client, "rowan@example.org")

    assert sent() == [("rowan@example.org", "There is no account with this address")]


def test_the_answer_is_the_same_for_every_address(client, django_assert_max_num_queries):
    make_user("verified", email="a@example.org")
    make_user("waiting", email="b@example.org", verified=False)

    answers = {page(resend(client, f"{name}@example.org")).replace(f"{name}@", "x@") for name in "abc"}

    assert len(answers) == 1


def test_one_mail_goes_out_in_three_minutes(client):
    make_user("rowan", verified=False)

    first, second = resend(client, "rowan@example.org"), resend(client, "ROWAN@example.org")

    assert len(mail.outbox) == 1
    assert page(first) == page(second)


def test_one_network_address_has_twenty_tries_a_minute(client):
    answers = [client.post(RESEND, {"email": f"user{number}@example.org"}).status_code for number in range(21)]

    assert answers == [302] * 20 + [429]


@pytest.mark.parametrize(
    "email", ["", "no address", "a" * 400 + "@example.org", "<script>", "a@example.org\nBcc: b@c.org"]
)
def test_what_is_no_address_is_refused(client, email):
    response = client.post(RESEND, {"email": email})

    assert list(errors(response)) == ["email"]
    assert mail.outbox == []


def test_the_form_knows_the_address_of_this_browser(client):
    resend(client, "rowan@example.org")

    assert client.get(RESEND).context["form"]["email"].value() == "rowan@example.org"


@pytest.mark.parametrize("name", ["account_login", "account_email_verification_sent"])
def test_pages_link_to_it(client, name):
    assert f'href="{RESEND}"' in client.get(reverse(name)).content.decode()
