"""POST /api/v1/scores over HTTP, with tokens of an issuer of our own: the answers, and what is kept of a refusal."""

import json

import pytest
from django.utils import timezone

from camp.rankings.models import Attempt, Standing
from tests.factories import (
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_running_camp,
    make_stage,
)
from tests.rankings import keys
from tests.rankings.reports import URL, body, error_of, post, token

pytestmark = pytest.mark.django_db
ACTOR = "1001"


@pytest.fixture(autouse=True)
def issuer_up(issuer):
    return issuer


@pytest.fixture
def course():
    course = make_course(make_stage(make_running_camp()), max_points=11, upload_id=1699)
    make_exercises(course, 11)
    make_grader(course, workflow=keys.WORKFLOW)
    return course


@pytest.fixture(autouse=True)
def enrollment(course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="lin", uid=ACTOR)
    return enrollment


def test_a_report_is_accepted(enrollment):
    response = post()

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    assert response.json() == {
        "accepted": True, "course": 1699, "commit": keys.COMMIT, "points": "7", "maximum": "11", "passed": 7,
        "exercises": 11,
    }  # fmt: skip
    assert Standing.objects.get().enrollment == enrollment


def test_a_course_in_quotes_and_further_keys_are_accepted():
    assert post(body(course="1699", score=30, note=None)).json()["points"] == "7"


def test_the_same_report_again_gets_the_same_answer():
    bearer = token()

    first, again = post(bearer=bearer), post(bearer=bearer)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Attempt.objects.count() == 1


def test_other_results_of_the_same_run_are_refused():
    post()

    assert error_of(post(body(passed=8), bearer=token(jti="fresh"))) == (422, "run_repeated")


def test_the_token_is_stored_nowhere():
    bearer = token()
    post(bearer=bearer)
    post(body(passed=8), bearer=bearer)

    stored = str(list(Attempt.objects.values()))

    assert Attempt.objects.count() == 2
    assert not any(part in stored for part in bearer.split("."))


def test_the_token_and_its_claims_are_in_no_log(caplog):
    bearer = token(aud="https://elsewhere.example.org")
    caplog.set_level("DEBUG")

    post(bearer=bearer)

    assert "token_audience" in caplog.text
    assert "elsewhere.example.org" in caplog.text
    assert not any(part in caplog.text for part in bearer.split("."))


# Refused before anything is known of the run.


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic abc", "token abc"])
def test_without_a_bearer_token_it_is_401_and_says_how(value):
    response = post(Authorization=value)

    assert error_of(response) == (401, "token_missing")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://example.org"}, "token_issuer"),
        ({"aud": ["http://127.0.0.1:8000"]}, "token_audience"),
        ({"exp": 1}, "token_expired"),
        ({"event_name": "pull_request"}, "token_event"),
        ({"runner_environment": "self-hosted"}, "token_runner"),
        ({"actor_id": ...}, "token_claims"),
    ],
)
def test_a_token_that_is_not_believed_is_401_with_the_class_of_its_mistake(course, changes, code):
    response = post(bearer=token(**changes))

    assert error_of(response) == (401, code)
    kept = Attempt.objects.get()
    assert (kept.course, kept.reason, kept.claims, kept.login) == (course, "unproven", {}, "")
    assert code in kept.detail


@pytest.mark.parametrize("bearer", ["x", "a.b.c", "ü.ü.ü", "a" * 9000, "….…"])
def test_a_token_that_is_none_is_401(bearer):
    assert error_of(post(bearer=bearer.encode().decode("latin-1"))) == (401, "token_malformed")


def test_without_any_keys_it_is_503_with_the_time_to_come_back(issuer):
    issuer.is_down = True

    response = post()

    assert error_of(response) == (503, "keys_unavailable")
    assert int(response["Retry-After"]) > 0
    assert Attempt.objects.count() == 0


def test_with_keys_held_an_issuer_that_is_down_changes_nothing(issuer):
    post()
    issuer.is_down = True

    assert post(body(), bearer=token(run_id="2", jti="2")).status_code == 200


