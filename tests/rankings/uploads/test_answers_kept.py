"""What is kept of each answer that CI got: its status, its words, and of a flood the first refusal."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from camp.rankings.models import Attempt
from tests.factories import (
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_running_camp,
    make_stage,
    make_token,
)
from tests.rankings import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    course = make_course(make_stage(make_running_camp()), max_points=11, upload_id=1699)
    make_exercises(course, 11)
    make_grader(course, workflow=keys.WORKFLOW)
    return course


@pytest.fixture
def token(course):
    return make_token(course, at=timezone.now())


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="lin", uid="1001")
    return enrollment


def upload(token, **changes):
    document = {"channel": "github", "courseId": 1699, "name": "octo", "score": 9, "totalScore": 11} | changes
    headers = {"token": token}
    address = "/web/api/courseRank/createByThirdToken"
    return Client().post(address, document, content_type="application/json", headers=headers)


def report(*, bearer=None, **changes):
    results = [{"exercise": f"exercise{n:02}", "passed": n < 7} for n in range(11)]
    document = {"course": 1699, "commit": keys.COMMIT, "results": results} | changes
    headers = {"Authorization": f"Bearer {bearer or keys.token(timezone.now())}"}
    return Client().post("/api/v1/scores", json.dumps(document), content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, 200), ({"score": 12}, 400), ({"courseId": 5}, 404), ({"score": "9"}, 400)],
    ids=["accepted", "too many points", "unknown course", "malformed"],
)
def test_an_upload_is_kept_with_the_status_it_was_answered(token, changes, status):
    response = upload(token, **changes)

    assert (response.status_code, Attempt.objects.get().status) == (status, status)


def test_an_upload_without_a_usable_token_is_kept_with_401(course):
    upload("wrong")

    assert Attempt.objects.get().status == 401


def test_a_token_in_the_address_is_kept_with_401(token):
    document = {"channel": "github", "courseId": 1699, "name": "octo", "score": 9, "totalScore": 11}

    Client().post(f"/web/api/courseRank/createByThirdToken?token={token}", document, content_type="application/json")

    assert Attempt.objects.values_list("status", "reason", "login").get() == (401, "token_expired", "octo")


def test_a_report_is_kept_with_the_answer_it_got(issuer, enrollment):
    response = report()

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer) == (response.status_code, response.json())


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"course": 5}, 403), ({"results": {}}, 400), ({"results": [{"exercise": "x", "passed": True}]}, 422)],
    ids=["other course", "no results", "unknown exercise"],
)
def test_a_refused_report_is_kept_with_the_answer_it_got(issuer, enrollment, changes, status):
    response = report(**changes)

    attempt = Attempt.objects.get()
    assert (response.status_code, attempt.status, attempt.answer) == (status, status, response.json())


def test_a_report_that_was_not_believed_is_kept_with_the_answer_it_got(issuer, enrollment):
    response = report(bearer="x.y.z")

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer) == (401, response.json())


def test_of_a_flood_of_one_login_the_first_refusal_is_kept(token, settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 1

    statuses = [upload(token).status_code for _upload in range(4)]

    kept = Attempt.objects.refused().get()
    assert statuses == [200, 429, 429, 429]
    assert (kept.status, kept.reason, kept.login, kept.points) == (429, "too_many", "octo", 9)


def test_a_flood_of_another_login_is_kept_beside_it(token, settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 0

    for name in ("octo", "Octo", "other"):
        upload(token, name=name)

    assert list(Attempt.objects.refused().values_list("login_key", flat=True).order_by("login_key")) == [
        "octo",
        "other",
    ]


def test_of_a_flood_of_one_account_the_first_refusal_is_kept(issuer, enrollment, settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 1

    statuses = [report().status_code for _report in range(3)]

    kept = Attempt.objects.refused().get()
    assert statuses == [200, 429, 429]
    assert (kept.status, kept.reason, kept.identity) == (429, "too_many", enrollment.student.identities.get())


def test_of_a_flood_of_one_address_the_first_refusal_is_kept(course, settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = 2

    statuses = [upload("wrong").status_code for _upload in range(4)]

    assert statuses == [401, 401, 429, 429]
    assert list(Attempt.objects.values_list("status", flat=True).order_by("id")) == [401, 401, 429]
    assert Attempt.objects.get(status=429).address == "127.0.0.1"
