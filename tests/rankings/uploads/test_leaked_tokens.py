"""An upload token in an address has leaked: it is revoked wherever it stands, and no API takes the request."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camp.rankings.models import UploadToken
from camp.rankings.uploads import tokens
from tests.factories import make_course, make_running_camp, make_stage, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1)


@pytest.fixture
def token(course):
    return make_token(course, at=timezone.now())


def usable():
    return UploadToken.objects.usable_at(timezone.now()).exists()


def board(course):
    return "/api/v1/camps/{}/{}/courses/1/board".format(*course.camp.address)


@pytest.mark.parametrize("method", ["get", "post", "head", "options"])
@pytest.mark.parametrize(
    "address", ["/api/v1/uploads/check/{}", "/api/v1/nothing?x={}", "/api/{}/", "/api/v1/openapi.json?a=1&{}=2"]
)
def test_api_refuses_and_revokes(token, address, method):
    response = getattr(Client(), method)(address.format(token))

    assert response.status_code == 401
    if method != "head":
        assert response.json()["error"]["code"] == "token_in_address"
    assert not usable()


def test_read_api_refuses_and_revokes(course, token):
    response = Client().get(board(course), {"token": token})

    assert (response.status_code, response.json()["error"]["code"]) == (401, "token_in_address")
    assert not usable()


@pytest.mark.parametrize("address", ["/web/api/{}", "/web/api/courseRank?token={}", "/web/api/courseRank/other/{}"])
def test_older_api_refuses_in_its_own_way(token, address):
    response = Client().post(address.format(token))

    assert (response.status_code, response.json()["result"]) == (401, 401)
    assert not usable()


@pytest.mark.parametrize("address", ["/?token={}", "/no/such/page/{}", "/my/?next=/x%3Ftoken%3D{}", "/healthz?{}"])
def test_page_is_answered_as_ever_and_the_token_revoked(token, address):
    response = Client().get(address.format(token))

    assert response.status_code == Client().get(address.format("nothing")).status_code
    assert not usable()


def test_token_is_found_however_it_is_written(course, token):
    written = "".join(f"%{ord(letter):02X}" for letter in token)

    assert Client().get(f"{board(course)}?token={written}").status_code == 401
    assert not usable()


def test_nothing_is_asked_of_the_database_without_a_token(course):
    other = tokens.generate()[2]
    for address in ("/api/v1/uploads/check/camp_x", f"/api/v1/nothing?token={other[:-1]}"):
        with CaptureQueriesContext(connection) as queries:
            response = Client().get(address)

        assert response.status_code in (404, 405)
        assert "rankings_uploadtoken" not in "".join(query["sql"] for query in queries)
