"""The part of `/my/identities/` that gives a code to link a login by a CI run."""

import re

import pytest
from django.utils import timezone

from camp.accounts import link_codes
from camp.accounts.models import LinkCode
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
PAGE, NEW = "/my/identities/", "/my/identities/code/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def test_the_page_offers_a_code_and_says_how_it_is_used(sign_in):
    page = sign_in(make_user()).get(PAGE)

    assert page.context["link_code"] is None
    assert "Get a code" in page.text
    assert "press “Run workflow”" in page.text
    assert "it is verified at once" in page.text


def test_with_githubs_sign_in_the_page_says_when_a_run_is_needed(sign_in, github):
    page = sign_in(make_user()).get(PAGE).text

    assert "sign-in page does not open where you are" in page
    assert "Get a code" in page


def test_asking_for_a_code_shows_it(sign_in):
    user = make_user()
    client = sign_in(user)

    response = client.post(NEW)

    assert response.url == f"{PAGE}#run"
    page = client.get(PAGE)
    assert page.context["link_code"] == LinkCode.objects.get(user=user)
    assert f'value="{page.context["link_code"]}"' in page.text
    assert "no-store" in page["Cache-Control"]


def test_the_code_stays_on_the_page_until_it_is_used_or_expires(sign_in):
    user = make_user()
    client = sign_in(user)
    code = link_codes.issue(user)
    assert client.get(PAGE).context["link_code"] == code

    link_codes.use(str(code), channel="github", login="rowan", uid="1")

    page = client.get(PAGE)
    assert page.context["link_code"] is None
    assert "proven by a CI run" in page.text


def test_an_expired_code_is_not_shown(sign_in):
    user = make_user()
    link_codes.issue(user, at=NOW)

    assert sign_in(user).get(PAGE).context["link_code"] is None


def test_somebody_elses_code_is_not_shown(sign_in):
    code = link_codes.issue(make_user())

    assert str(code) not in sign_in(make_user()).get(PAGE).text


def test_too_many_codes_are_refused_with_a_sentence(sign_in):
    user = make_user()
    for _each in range(link_codes.MOST_ISSUED):
        link_codes.issue(user, at=timezone.now())

    page = sign_in(user).post(NEW, follow=True)

    assert [str(message) for message in page.context["messages"]] == [str(link_codes.TOO_MANY_ISSUED)]
    assert user.link_codes.count() == link_codes.MOST_ISSUED


def test_a_code_is_made_by_post_only(sign_in):
    assert sign_in(make_user()).get(NEW).status_code == 405
    assert LinkCode.objects.count() == 0


def test_somebody_not_signed_in_gets_no_code(client):
    assert client.post(NEW).url == f"/accounts/login/?next={NEW}"


def test_a_code_needs_the_token_that_its_form_carries(sign_in):
    client = sign_in(make_user())
    client.handler.enforce_csrf_checks = True
    form = client.get(PAGE).text.partition(f'action="{NEW}"')[2].partition("</form>")[0]

    assert client.post(NEW).status_code == 403
    assert client.post(NEW, {"csrfmiddlewaretoken": TOKEN.search(form)[1]}).status_code == 302
