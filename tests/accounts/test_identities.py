import pytest
from django.urls import reverse

from camp.accounts.models import Identity
from tests.accounts.test_sign_up import errors
from tests.factories import NOW, make_identity, make_user

pytestmark = pytest.mark.django_db
PAGE = "/my/identities/"


def link(client, login, channel="github"):
    return client.post(PAGE, {"channel": channel, "login": login})


def unlink_address(identity):
    return reverse("accounts:unlink", args=[identity.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_without_a_login_says_what_to_do(sign_in):
    page = sign_in(make_user()).get(PAGE).content.decode()

    assert "No login is linked yet" in page
    assert 'name="login"' in page


def test_the_page_shows_ones_own_logins_with_their_state(sign_in):
    user = make_user()
    make_identity(user, login="typed-login")
    make_identity(user, login="proven-login", uid="7", proof="oauth", verified_at=NOW)
    make_identity(user, login="former-login", unlinked_at=NOW)
    make_identity(login="of-somebody-else")

    response = sign_in(user).get(PAGE)

    page = response.content.decode()
    assert [identity.login for identity in response.context["identities"]] == ["proven-login", "typed-login"]
    assert [identity.login for identity in response.context["former"]] == ["former-login"]
    assert "unverified" in page
    assert "signed in there" in page
    assert "of-somebody-else" not in page


def test_the_page_asks_as_much_for_three_logins_as_for_one(sign_in, django_assert_num_queries):
    user = make_user()
    client = sign_in(user)
    make_identity(user)
    client.get(PAGE)  # The session is noted as seen once.

    with django_assert_num_queries(8):
        client.get(PAGE)
    make_identity(user)
    make_identity(user, unlinked_at=NOW)
    with django_assert_num_queries(8):
        client.get(PAGE)


@pytest.mark.parametrize(
    ("channel", "text"),
    [("github", "rowan"), ("github", "https://github.com/rowan"), ("gitee", "@rowan"), ("cnb", "cnb.cool/u/rowan")],
)
def test_a_login_or_its_address_is_linked(sign_in, channel, text):
    user = make_user()

    response = link(sign_in(user), text, channel)

    assert response.url == PAGE
    assert list(user.identities.values_list("channel", "login", "proof")) == [(channel, "rowan", "")]


@pytest.mark.parametrize(
    ("channel", "text", "example"),
    [
        ("github", "https://gitee.com/rowan", "https://github.com/rowan"),
        ("gitee", "https://gitee.com/rowan/repository", "https://gitee.com/rowan"),
        ("cnb", "<script>alert(1)</script>", "https://cnb.cool/u/rowan"),
        ("github", "=1+1", "https://github.com/rowan"),
        ("github", "rowan ash", "https://github.com/rowan"),
    ],
)
def test_what_is_no_login_is_refused_with_an_example_and_kept(sign_in, channel, text, example):
    response = link(sign_in(make_user()), text, channel)

    assert example in errors(response)["login"][0]
    assert response.context["form"]["login"].value() == text
    assert "<script>alert" not in response.content.decode()
    assert Identity.objects.count() == 0


@pytest.mark.parametrize(
    ("channel", "text", "named"),
    [
        ("", "", ["channel", "login"]),
        ("sourceforge", "rowan", ["channel"]),
        ("github", "\u200b\u202e\x00", ["login"]),
        ("github", "a" * 301, ["login"]),
        ("github", "a" * 101, ["login"]),
    ],
)
def test_a_form_that_cannot_be_is_refused(sign_in, channel, text, named):
    assert sorted(errors(link(sign_in(make_user()), text, channel))) == named


def test_a_login_of_somebody_else_is_refused_on_the_form(sign_in):
    make_identity(make_user("holder"), login="rowan")

    response = link(sign_in(make_user()), "Rowan")

    assert errors(response)["login"][0].startswith("This login is already linked to an account, or was.")
    assert "holder" not in response.content.decode().lower()


def test_unlinking_asks_first_and_names_the_login(sign_in):
    identity = make_identity(login="rowan", first_scored_at=NOW)
    client = sign_in(identity.user)

    page = client.get(unlink_address(identity)).content.decode()

    assert "Unlink rowan (GitHub)?" in page
    assert "What it has scored until now stays with you and on the boards." in page
    assert Identity.objects.linked().count() == 1


def test_unlinking_one_without_scores_says_that_it_becomes_free(sign_in):
    identity = make_identity(login="rowan")

    assert "It becomes free" in sign_in(identity.user).get(unlink_address(identity)).content.decode()


def test_unlinking_says_so_and_leads_back(sign_in):
    identity = make_identity(login="rowan", first_scored_at=NOW)

    response = sign_in(identity.user).post(unlink_address(identity), follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert said(response) == ["rowan (GitHub) is no longer linked."]
    assert Identity.objects.linked().count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_login_is_not_found(sign_in, method):
    identity = make_identity()

    response = getattr(sign_in(make_user()), method)(unlink_address(identity))

    assert response.status_code == 404
    assert Identity.objects.linked().count() == 1


def test_a_login_that_is_no_longer_linked_is_not_found(sign_in):
    identity = make_identity(unlinked_at=NOW)

    assert sign_in(identity.user).post(unlink_address(identity)).status_code == 404


@pytest.mark.parametrize("address", [PAGE, "/my/identities/1/unlink/", "/my/edit/"])
def test_somebody_not_signed_in_is_asked_to(client, address):
    assert client.get(address).url == f"/accounts/login/?next={address}"


def test_forms_need_their_token(sign_in):
    client = sign_in(make_user())
    client.handler.enforce_csrf_checks = True

    assert link(client, "rowan").status_code == 403


def test_github_is_offered_only_where_it_is_configured(sign_in, github):
    assert "/accounts/github/login/?process=connect" in sign_in(make_user()).get(PAGE).content.decode()


def test_github_is_not_offered_where_it_is_not_configured(sign_in):
    assert "/accounts/github/" not in sign_in(make_user()).get(PAGE).content.decode()
