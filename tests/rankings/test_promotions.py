"""The mark of a board: whether the points shown meet what the next stage asks for in its course."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from camp.rankings import boards, standings
from camp.rankings.board_page.board import BoardPage
from camp.rankings.models import Standing
from camp.rankings.promotions import points_asked
from camp.stages.models import Participation
from tests.factories import (
    NOW,
    make_camp,
    make_course,
    make_enrollment,
    make_requirement,
    make_stage,
    make_standing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


@pytest.fixture
def later_stage(course):
    return make_stage(course.camp, position=10**6)


def marks(course):
    return [row.is_enough for row in BoardPage(course, viewer=AnonymousUser()).rows]


def stand(course, points, **fields):
    enrollment = make_enrollment(course.camp)
    make_standing(course, enrollment, points=points, **fields)
    return enrollment


def test_full_marks_are_marked_where_a_stage_asks_for_them(course, later_stage):
    stand(course, 30)
    stand(course, 29)

    assert marks(course) == [False, False]
    make_requirement(later_stage, course=course)
    assert marks(course) == [True, False]


def test_who_was_promoted_by_something_else_is_not_marked(course, later_stage):
    make_requirement(later_stage, course=course)
    Participation.objects.create(enrollment=stand(course, 29), stage=later_stage)

    assert marks(course) == [False]


def test_who_has_the_points_is_marked_though_something_else_is_missing(course, later_stage):
    make_requirement(later_stage, course=course, points=20)
    make_requirement(later_stage, kind="item", item="A report")
    stand(course, 20)

    assert marks(course) == [True]


def test_first_stage_that_asks_says_how_many_points_and_of_its_requirements_the_highest(course, later_stage):
    make_requirement(make_stage(course.camp, position=10**7), course=course, points=5)
    make_requirement(later_stage, course=course, points=10)

    assert points_asked(course) == 10
    make_requirement(later_stage, course=course, points=20)
    assert points_asked(course) == 20
    make_requirement(later_stage, course=course)
    assert points_asked(course) == 30


def test_course_without_a_maximum_yet_asks_for_nothing(course, later_stage):
    make_requirement(later_stage, course=course)
    course.max_points = 0

    assert points_asked(course) is None


@pytest.mark.parametrize(("source", "at", "rule", "expected"), [
    ("claimed", NOW, {"counts": "proven"}, False),
    ("proven", NOW, {"counts": "proven"}, True),
    ("claimed", NOW, {"proof_from": NOW}, False),
    ("claimed", NOW - timedelta(seconds=1), {"proof_from": NOW}, True),
])  # fmt: skip
def test_points_of_a_kind_that_does_not_count_are_not_marked(course, later_stage, source, at, rule, expected):
    make_requirement(later_stage, course=course)
    stand(course, 30, source=source, at=at)
    for name, value in rule.items():
        setattr(course, name, value)

    assert marks(course) == [expected]


def test_points_given_by_staff_are_marked(course, later_stage):
    make_requirement(later_stage, course=course)
    course.counts = "proven"
    board, standing = boards.lock(course, at=NOW), Standing(course=course, enrollment=make_enrollment(course.camp))
    boards.put(board, standing, standings.Result(course.max_points, NOW, None, course.max_points))
    boards.bump(course.pk)

    assert marks(course) == [True]
