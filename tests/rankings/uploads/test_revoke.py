"""Upload tokens that leaked: posted to be revoked, or sent in an address."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from camp.camps.models import Camp
from camp.rankings import services
from camp.rankings.models import Attempt, UploadToken
from camp.rankings.uploads import revocation, tokens
from tests.factories import NOW, make_course, make_running_camp, make_stage, make_token, make_user

URL = "/api/v1/tokens/revoke"
OLDER, SCORES = "/web/api/courseRank/createByThirdToken", "/api/v1/scores"
UPLOAD = {"channel": "github", "courseId": 1699, "ext": "aaa", "name": "octo", "score": 29, "totalScore": 30}
REVOKED = (200, {"message": "If there was such a token, it is revoked."})

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), upload_id=1699)


@pytest.fixture
def token(course):
    return make_token(course, at=timezone.now())


def post(address=URL, body="", *, client=None, content_type="text/plain", **headers):
    client = client or Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type=content_type, headers=headers)


def told(response):
    return response.status_code, response.json()


def whole(response):
    """Everything that is sent, but the second at which it was (two requests may see two)."""
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, response.content, headers


def revoked():
    return list(UploadToken.objects.exclude(revoked_at=None))


def unknown():
    return tokens.generate()[2]


WAYS = [
    lambda text: post(token=text),
    lambda text: post(Authorization=f"Bearer {text}"),
    lambda text: post(Authorization=text),
    lambda text: post(body=f" {text}\n"),
    lambda text: post(body=json.dumps({"token": text}), content_type="application/json"),
    lambda text: post(body=json.dumps(text), content_type="application/json"),
    lambda text: post(f"{URL}?token={text}"),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_token_posted_in_any_way_is_revoked(way, token):
    response = way(token)

    row = UploadToken.objects.get()
    assert told(response) == REVOKED
    assert (row.revoked_at is not None, row.revoked_by) == (True, None)


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_is_the_same_for_a_token_that_there_is_not(way, token):
    known, other = way(token), way(unknown())

    assert whole(other) == whole(known)


def test_the_public_id_alone_revokes_nothing(token):
    body = token[: -(tokens.SECRET_LENGTH + tokens.CHECKSUM_LENGTH)] + "x" * tokens.SECRET_LENGTH

    response = post(token=body + tokens.checksum(body))

    assert told(response) == REVOKED
    assert revoked() == []


def test_only_the_posted_token_is_revoked(token, course):
    make_token(course, at=timezone.now())

    post(token=token)

    assert [row.public_id for row in revoked()] == [tokens.parse(token)[0]]


def test_two_different_tokens_at_once_are_both_revoked(token, course):
    other = make_token(course, at=timezone.now())

    post(body=other, token=token)

    assert len(revoked()) == 2


def test_a_revoked_token_stays_as_it_was_revoked(token):
    staff = make_user()
    before = services.revoke_token(UploadToken.objects.get(), by=staff, at=NOW)

    response = post(token=token)

    row = UploadToken.objects.get()
    assert told(response) == REVOKED
    assert (row.revoked_at, row.revoked_by) == (before.revoked_at, staff)


def test_an_expired_token_is_revoked_too(token):
    Camp.objects.update(ends_at=timezone.now() - timedelta(days=1))

    post(token=token)

    assert len(revoked()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"camp_",
        b"{}",
        b"[]",
        b"null",
        b'{"token": 1}',
        b'{"token": null}',
        b"[" * 3000,
        b"\xff\xfe",
        b"\x00",
        b"1" * 4000,
        b"x" * 100_000,
        b'{"token": "camp_"}',
    ],
)
def test_anything_else_is_a_400_that_says_what_to_send(body, token):
    response = post(body=body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["error"] == {
        "code": "malformed",
        "message": "Send the whole token: as the body, as `token` in a JSON object, or in the header `token`.",
    }
    assert revoked() == []


def test_it_is_posted_only_and_kept_by_no_cache(token):
    assert Client().get(URL, headers={"token": token}).status_code == 405
    assert "no-store" in post(token=token)["Cache-Control"]


def test_a_flood_of_nonsense_is_told_to_wait(settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = 2

    statuses = [post(body="nonsense").status_code for _each in range(3)]

    assert statuses == [400, 400, 429]


def test_a_revoked_token_uploads_nothing_any_more(token):
    post(token=token)

    response = post(OLDER, json.dumps(UPLOAD), content_type="application/json", token=token)

    assert response.status_code == 401


# In an address.


@pytest.mark.parametrize("query", ["token={}", "{}", "a=1&b=x{}y", "token={}&token=again"])
def test_an_upload_with_a_token_in_its_address_is_refused_and_the_token_revoked(query, token):
    response = post(f"{OLDER}?{query.format(token)}", json.dumps(UPLOAD), content_type="application/json", token=token)

    attempt = Attempt.objects.get()
    assert told(response) == (401, {"result": 401, "msg": str(revocation.TokenInAddressError())})
    assert (attempt.outcome, attempt.reason, attempt.login) == ("refused", "token_expired", "octo")
    assert len(revoked()) == 1


def test_another_token_in_the_header_does_not_help(token, course):
    other = make_token(course, at=timezone.now())

    response = post(f"{OLDER}?t={token}", json.dumps(UPLOAD), content_type="application/json", token=other)

    assert response.status_code == 401
    assert [row.public_id for row in revoked()] == [tokens.parse(token)[0]]


def test_a_token_written_with_escapes_is_seen(token):
    post(f"{OLDER}?token={token.replace('_', '%5F')}", json.dumps(UPLOAD), content_type="application/json")

    assert len(revoked()) == 1


def test_a_token_in_an_address_is_revoked_whatever_else_is_wrong(token, course):
    others = [make_token(make_course(course.stage), at=timezone.now()) for _each in range(2)]

    statuses = [
        post(f"{OLDER}?t={token}", "nonsense", content_type="application/json").status_code,
        Client().get(f"{OLDER}?t={others[0]}").status_code,
        Client().get(f"{SCORES}?t={others[1]}").status_code,
    ]

    assert statuses == [400, 405, 405]
    assert len(revoked()) == 3


def test_the_newer_address_refuses_it_too(token):
    response = post(f"{SCORES}?access_token={token}", "{}", content_type="application/json")

    assert (response.status_code, response.json()["error"]["code"]) == (401, "token_in_address")
    assert len(revoked()) == 1


def test_the_answer_to_a_token_that_there_is_not_is_the_same(token):
    known, other = (
        post(f"{OLDER}?t={text}", json.dumps(UPLOAD), content_type="application/json", token=unknown())
        for text in (token, unknown())
    )

    assert (known.status_code, known.content) == (other.status_code, other.content)


@pytest.mark.parametrize("query", ["t=camp_", "t=camp_abc_def", "page=1"])
def test_an_address_with_anything_else_in_it_is_no_reason_to_refuse(query, token):
    response = post(f"{OLDER}?{query}", json.dumps(UPLOAD), content_type="application/json", token=token)

    assert response.status_code == 200
    assert revoked() == []


def test_found_in_finds_every_whole_token():
    first, second = unknown(), unknown()
    spoilt = first[:-1] + ("a" if first[-1] != "a" else "b")

    assert tokens.found_in(f"x{first}y {second} {spoilt}") == {first, second}


def test_a_refusal_while_waiting_still_revokes(token, settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = 1
    cache.set("refused:127.0.0.1", 1)

    response = post(f"{OLDER}?t={token}", json.dumps(UPLOAD), content_type="application/json")

    assert response.status_code == 429
    assert len(revoked()) == 1