# Refused once the run is known.


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"job_workflow_ref": "lin/learning-cxx/.github/workflows/ci.yml@refs/heads/main"}, "grader_unknown"),
        ({"ref": "refs/heads/other"}, "branch_wrong"),
        ({"job_workflow_sha": "b" * 40}, "commit_unreviewed"),
        ({"actor_id": "1002", "repository_owner_id": "1002"}, "actor_unlinked"),
        ({"repository_owner_id": "1002"}, "repository_foreign"),
    ],
)
def test_a_run_that_does_not_count_is_403_and_kept_with_its_claims(course, changes, code):
    response = post(bearer=token(**changes))

    assert error_of(response) == (403, code)
    kept = Attempt.objects.get()
    assert (kept.course, kept.reason, kept.login, kept.claims["run_id"]) == (course, code, "lin", "22259804324")
    assert kept.detail == response.json()["error"]["message"]


@pytest.mark.parametrize(
    "document",
    [
        "", "[]", "null", "{", "NaN", '{"course": 1699, "course": 1699}', "\ufeff{}", b"\xff\xfe", "[" * 60_000,
        body(course=None), body(course=True), body(course=-1), body(course=1.5), body(course="x"), body(course=[]),
        body(commit=None), body(commit="c" * 39), body(commit="g" * 40), body(commit="c" * 40 + "\n"), body(commit=1),
        body(results=None), body(results={}), body(results="x"), body(results=[None]), body(results=[[]]),
        body(results=[{}]), body(results=[{"exercise": "exercise00"}]),
        body(results=[{"exercise": "exercise00", "passed": 1}]),
        body(results=[{"exercise": "exercise00", "passed": "true"}]),
        body(results=[{"exercise": 0, "passed": True}]), body(results=[{"exercise": "", "passed": True}]),
        body(results=[{"exercise": "x" * 121, "passed": True}]),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_400_and_kept_with_its_claims(document):
    assert error_of(post(document if document != "" else b"")) == (400, "malformed")
    assert Attempt.objects.get().claims["actor"] == "lin"


def test_a_body_of_a_course_that_does_not_exist_is_403(course):
    assert error_of(post(body(course=2**63))) == (403, "course_mismatch")
    assert Attempt.objects.get().course is None


@pytest.mark.parametrize("name", ["exercise99", "\ud800", "\u0000", "练习"])
def test_an_unknown_exercise_is_422(name):
    assert error_of(post(body(results=[{"exercise": name, "passed": True}]))) == (422, "results_wrong")


def test_a_repeated_exercise_is_422():
    twice = [{"exercise": "exercise00", "passed": True}] * 2

    assert error_of(post(body(results=twice))) == (422, "results_wrong")


# HTTP.


def test_a_body_of_64_kib_is_read_and_a_longer_one_is_413():
    text = json.dumps(body())
    fits = text + " " * (64 * 1024 - len(text))

    assert post(fits).status_code == 200
    assert error_of(post(fits + " ")) == (413, "too_large")


def test_a_million_octets_are_413():
    assert error_of(post(b"x" * 1_000_000)) == (413, "too_large")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_another_method_is_405_and_not_kept(client, method):
    response = getattr(client, method)(URL)

    assert error_of(response) == (405, "malformed")
    assert response["Allow"] == "POST"
    assert Attempt.objects.count() == 0


def test_it_needs_no_login_sets_no_cookie_and_never_redirects():
    response = post()

    assert (response.status_code, len(response.cookies)) == (200, 0)


def test_a_slash_at_the_end_is_no_address_of_ours(client):
    assert client.post(URL + "/").status_code == 404


def test_too_many_reports_of_one_account_are_429(settings):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 1
    post()

    response = post()

    assert error_of(response) == (429, "too_many")
    assert response["Retry-After"] == "60"


def test_an_address_that_is_refused_too_often_is_429(settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = 2

    codes = [post(bearer="x").status_code for _each in range(4)]

    assert codes == [401, 401, 429, 429]
