import pytest
from hypothesis import given, settings

from camp.projects.allocation.appraisal import (
    Basis,
    Block,
    BlockingPair,
    Missed,
    Statistics,
    Why,
    blocking_pairs,
    reasons,
    statistics,
)
from camp.projects.matching import Offer, Problem, match, without
from tests.projects.problems import all_blocking, held, one_project, placed_by_hand, problems


@settings(max_examples=300)
@given(placed_by_hand())
def test_blocking_pairs_are_those_of_the_definition(given_by_hand):
    problem, placement = given_by_hand

    found = blocking_pairs(problem, placement)

    assert [(pair.team, pair.project) for pair in found] == all_blocking(problem, placement)


@pytest.mark.parametrize(
    ("placement", "pair"),
    [
        ({0: 6, 3: 7}, BlockingPair(1, 7, Block.PROJECT, 3)),
        ({2: 7}, BlockingPair(0, 6, Block.FREE)),
        ({1: 6, 2: 6}, BlockingPair(1, 7, Block.SAME_MENTOR)),
        ({0: 6, 2: 6}, BlockingPair(1, 7, Block.MENTOR, 0)),
    ],
)
def test_blocking_pairs_name_the_reason_and_who_would_have_to_go(placement, pair):
    projects = {7: Offer(1, 9), 6: Offer(2, 9)}
    problem = Problem({0: [6], 1: [7], 2: [], 3: [7]}, projects, {9: 2}, {9: [2, 1, 0, 3]})

    assert blocking_pairs(problem, placement) == [pair]


@given(problems())
def test_reasons_after_a_match_name_a_better_team_where_somebody_is_placed(problem):
    placement = match(problem)

    for team, missed in reasons(problem, placement).items():
        assert [each.project for each in missed] == list(problem.preferences[team][: len(missed)])
        for each in missed:
            mentor = problem.projects[each.project].mentor
            around = {Why.PROJECT_FULL: {"project": each.project}, Why.MENTOR_FULL: {"mentor": mentor}}
            assert each.why in {*around, Why.NOT_ACCEPTABLE}
            teams = held(problem, placement, **around[each.why]) if each.why in around else []
            assert each.last == max(teams, key=problem.order(mentor).index, default=None)
            assert each.last is None or problem.place(mentor, each.last) < problem.place(mentor, team)


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        ({"ranked": {9: [0]}}, Missed(7, Why.PROJECT_FULL, Basis.MENTOR, 0)),
        ({"points": {0: 5}}, Missed(7, Why.PROJECT_FULL, Basis.POINTS, 0)),
        ({"seed": "a"}, Missed(7, Why.PROJECT_FULL, Basis.LOTTERY, 0)),
        ({"seats": 2, "capacity": 1, "points": {0: 5}}, Missed(7, Why.MENTOR_FULL, Basis.POINTS, 0)),
        ({"unacceptable": frozenset({(1, 7)})}, Missed(7, Why.NOT_ACCEPTABLE)),
        ({"seats": 0}, Missed(7, Why.PROJECT_FULL)),
        ({"capacity": 0}, Missed(7, Why.MENTOR_FULL)),
    ],
)
def test_reasons_say_what_decided(given, missed):
    problem = one_project(teams=(0, 1), **given)

    found = reasons(problem, match(problem))

    assert found[1] == (missed,)


def test_reasons_tell_a_move_by_hand_and_a_closed_project():
    problem = Problem({1: [8, 7]}, {7: Offer(1, 9), 8: Offer(1, 9)}, {9: None})

    assert reasons(problem, {1: 7}) == {1: (Missed(8, Why.BY_HAND),)}
    assert reasons(problem, match(without(problem, [8])), closed=[8]) == {1: (Missed(8, Why.CLOSED),)}


def test_statistics_count_choices_reasons_and_seats():
    projects = {7: Offer(1, 9), 8: Offer(4, 9, minimum=3), 6: Offer(2, 5, minimum=1)}
    problem = Problem({1: [7], 2: [7, 8], 3: [8], 4: [7], 5: [], 6: []}, projects, {9: 4, 5: None})

    result = statistics(problem, {1: 7, 2: 8, 3: 8, 4: None, 5: None, 6: 8})

    assert result == Statistics({1: 2, 2: 1}, 1, 1, 1, under_minimum=(6,), free={6: 2, 7: 0, 8: 1}, usable=2)


def test_statistics_after_a_rerun_leave_the_closed_projects_out():
    problem = Problem({1: [8, 7], 2: [8]}, {7: Offer(2, 9), 8: Offer(1, 9, minimum=1)}, {9: None})

    result = statistics(problem, match(without(problem, [8])), closed=[8])

    assert result == Statistics({2: 1}, 0, gave_no_list=0, no_seat=1, under_minimum=(), free={7: 1}, usable=1)
