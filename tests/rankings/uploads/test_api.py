"""The upload API as CI sees it: status, bytes, and what is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from camp.accounts import services as accounts
from camp.camps.models import Camp
from camp.rankings import services
from camp.rankings.models import Attempt, Standing, UploadToken
from camp.rankings.uploads import tokens
from camp.stages.models import Course
from tests.factories import (
    make_course,
    make_enrollment,
    make_identity,
    make_running_camp,
    make_stage,
    make_student,
    make_token,
)

URL = "/web/api/courseRank/createByThirdToken"
ACCEPTED = b'{"result":1,"msg":""}'

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), max_points=30, upload_id=1699)


@pytest.fixture
def token(course):
    return make_token(course, at=timezone.now())


def post(token, *, client=None, raw=None, **changes):
    document = {"channel": "github", "courseId": 1699, "ext": "aaa", "name": "octo", "score": 29, "totalScore": 30}
    headers = {"accept": "application/json;charset=utf-8"} | ({"token": token} if token is not None else {})
    data = document | changes if raw is None else raw
    return (client or Client(enforce_csrf_checks=True)).post(
        URL, data, content_type="application/json", headers=headers
    )


def test_accepted_upload_answers_the_exact_bytes(token):
    response = post(token)

    assert (response.status_code, response["Content-Type"], response.content) == (200, "application/json", ACCEPTED)
    assert Attempt.objects.accepted().count() == 1


def test_accepted_upload_keeps_the_evidence(token, course):
    post(token, name="Octo", ext="evidence", totalScore=34)

    attempt = Attempt.objects.get()
    assert (attempt.login, attempt.login_key, attempt.ext, attempt.stated_total) == ("Octo", "octo", "evidence", "34")
    assert (attempt.course, attempt.points, attempt.source, attempt.token) == (
        course,
        29,
        "claimed",
        UploadToken.objects.get(),
    )


def test_zero_is_a_score_and_stands_on_the_board(token, course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="octo")

    response = post(token, score=0)

    assert response.content == ACCEPTED
    assert Standing.objects.get().points == 0


def test_score_above_the_servers_maximum_is_refused_whatever_the_client_states(token):
    response = post(token, score=31, totalScore=1000)

    assert (response.status_code, response.content) == (400, b'{"result":400,"msg":"score is error"}')


def test_stated_total_is_no_rule(token):
    assert post(token, score=30, totalScore=1).content == ACCEPTED


def other_course_token():
    return make_token(make_course(make_stage(make_running_camp())), at=timezone.now())


@pytest.mark.parametrize(("given", "reason"), [
    (lambda token: None, "token_missing"),
    (lambda token: "", "token_missing"),
    (lambda token: "camp_wrong", "token_wrong"),
    (lambda token: token[:-1] + "x", "token_wrong"),
    (lambda token: token.replace("camp_", "camp_x", 1), "token_wrong"),
])  # fmt: skip
def test_wrong_token_is_401_and_kept(token, given, reason):
    response = post(given(token))

    assert (response.status_code, response.json()["result"]) == (401, 401)
    assert (Attempt.objects.get().reason, Attempt.objects.get().login) == (reason, "octo")


def test_token_in_authorization_header_or_query_is_no_token(token):
    response = Client().post(
        f"{URL}?token={token}", {"channel": "github"}, content_type="application/json", headers={"Authorization": token}
    )

    assert response.status_code == 400


def test_token_of_another_course_is_403(course, token):
    response = post(other_course_token())

    assert (response.status_code, Attempt.objects.get().reason) == (403, "token_other")


def test_revoked_token_is_401(token):
    services.revoke_token(UploadToken.objects.get(), by=make_student())

    response = post(token)

    assert (response.status_code, Attempt.objects.get().reason) == (401, "token_expired")


def test_token_expires_when_the_camp_is_shortened(token):
    Camp.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    response = post(token)

    assert (response.status_code, Attempt.objects.get().reason) == (401, "token_expired")


def test_token_lasts_when_the_camp_is_prolonged(course, token, monkeypatch):
    later = course.camp.ends_at + timedelta(days=1)
    Camp.objects.update(ends_at=later + timedelta(days=1))
    Course.objects.update(upload_closes_at=later + timedelta(days=1))
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert post(token).status_code == 200


@pytest.mark.parametrize("course_id", [404404, "404404", 2**31, 2**63, "9" * 30])
def test_unknown_course_is_404_and_kept(token, course_id):
    response = post(token, courseId=course_id)

    assert (response.status_code, response.json()["result"]) == (404, 404)
    assert (Attempt.objects.get().reason, Attempt.objects.get().course) == ("unknown_course", None)


@pytest.mark.parametrize("score", ["NaN", "Infinity", "1e999", "-1", '"12"', "true", "null", str(2**63), "[1]"])
def test_hostile_score_is_400_and_kept_for_its_login(token, score):
    raw = f'{{"channel":"github","courseId":1699,"ext":"aaa","name":"octo","score":{score},"totalScore":30}}'

    response = post(token, raw=raw)

    assert (response.status_code, response.json()["result"]) == (400, 400)
    assert Attempt.objects.refused().count() == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xff", '{"name":"ö"}'.encode("latin-1"), b'{"a":1,"a":2}'])
def test_malformed_body_is_400(token, raw):
    response = post(token, raw=raw)

    assert (response.status_code, response.json()["result"]) == (400, 400)
    assert Attempt.objects.get().reason == "malformed"


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1_000_000, 3_000_000])
def test_large_body_is_413(token, size):
    response = post(token, raw=b" " * size)

    assert (response.status_code, response.json()["result"]) == (413, 413)
    assert Attempt.objects.get().reason == "too_large"


def test_other_methods_are_405_and_not_kept():
    response = Client().get(URL)

    assert (response.status_code, response.json()["result"]) == (405, 405)
    assert Attempt.objects.count() == 0


def test_answer_is_never_a_redirect_and_the_address_has_no_slash(token):
    assert Client().post(URL + "/").status_code == 404


def test_flood_of_one_login_is_429(token, settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 3
    statuses = [post(token, name="Flood").status_code for _upload in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert post(token, name="other").status_code == 200


def test_flood_of_one_token_is_429_whatever_the_logins(course, token, settings):
    settings.UPLOADS_PER_TOKEN_A_MINUTE = 3
    second = make_token(course, at=timezone.now())
    statuses = [post(token, name=f"invented{n}").status_code for n in range(6)]

    assert statuses == [200, 200, 200, 429, 429, 429]
    assert Attempt.objects.refused().count() == 1
    assert post(second, name="invented").status_code == 200


def test_limit_of_a_token_is_not_used_up_by_refused_uploads_or_without_its_secret(token, settings):
    settings.UPLOADS_PER_TOKEN_A_MINUTE = 2
    public_id, _secret = tokens.parse(token)
    guess = f"camp_{public_id}_{'x' * tokens.SECRET_LENGTH}"
    for _upload in range(3):
        post(guess + tokens.checksum(guess))
        post(token, score=31)

    assert post(token).status_code == 200


def test_flood_of_refused_uploads_is_429_for_the_address(token, settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = 2
    statuses = [post("wrong").status_code for _upload in range(3)]

    assert statuses == [401, 401, 429]


def test_no_refusal_contains_the_text_of_success(token):
    bodies = [
        post(None).content, post("x").content, post(token, score=99).content, post(token, courseId=1).content,
        post(token, raw=b"{").content, post(token, raw=b" " * 70_000).content, Client().get(URL).content,
    ]  # fmt: skip

    assert [b'"result":1' in body for body in bodies] == [False] * 7


@pytest.mark.parametrize(("opens", "closes", "status"), [(-2, 2, 200), (1, 2, 403), (-2, -1, 403)])
def test_uploads_count_within_the_courses_own_window(course, token, opens, closes, status):
    course.upload_opens_at = timezone.now() + timedelta(days=opens)
    course.upload_closes_at = timezone.now() + timedelta(days=closes)
    course.save()

    assert post(token).status_code == status


def test_last_use_of_a_token_is_written_at_most_once_a_minute(token):
    post(token)
    first = UploadToken.objects.get().last_used_at
    post(token)

    assert UploadToken.objects.get().last_used_at == first


def test_login_is_compared_in_any_case(course, token):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="OctO")

    post(token, name="oCTo")

    assert Standing.objects.get().enrollment == enrollment


def test_upload_before_the_login_is_linked_counts_from_the_link_on(course, token):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    post(token, score=12)

    accounts.link_login(enrollment.student, channel="github", login="Octo")

    attempt = Attempt.objects.get()
    standing = Standing.objects.get()
    assert (standing.enrollment, standing.points, standing.reached_at) == (enrollment, 12, attempt.received_at)


def test_evidence_of_an_upload_without_a_token_is_kept_short(token):
    post("wrong", ext="x" * 60_000)
    post(token, ext="x" * 60_000, score=31)

    assert sorted(len(attempt.ext) for attempt in Attempt.objects.all()) == [200, 60_000]


def test_chunked_body_is_411(token):
    response = Client().generic("POST", URL, headers={"token": token, "Transfer-Encoding": "chunked"})

    assert (response.status_code, response.json()["result"]) == (411, 411)


@pytest.mark.parametrize("cookie", ["aaaaaaaaaaaaaaaa\x00", "a b", "ä" * 40, ""])
def test_strange_session_cookie_is_no_session(client, token, cookie):
    client.cookies["sessionid"] = cookie

    assert post(token, client=client).status_code == 200
    assert client.get("/my/").status_code == 302
    assert client.get("/healthz").status_code == 200
