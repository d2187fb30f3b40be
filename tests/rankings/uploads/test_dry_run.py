"""The dry runs of both APIs: the answer of the real address, and not a row of the database different."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from camp.accounts.models import User
from camp.rankings.models import Attempt, UploadToken
from camp.rankings.uploads.dry_run import dry_run
from tests.factories import (
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_requirement,
    make_running_camp,
    make_stage,
    make_student,
    make_token,
)
from tests.rankings import keys
from tests.rankings.stored import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    """A course whose full marks promote."""
    camp = make_running_camp()
    course = make_course(make_stage(camp), max_points=11, upload_id=1699)
    make_exercises(course, 11)
    make_grader(course, workflow=keys.WORKFLOW)
    make_requirement(make_stage(camp), course=course)
    return course


@pytest.fixture
def token(course):
    return make_token(course, at=timezone.now())


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="lin", uid="1001")
    return enrollment


def upload(token, *, path="/api/v1/uploads/check", query="", **changes):
    document = {"channel": "github", "courseId": 1699, "name": "lin", "score": 11, "totalScore": 11} | changes
    client = Client(enforce_csrf_checks=True)
    return client.post(path + query, document, content_type="application/json", headers={"token": token})


def report(*, path="/api/v1/scores/check", bearer=None, **changes):
    results = [{"exercise": f"exercise{n:02}", "passed": True} for n in range(11)]
    document = json.dumps({"course": 1699, "commit": keys.COMMIT, "results": results} | changes)
    headers = {"Authorization": f"Bearer {bearer or keys.token(timezone.now())}"}
    return Client(enforce_csrf_checks=True).post(path, document, content_type="application/json", headers=headers)


def test_a_dry_run_takes_back_what_was_written():
    with dry_run():
        make_student()

    assert not User.objects.exists()


def test_a_dry_run_that_fails_takes_it_back_too():
    with pytest.raises(IntegrityError), dry_run():
        make_student(make_student("rowan").handle)

    assert not User.objects.exists()


def test_what_waits_for_the_commit_of_a_dry_run_never_runs(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting, dry_run():
        transaction.on_commit(make_student)

    assert waiting == []


def test_an_upload_that_would_be_accepted_is_said_to_be(token, enrollment):
    response = upload(token)

    assert (response.status_code, response.content) == (200, b'{"result":1,"msg":"","dry_run":true,"linked":true}')


def test_it_is_said_that_nobody_has_linked_the_login(token):
    assert upload(token).json() == {"result": 1, "msg": "", "dry_run": True, "linked": False}


def test_an_upload_that_would_promote_stores_nothing(token, enrollment):
    before = stored()

    upload(token)

    assert stored() == before


def test_the_same_upload_sent_really_does_store_and_promote(token, enrollment):
    before = stored()

    upload(token, path="/web/api/courseRank/createByThirdToken")

    differ = {label for label, rows in stored().items() if rows != before[label]}
    assert differ >= {"rankings.Attempt", "rankings.Standing", "stages.Participation", "notices.Notice", "notices.Mail"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"score": 12}, 400), ({"courseId": 5}, 404), ({"score": "9"}, 400), ({"name": "no login"}, 400)],
    ids=["too many points", "unknown course", "quoted score", "no login"],
)
def test_an_upload_that_would_be_refused_gets_that_answer_and_stores_nothing(token, changes, status):
    before = stored()

    response = upload(token, **changes)

    assert stored() == before
    real = upload(token, path="/web/api/courseRank/createByThirdToken", **changes)
    assert (response.status_code, real.status_code) == (status, status)
    assert response.json() == real.json() | {"dry_run": True}


@pytest.mark.parametrize("text", ["", "wrong", "camp_0123456789_x"])
def test_a_token_that_does_not_fit_is_refused_and_nothing_is_stored(course, text):
    before = stored()

    response = upload(text)

    assert (response.status_code, stored()) == (401, before)


def test_a_token_in_the_address_has_leaked_and_is_revoked_all_the_same(token):
    response = upload("", query=f"?token={token}")

    assert (response.status_code, response.json()["dry_run"]) == (401, True)
    assert UploadToken.objects.get().revoked_at is not None
    assert not Attempt.objects.exists()


def test_limits_hold_and_store_nothing(token, settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 1

    statuses = [upload(token).status_code for _upload in range(3)]

    assert (statuses, Attempt.objects.count()) == ([200, 429, 429], 0)


def test_a_dry_run_does_not_use_up_the_one_refusal_of_a_flood_that_is_kept(token, settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 0
    upload(token)

    upload(token, path="/web/api/courseRank/createByThirdToken")

    assert Attempt.objects.get().status == 429


def test_a_browser_that_opens_the_address_is_told_to_post():
    client = Client()

    statuses = [client.get(path).status_code for path in ("/api/v1/uploads/check", "/api/v1/scores/check")]

    assert statuses == [405, 405]


def test_a_report_that_would_be_accepted_is_said_to_be(issuer, enrollment):
    response = report()

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert response.json() == {
        "accepted": True, "course": 1699, "commit": keys.COMMIT, "points": "11", "maximum": "11", "passed": 11,
        "exercises": 11, "dry_run": True,
    }  # fmt: skip


def test_a_report_that_would_promote_stores_nothing_and_uses_no_token_up(issuer, enrollment):
    before, bearer = stored(), keys.token(timezone.now())

    report(bearer=bearer)

    assert stored() == before
    assert report(bearer=bearer, path="/api/v1/scores").status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"course": 5}, 403, "course_mismatch"),
        ({"results": {}}, 400, "malformed"),
        ({"results": [{"exercise": "x", "passed": True}]}, 422, "results_wrong"),
        ({"bearer": "x.y.z"}, 401, "token_malformed"),
    ],
    ids=["other course", "no results", "unknown exercise", "no token"],
)
def test_a_report_that_would_be_refused_gets_that_answer_and_stores_nothing(issuer, enrollment, changes, status, code):
    before = stored()

    response = report(**changes)

    assert (response.status_code, response.json()["error"]["code"], stored()) == (status, code, before)
    assert response.json()["dry_run"] is True


def test_a_run_that_has_reported_is_told_its_answer_again(issuer, enrollment):
    bearer = keys.token(timezone.now())
    report(bearer=bearer, path="/api/v1/scores")

    assert report(bearer=bearer).json()["accepted"] is True
    assert Attempt.objects.count() == 1


def test_nobody_who_proved_nothing_is_told_so(issuer, course):
    before = stored()

    response = report()

    assert (response.status_code, response.json()["error"]["code"]) == (403, "actor_unlinked")
    assert stored() == before
