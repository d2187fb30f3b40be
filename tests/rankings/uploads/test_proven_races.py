"""Reports that meet: of one token and run, one attempt; everybody else gets its answer or 409."""

from collections import Counter
from dataclasses import replace

import pytest

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.rankings import rebuild
from camp.rankings.models import Attempt, Standing
from camp.rankings.services import UploadError
from camp.rankings.uploads import proven
from tests.concurrency import at_once, row_held, waits
from tests.factories import (
    NOW,
    make_camp,
    make_claims,
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_report,
    make_stage,
)

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR, PARALLEL = "5001", 50


@pytest.fixture
def course():
    course = make_course(make_stage(make_camp()), max_points=3)
    make_exercises(course, 3)
    make_grader(course)
    return course


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="octo", uid=ACTOR, first_scored_at=NOW)
    return enrollment


def report(course, number=3):
    return make_report(course, passed=[f"exercise{n:02}" for n in range(number)])


def outcome(result):
    return result.status if isinstance(result, UploadError) else type(result).__name__


@pytest.mark.postgres
def test_fifty_posts_of_one_token_leave_one_attempt(course, enrollment):
    claims = make_claims()

    results = at_once([lambda: proven.receive(report(course), claims, at=NOW)] * PARALLEL)

    outcomes = Counter(outcome(result) for result in results)
    answers = [result for result in results if isinstance(result, dict)]
    assert set(outcomes) <= {"dict", 409}
    assert answers == answers[:1] * len(answers)
    assert outcomes["dict"] >= 1
    assert Attempt.objects.accepted().count() == 1
    assert Standing.objects.get().points == 3
    assert rebuild.rebuild_standings(course.camp) == []


@pytest.mark.postgres
def test_fresh_tokens_of_one_run_at_once_leave_one_attempt(course, enrollment):
    claims = make_claims()
    each = [replace(claims, jti=f"fresh-{n}") for n in range(8)]

    results = at_once([lambda one=one: proven.receive(report(course), one, at=NOW) for one in each])

    assert set(map(outcome, results)) <= {"dict", 409}
    assert Attempt.objects.accepted().count() == 1


@pytest.mark.postgres
def test_other_bodies_of_one_run_at_once_leave_one_attempt(course, enrollment):
    claims = make_claims()

    results = at_once([lambda n=n: proven.receive(report(course, n), claims, at=NOW) for n in range(4)])

    assert Counter(map(outcome, results)) == {"dict": 1, 422: 3}
    assert Attempt.objects.accepted().count() == 1


@pytest.mark.postgres
def test_one_token_for_two_camps_at_once_is_used_once(course, enrollment):
    """No enrollment is shared here: the unique constraint alone decides."""
    winter = make_camp("winter")
    second = make_course(make_stage(winter), max_points=3)
    make_exercises(second, 3)
    make_grader(second)
    make_enrollment(winter, student=enrollment.student)
    claims = make_claims()

    results = at_once([lambda one=one: proven.receive(report(one), claims, at=NOW) for one in (course, second)])

    assert sorted(map(str, map(outcome, results))) == ["409", "dict"]
    assert Attempt.objects.accepted().count() == 1


@pytest.mark.postgres
def test_a_report_waits_for_the_students_row(course, enrollment):
    with row_held(enrollment):
        assert waits(lambda: proven.receive(report(course), make_claims(), at=NOW))

    assert Attempt.objects.count() == 0


@pytest.mark.postgres
def test_a_report_does_not_wait_for_the_user_the_camp_or_the_course(course, enrollment):
    with row_held(enrollment.student), row_held(course.camp), row_held(course):
        assert not waits(lambda: proven.receive(report(course), make_claims(), at=NOW))


@pytest.mark.postgres
def test_reports_and_the_unlinking_of_the_login_do_not_lock_each_other_out(course, enrollment):
    Identity.objects.update(first_scored_at=None)
    identity = Identity.objects.get()

    calls = [lambda n=n: proven.receive(report(course), make_claims(run_id=str(n)), at=NOW) for n in range(6)]
    results = at_once([*calls, lambda: accounts.unlink_login(identity, at=NOW)])

    assert set(map(outcome, results)) <= {"dict", "Identity", 403}
    assert rebuild.rebuild_standings(course.camp) == []


def test_different_scores_at_once_leave_the_best(course, enrollment):
    points = (1, 3, 0, 2)

    results = at_once([lambda n=n: proven.receive(report(course, n), make_claims(), at=NOW) for n in points])

    assert [result["passed"] for result in results] == list(points)
    assert Standing.objects.get().points == 3
    assert rebuild.rebuild_standings(course.camp) == []
