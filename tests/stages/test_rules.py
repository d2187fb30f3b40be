"""The rules against a restatement of them in plain words, and what a student is told of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camp.stages.rules import Group, Line, Rule

amounts = st.decimals(min_value=0, max_value=200, places=1)
lines = st.builds(Line, label=st.just("C++"), kind=st.sampled_from(["points", "item"]), done=amounts, needed=amounts)
groups = st.builds(
    Group, label=st.just("Homework"), needed=st.integers(1, 4), lines=st.lists(lines, max_size=4).map(tuple)
)
rules = st.builds(Rule, st.lists(groups, max_size=3).map(tuple))


def line(done, needed, kind="points"):
    return Line(label="C++", kind=kind, done=Decimal(done), needed=Decimal(needed))


def group(needed, *lines):
    return Group(label="Homework", needed=needed, lines=lines)


@given(rules)
def test_rule_is_met_exactly_when_the_plain_words_say_so(rule):
    expected = True
    for part in rule.groups:
        enough = 0
        for one in part.lines:
            if one.needed > 0 and one.done >= one.needed:
                enough += 1
        if enough < part.needed:
            expected = False

    assert rule.is_met is expected


@given(rules)
def test_more_done_never_closes_a_stage(rule):
    more = Rule(
        tuple(
            Group(part.label, part.needed, tuple(Line(o.label, o.kind, o.done + 1, o.needed) for o in part.lines))
            for part in rule.groups
        )
    )

    assert more.is_met or not rule.is_met


@given(rules)
def test_what_is_missing_would_be_enough(rule):
    """Doing all that is told to be missing meets every rule that can be met."""
    done = Rule(
        tuple(
            Group(
                part.label, part.needed, tuple(Line(o.label, o.kind, o.done + o.missing, o.needed) for o in part.lines)
            )
            for part in rule.groups
        )
    )
    can_be_met = all(sum(one.needed > 0 for one in part.lines) >= part.needed for part in rule.groups)

    assert done.is_met is can_be_met


@given(lines)
def test_a_meter_is_never_fuller_than_full(one):
    assert 0 <= one.shown_done <= one.needed
    assert one.shown_done + one.missing == one.needed


@pytest.mark.parametrize(("done", "is_met"), [("29.999", False), ("30", True), ("30.5", True)])
def test_line_is_met_from_the_needed_points_on(done, is_met):
    assert line(done, 30).is_met is is_met


def test_line_that_needs_nothing_is_met_by_nobody():
    """Full marks of a course whose maximum is not set yet: it must not let everybody in."""
    assert line(0, 0).is_met is False
    assert line(5, 0).is_met is False
    assert line(0, 0).is_announced is False


def test_one_of_two_is_enough():
    either = group(1, line(27, 30), line(94, 94))

    assert either.is_met
    assert (either.asks_for_one, either.asks_for_some, either.asks_for_all) == (True, True, False)


def test_two_of_three_are_needed():
    some = group(2, line(1, 1), line(0, 1), line(0, 1))

    assert not some.is_met
    assert (some.asks_for_one, some.asks_for_some, some.asks_for_all) == (False, True, False)


def test_group_of_one_asks_for_all():
    assert group(1, line(0, 1)).asks_for_all


def test_group_that_asks_for_more_than_it_has_is_never_met():
    assert not group(2, line(1, 1)).is_met
    assert not group(1).is_met


def test_every_group_must_be_met():
    assert not Rule((group(1, line(1, 1)), group(1, line(0, 1)))).is_met
    assert Rule((group(1, line(1, 1)), group(1, line(1, 1)))).is_met


def test_rule_without_groups_is_open_to_all():
    assert Rule(()).is_met
    assert Rule(()).is_open_to_all


def test_missing_meetings_are_whole():
    assert str(line(1, 3, "attendance").missing_meetings) == "2"
