from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camp.projects.models import Criterion, Grade
from camp.projects.work import rubric


def make(key="code", **fields):
    return Criterion(key=key, name=key.title(), **fields)


CODE = make("code", weight=3, max_points=5)
REPORT = make("report", weight=1, max_points=10)


def test_checked_keeps_the_order_of_the_rubric():
    points = rubric.checked([CODE, REPORT], {"report": 10, "code": 0})

    assert list(points.items()) == [("code", 0), ("report", 10)]


@pytest.mark.parametrize(
    ("points", "key"),
    [
        ({"code": 6, "report": 1}, "code"),
        ({"code": -1, "report": 1}, "code"),
        ({"code": 1.5, "report": 1}, "code"),
        ({"code": True, "report": 1}, "code"),
        ({"code": "5", "report": 1}, "code"),
        ({"code": 5}, "report"),
        ({"code": 5, "report": None}, "report"),
        ({"code": 5, "report": 1, "style": 1}, "style"),
    ],
)
def test_checked_refuses_and_names_the_criterion(points, key):
    with pytest.raises(rubric.RubricError) as refusal:
        rubric.checked([CODE, REPORT], points)

    assert refusal.value.key == key


def test_percentage_weighs_the_share_of_each_criterion():
    assert rubric.percentage([CODE, REPORT], {"code": 4, "report": 5}) == Decimal("72.5")


def test_percentage_rounds_halves_up_to_a_tenth():
    criterion = make(max_points=2000)

    assert rubric.percentage([criterion], {"code": 1699}) == Decimal("85.0")


def test_percentage_without_criteria_or_points_is_none():
    assert rubric.percentage([], {}) is None
    assert rubric.percentage([CODE, REPORT], {"code": 4}) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 40), st.floats(0, 1)), min_size=1, max_size=8))
def test_percentage_lies_between_none_and_all(lines):
    criteria = [make(str(n), weight=weight, max_points=most) for n, (weight, most, _share) in enumerate(lines)]
    points = {str(n): int(most * share) for n, (_weight, most, share) in enumerate(lines)}

    assert 0 <= rubric.percentage(criteria, points) <= 100


@pytest.mark.parametrize(
    ("share", "grade"),
    [("100", "excellent"), ("85.0", "excellent"), ("84.9", "pass"), ("60.0", "pass"), ("59.9", "fail"), ("0", "fail")],
)
def test_suggested_grade_goes_by_the_percentage_that_is_shown(share, grade):
    assert rubric.suggested(Decimal(share)) == Grade(grade)


def test_nothing_is_suggested_without_a_percentage():
    assert rubric.suggested(None) == ""


def test_rows_show_what_a_changed_rubric_has_no_points_for():
    rows = rubric.rows([CODE, REPORT], {"code": 4, "gone": 1})

    assert [(row.name, row.points, row.max_points) for row in rows] == [("Code", 4, 5), ("Report", None, 10)]
