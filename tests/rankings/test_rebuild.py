"""Comparing what is derived with what it is derived from: each thing that can be wrong is found, said and repaired."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.rankings import boards, corrections, rebuild, standings
from camp.rankings.models import Board, FrozenStanding, ScoreCount, ScoreRange, Standing
from camp.stages.models import CourseProgress
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_stage,
    make_standing,
    make_superuser,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()), name="Rust course")


@pytest.fixture
def student(course):
    return scored(course, "ada", 20)


def scored(course, login, points, *, at=NOW):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login=login)
    standings.improve(enrollment, make_attempt(course, login=login, points=points, at=at))
    return enrollment


def freeze(course):
    boards.freeze(course, by=None, at=NOW + HOUR)


def give_points(course):
    who = Standing.objects.first().enrollment
    corrections.adjust(who, course, points=3, by=make_superuser(), reason="x", at=NOW)


def plan(course):
    """A freeze that is planned, and whose copy is still to be made."""
    Board.objects.update(freezes_at=NOW + HOUR)


FROZEN_CELL = {"low": 20, "people": 1, "is_frozen": True}


@pytest.mark.parametrize(
    ("before", "spoil"),
    [
        (None, lambda course: Standing.objects.all().delete()),
        (None, lambda course: Standing.objects.update(points=30)),
        (None, lambda course: Standing.objects.update(reached_at=NOW - HOUR)),
        (None, lambda course: Standing.objects.update(best=None)),
        (None, lambda course: Standing.objects.update(adjustment=1)),
        (None, lambda course: Standing.objects.update(low=0)),
        (give_points, lambda course: Standing.objects.update(adjustment=0, points=20)),
        (None, lambda course: make_standing(course, make_enrollment(course.camp), login="stranger")),
        (None, lambda course: CourseProgress.objects.filter(points__gt=0).delete()),
        (None, lambda course: CourseProgress.objects.filter(points__gt=0).update(points=30)),
        (freeze, lambda course: FrozenStanding.objects.all().delete()),
        (freeze, lambda course: FrozenStanding.objects.update(points=30)),
        (None, lambda course: ScoreRange.objects.update(people=2)),
        (None, lambda course: ScoreCount.objects.all().delete()),
        (freeze, lambda course: ScoreRange.objects.filter(is_frozen=True).update(people=2)),
        (None, lambda course: ScoreRange.objects.create(course=course, **FROZEN_CELL)),
        (plan, lambda course: ScoreCount.objects.create(course=course, points=20, hour=NOW, **FROZEN_CELL)),
        (freeze, lambda course: Board.objects.update(keeps_copy=False, is_copied=False)),
        (None, lambda course: Board.objects.update(range_width=7)),
    ],
)
def test_what_was_spoilt_is_found_and_repaired(course, student, before, spoil):
    if before:
        before(course)
    spoil(course)

    found = rebuild.rebuild_standings(course.camp, repair=False)
    repaired = rebuild.rebuild_standings(course.camp)

    assert len(found) >= 1
    assert all("Rust course" in line for line in found)
    assert set(found) <= set(repaired)
    assert rebuild.rebuild_standings(course.camp) == []


def test_points_of_who_is_away_are_compared_too(course, student):
    type(student).objects.update(status="withdrawn")
    standings.derive_all_of(student.student)
    assert rebuild.rebuild_standings(course.camp) == []
    CourseProgress.objects.filter(points__gt=0).update(points=9)

    assert len(rebuild.rebuild_standings(course.camp)) == 1


def test_one_course_is_compared_alone(course, student):
    other = make_course(course.stage)
    CourseProgress.objects.filter(points__gt=0).update(points=9)

    assert rebuild.rebuild_standings(course.camp, course=other) == []
    assert len(rebuild.rebuild_standings(course.camp, course=course)) == 1


def test_comparing_asks_as_much_of_many_as_of_one(course, student):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert rebuild.rebuild_standings(course.camp) == []
        return len(queries)

    one = asked()
    for number in range(5):
        scored(course, f"login{number}", number)

    assert asked() == one


def test_how_far_it_is_is_told_course_by_course(course, student):
    Standing.objects.update(points=30)
    said = []

    rebuild.rebuild_standings(course.camp, say=said.append)

    assert said == ["Rust course: 1 students compared, 1 differ"]


def test_no_more_are_repaired_than_somebody_waits_for(course, student):
    scored(course, "bo", 10)
    Standing.objects.update(adjustment=1)

    found = rebuild.rebuild_standings(course.camp, most=1)

    assert found[1:] == ["Rust course: 1 more students differ. The command rebuild_standings takes all."]
    assert Standing.objects.filter(adjustment=0).count() == 1


@pytest.mark.parametrize(("most", "is_too_large"), [(0, True), (1, False)])
def test_camp_with_more_uploads_than_a_page_waits_for(course, student, monkeypatch, most, is_too_large):
    monkeypatch.setattr(rebuild, "MOST_AT_ONCE", most)

    assert rebuild.is_too_large(course.camp) == is_too_large
