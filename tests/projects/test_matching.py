import random
import re
from dataclasses import replace
from decimal import Decimal
from itertools import chain, permutations, product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.games import StudentAllocation

from camp.projects.matching import (
    Basis,
    Block,
    BlockingPair,
    Missed,
    Offer,
    Problem,
    Statistics,
    Why,
    allocate,
    blocking_pairs,
    digest,
    lottery,
    match,
    reasons,
    statistics,
    strict_order,
    without,
)


@st.composite
def problems(draw, teams=6, projects=4, mentors=3):
    """Small and crowded, with everything in it: empty lists, no seats, bounded mentors, orders that end early, ties."""
    teams, projects, mentors = (range(draw(st.integers(1, most))) for most in (teams, projects, mentors))
    some_of = {ids: st.lists(st.sampled_from(ids), unique=True) for ids in (teams, projects)}
    offers = st.builds(Offer, seats=st.integers(0, 3), mentor=st.sampled_from(mentors), minimum=st.integers(0, 2))
    return Problem(
        preferences={team: draw(some_of[projects]) for team in teams},
        projects={project: draw(offers) for project in projects},
        capacities={mentor: draw(st.none() | st.integers(0, 4)) for mentor in mentors},
        ranked={mentor: draw(some_of[teams]) for mentor in mentors},
        points={team: draw(st.integers(0, 2)) for team in teams},
        unacceptable=draw(st.frozensets(st.tuples(st.sampled_from(teams), st.sampled_from(projects)), max_size=2)),
        seed=draw(st.sampled_from("abc")),
    )


@st.composite
def placed_by_hand(draw):
    """A problem with any placement, also an overfull one or one of projects that nobody listed."""
    problem = draw(problems())
    return problem, {team: draw(st.none() | st.sampled_from(sorted(problem.projects))) for team in problem.preferences}


def rank(problem, team, project):
    """Lower is better; to have nothing, or something that is not listed, is worst."""
    wanted = problem.preferences[team]
    return wanted.index(project) if project in wanted else inf


def held(problem, placement, *, project=None, mentor=None):
    mentors = {None: None} | {key: offer.mentor for key, offer in problem.projects.items()}
    return [team for team, own in placement.items() if own is not None and (own == project or mentors[own] == mentor)]


def fits(problem, placement):
    capacities = problem.capacities.items()
    return (
        all(len(held(problem, placement, project=key)) <= offer.seats for key, offer in problem.projects.items())
        and all(most is None or len(held(problem, placement, mentor=key)) <= most for key, most in capacities)
        and all(own is None or own in problem.wanted(team) for team, own in placement.items())
    )


def blocks(problem, placement, team, project):
    """The definition of Abraham, Irving and Manlove, word by word, to compare with what the code says."""
    offer = problem.projects[project]
    order, most = problem.order(offer.mentor), problem.capacities[offer.mentor]
    here, theirs = held(problem, placement, project=project), held(problem, placement, mentor=offer.mentor)
    has_seat, has_room = len(here) < offer.seats, most is None or len(theirs) < most

    def preferred_to_the_last_of(teams):
        return bool(teams) and order.index(team) < max(order.index(each) for each in teams)

    return (
        project in problem.wanted(team)
        and rank(problem, team, project) < rank(problem, team, placement[team])
        and (
            (has_seat and has_room)
            or (has_seat and not has_room and (team in theirs or preferred_to_the_last_of(theirs)))
            or (not has_seat and preferred_to_the_last_of(here))
        )
    )


def all_blocking(problem, placement):
    return [
        (team, project)
        for team in sorted(problem.preferences)
        for project in problem.preferences[team]
        if blocks(problem, placement, team, project)
    ]


def stable_placements(problem):
    for choice in product(*([None, *problem.wanted(team)] for team in problem.preferences)):
        placement = dict(zip(problem.preferences, choice, strict=True))
        if fits(problem, placement) and not all_blocking(problem, placement):
            yield placement


def shuffled(problem, chance):
    """The same problem in another order of everything that has none."""

    def shuffle(mapping):
        return dict(chance.sample(list(mapping.items()), len(mapping)))

    names = ("preferences", "projects", "capacities", "ranked", "points")
    return replace(problem, **{name: shuffle(getattr(problem, name)) for name in names})


def crowd(chance):
    """What the package `matching` takes without changing it: nobody without a wish, no mentor bounded in vain."""
    wanted = {team: chance.sample(range(6), chance.randint(1, 4)) for team in range(chance.randint(2, 9))}
    offers = {key: Offer(chance.randint(1, 3), key % 3) for key in sorted(set(chain(*wanted.values())))}
    seats = {mentor: [one.seats for one in offers.values() if one.mentor == mentor] for mentor in range(3)}
    capacities = {mentor: chance.randint(max(each), sum(each)) for mentor, each in seats.items() if each}
    ranked = {mentor: chance.sample(sorted(wanted), chance.randint(0, len(wanted))) for mentor in capacities}
    return Problem(wanted, offers, capacities, ranked, {team: chance.randrange(3) for team in wanted}, seed="crowd")


def by_library(problem):
    mentors = {key: offer.mentor for key, offer in problem.projects.items()}
    orders = {
        mentor: [t for t in problem.order(mentor) if mentor in {mentors[one] for one in problem.preferences[t]}]
        for mentor in problem.capacities
    }
    seats = {key: offer.seats for key, offer in problem.projects.items()}
    game = StudentAllocation.create_from_dictionaries(problem.preferences, orders, mentors, seats, problem.capacities)
    solved = {team.name: project.name for project, teams in game.solve("student").items() for team in teams}
    return dict.fromkeys(problem.preferences) | solved


def one_project(*, seats=1, capacity=None, teams=(1, 2, 3), **given):
    return Problem({team: [7] for team in teams}, {7: Offer(seats, 9)}, {9: capacity}, **given)


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


def test_without_leaves_no_trace_of_a_closed_project():
    offers = {7: Offer(1, 9), 8: Offer(1, 9)}
    problem = Problem({1: [8, 7], 2: [8]}, offers, {9: 1}, unacceptable=frozenset({(1, 8), (2, 7)}), seed="a")

    rest = without(problem, [8])

    assert rest == Problem({1: [7], 2: []}, {7: offers[7]}, {9: 1}, unacceptable=frozenset({(2, 7)}), seed="a")


def test_statistics_count_choices_reasons_and_seats():
    projects = {7: Offer(1, 9), 8: Offer(4, 9, minimum=3), 6: Offer(2, 5, minimum=1)}
    problem = Problem({1: [7], 2: [7, 8], 3: [8], 4: [7], 5: [], 6: []}, projects, {9: 4, 5: None})

    result = statistics(problem, {1: 7, 2: 8, 3: 8, 4: None, 5: None, 6: 8})

    assert result == Statistics({1: 2, 2: 1}, 1, 1, 1, under_minimum=(6,), free={6: 2, 7: 0, 8: 1}, usable=2)


def test_statistics_after_a_rerun_leave_the_closed_projects_out():
    problem = Problem({1: [8, 7], 2: [8]}, {7: Offer(2, 9), 8: Offer(1, 9, minimum=1)}, {9: None})

    result = statistics(problem, match(without(problem, [8])), closed=[8])

    assert result == Statistics({2: 1}, 0, gave_no_list=0, no_seat=1, under_minimum=(), free={7: 1}, usable=1)


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
