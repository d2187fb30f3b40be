import random
import re
from dataclasses import replace
from decimal import Decimal
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camp.projects.allocation.appraisal import blocking_pairs
from camp.projects.matching import (
    Offer,
    Problem,
    allocate,
    digest,
    lottery,
    match,
    strict_order,
    without,
)
from tests.projects.problems import (
    all_blocking,
    by_library,
    crowd,
    fits,
    one_project,
    problems,
    rank,
    shuffled,
    stable_placements,
)


@given(problems())
def test_match_keeps_seats_capacities_and_lists(problem):
    placement = match(problem)

    assert placement.keys() == problem.preferences.keys()
    assert fits(problem, placement)


@settings(max_examples=400)
@given(problems())
def test_match_is_stable(problem):
    placement = match(problem)

    assert all_blocking(problem, placement) == []
    assert blocking_pairs(problem, placement) == []


@given(problems(teams=4, projects=3, mentors=2))
def test_match_is_the_best_stable_one_for_every_team(problem):
    placement = match(problem)

    stable = list(stable_placements(problem))
    assert placement in stable
    for team in problem.preferences:
        best = min(rank(problem, team, other[team]) for other in stable)
        assert rank(problem, team, placement[team]) == best


@given(problems(teams=4, projects=3, mentors=2))
def test_match_rewards_no_untrue_list(problem):
    honest = match(problem)

    lists = [untrue for length in range(4) for untrue in permutations(problem.projects, length)]
    for team, untrue in product(problem.preferences, lists):
        result = match(replace(problem, preferences=problem.preferences | {team: untrue}))
        assert rank(problem, team, honest[team]) <= rank(problem, team, result[team])


@given(problems(), st.randoms(use_true_random=False))
def test_allocate_does_not_depend_on_the_order_of_its_input(problem, chance):
    assert allocate(shuffled(problem, chance)) == allocate(problem)


def test_match_agrees_with_another_implementation():
    chance = random.Random(2007)  # noqa: S311

    for _ in range(1_000):
        problem = crowd(chance)
        assert match(problem) == by_library(problem)


def test_match_gives_a_seat_that_the_mentor_has_no_room_for_to_the_better_team():
    projects = {7: Offer(1, 9), 8: Offer(2, 9), 6: Offer(1, 5)}
    problem = Problem({2: [8, 6], 1: [7]}, projects, {9: 1, 5: None}, {9: [1, 2]})

    assert match(problem) == {1: 7, 2: 6}


@pytest.mark.parametrize("bound", [{"seats": 0}, {"capacity": 0}])
def test_match_places_nobody_where_there_is_no_room(bound):
    problem = one_project(**bound)

    assert match(problem) == {1: None, 2: None, 3: None}


def test_match_takes_the_best_of_those_who_all_want_the_same():
    problem = one_project(seats=2, ranked={9: [3]}, points={1: Decimal("4.5"), 2: Decimal(5)})

    assert match(problem) == {1: None, 2: 7, 3: 7}


def test_match_of_nothing_is_nothing():
    assert match(Problem({}, {}, {})) == {}
    assert match(one_project(teams=())) == {}


def test_without_leaves_no_trace_of_a_closed_project():
    offers = {7: Offer(1, 9), 8: Offer(1, 9)}
    problem = Problem({1: [8, 7], 2: [8]}, offers, {9: 1}, unacceptable=frozenset({(1, 8), (2, 7)}), seed="a")

    rest = without(problem, [8])

    assert rest == Problem({1: [7], 2: []}, {7: offers[7]}, {9: 1}, unacceptable=frozenset({(2, 7)}), seed="a")


def test_lottery_knows_only_the_seed_and_the_team():
    numbers = lottery("2024", [3, 1, 2])

    assert numbers == lottery("2024", [1, 2]) | lottery("2024", [3])
    assert numbers != lottery("2025", [1, 2, 3])
    assert numbers[1] == 7085744749734532672  # printf 2024:1 | sha256sum: the first 16 digits, halved


def test_strict_order_is_ranked_then_points_then_lottery():
    order = strict_order([5, 4], {1: 10, 2: 30, 3: 10, 4: 99}, {1: 8, 2: 9, 3: 7, 4: 1, 5: 2, 6: 3})

    assert order == [5, 4, 2, 3, 1, 6]


@given(problems())
def test_problem_places_are_those_of_the_order(problem):
    for mentor in problem.capacities:
        assert sorted(problem.preferences, key=lambda team, of=mentor: problem.place(of, team)) == problem.order(mentor)


def test_digest_changes_with_every_part_of_the_input_and_the_result():
    problem, placement = one_project(), {1: 7, 2: None, 3: None}
    others = [
        one_project(**change)
        for change in (
            {"seats": 2},
            {"capacity": 1},
            {"points": {1: 1}},
            {"ranked": {9: [1]}},
            {"seed": "b"},
            {"teams": (1, 2)},
            {"unacceptable": frozenset({(1, 7)})},
        )
    ]

    digests = {digest(each, placement) for each in (problem, *others)} | {digest(problem, {1: None, 2: 7, 3: None})}

    assert len(digests) == len(others) + 2
    assert digest(one_project(points={1: Decimal("10.000")}), {}) == digest(one_project(points={1: 10}), {})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({1: [8]}, {7: Offer(1, 9)}, {9: 1}), "Team 1 lists the unknown project 8."),
        (({1: [7, 7]}, {7: Offer(1, 9)}, {9: 1}), "Team 1 lists the project 7 twice."),
        (({1: [7]}, {7: Offer(1, 9)}, {9: 1}, {9: [2]}), "Mentor 9 lists the unknown team 2."),
        (({1: [7]}, {7: Offer(1, 9)}, {9: 1}, {9: [1, 1]}), "Mentor 9 lists the team 1 twice."),
        (({1: [7]}, {7: Offer(1, 9)}, {9: 1}, {8: [1]}), "The unknown mentor 8 ranks teams."),
        (({1: [7]}, {7: Offer(1, 9)}, {}), "Project 7 has the mentor 9, who is not in the capacities."),
        (({1: [7]}, {7: Offer(-1, 9)}, {9: 1}), "Project 7 has -1 seats."),
        (({1: [7]}, {7: Offer(1, 9)}, {9: -1}), "Mentor 9 has a capacity of -1."),
    ],
)
def test_problem_refuses_what_does_not_fit_together(arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Problem(*arguments)
