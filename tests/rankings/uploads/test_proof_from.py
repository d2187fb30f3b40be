"""From a date on only proven scores count for promotion; the board shows the best of all."""

from datetime import timedelta

import pytest

from camp.rankings import rebuild, standings
from camp.rankings.models import Attempt, Standing
from camp.stages.models import CourseProgress, Participation
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()), proof_from=NOW)


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="octo", uid="5001")
    return enrollment


def upload(enrollment, course, points, *, at, source="claimed"):
    identity = enrollment.student.identities.get() if source == "proven" else None
    attempt = make_attempt(course, login="octo", points=points, at=at, source=source, identity=identity)
    standings.improve(enrollment, attempt)
    return attempt


def told(enrollment):
    """(points on the board, points that count for promotion)."""
    progress = CourseProgress.objects.filter(enrollment=enrollment).first()
    return Standing.objects.get(enrollment=enrollment).points, progress and progress.points


@pytest.mark.parametrize(
    ("source", "after", "counts"),
    [
        ("claimed", -HOUR, True),
        ("claimed", -MOMENT, True),
        ("claimed", 0 * HOUR, False),
        ("claimed", HOUR, False),
        ("proven", -HOUR, True),
        ("proven", 0 * HOUR, True),
        ("proven", HOUR, True),
    ],
    ids=lambda value: str(value),
)
def test_what_counts_turns_at_the_moment_itself(course, enrollment, source, after, counts):
    attempt = upload(enrollment, course, 20, at=NOW + after, source=source)

    assert attempt.counts_in(course) == counts
    assert Attempt.objects.that_count(course).exists() == counts
    assert told(enrollment) == (20, 20 if counts else None)
    assert rebuild.rebuild_standings(course.camp) == []


@pytest.mark.parametrize(("rule", "proof_from", "counts"), [
    ("claimed", None, [True, True]),
    ("claimed", NOW, [True, False]),
    ("proven", None, [False, False]),
    ("proven", NOW, [False, False]),
])  # fmt: skip
def test_a_course_that_wants_proof_anyhow_has_no_use_for_a_date(course, rule, proof_from, counts):
    course.counts, course.proof_from = rule, proof_from
    attempts = [make_attempt(course, at=NOW + hours * HOUR) for hours in (-1, 1)]

    that_count = set(Attempt.objects.that_count(course))

    assert [attempt.counts_in(course) for attempt in attempts] == counts
    assert [attempt in that_count for attempt in attempts] == counts


def test_a_late_claim_leads_the_board_and_an_early_one_counts(course, enrollment):
    upload(enrollment, course, 12, at=NOW - HOUR)
    upload(enrollment, course, 25, at=NOW + HOUR)

    assert told(enrollment) == (25, 12)
    assert rebuild.rebuild_standings(course.camp) == []


def test_a_proven_score_below_a_late_claim_counts(course, enrollment):
    upload(enrollment, course, 12, at=NOW - HOUR)
    upload(enrollment, course, 25, at=NOW + HOUR)
    upload(enrollment, course, 20, at=NOW + 2 * HOUR, source="proven")

    assert told(enrollment) == (25, 20)
    assert rebuild.rebuild_standings(course.camp) == []


def test_a_proven_score_below_an_early_claim_takes_nothing_away(course, enrollment):
    upload(enrollment, course, 20, at=NOW - HOUR)
    upload(enrollment, course, 12, at=NOW + HOUR, source="proven")

    assert told(enrollment) == (20, 20)
    assert rebuild.rebuild_standings(course.camp) == []


@pytest.mark.parametrize(("source", "promoted"), [("claimed", False), ("proven", True)])
def test_full_marks_after_the_date_promote_when_they_are_proven(course, enrollment, source, promoted):
    stage = make_stage(course.camp)
    make_requirement(stage, course=course)

    upload(enrollment, course, 30, at=NOW, source=source)

    assert Participation.objects.admitted().filter(stage=stage).exists() == promoted


def test_a_login_that_is_linked_late_follows_the_date(course):
    enrollment = make_enrollment(course.camp)
    make_attempt(course, login="late", points=12, at=NOW - HOUR)
    make_attempt(course, login="late", points=25, at=NOW)
    make_identity(enrollment.student, login="late")

    standings.derive(enrollment, course, at=NOW + HOUR)

    assert told(enrollment) == (25, 12)
