import math
from collections import Counter
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from camp.projects.allocation.assignment import second_round
from camp.projects.matching import Offer, Problem, allocate


@st.composite
def half_placed(draw):
    """A few teams, some of them with a project already, perhaps one that they did not list, perhaps one too full."""
    teams, projects, mentors = range(draw(st.integers(1, 5))), range(draw(st.integers(1, 3))), range(2)
    some_projects = st.lists(st.sampled_from(projects), unique=True)
    problem = Problem(
        preferences={team: draw(some_projects) for team in teams},
        projects={key: Offer(draw(st.integers(0, 2)), draw(st.sampled_from(mentors))) for key in projects},
        capacities={mentor: draw(st.none() | st.integers(0, 3)) for mentor in mentors},
        points={team: draw(st.integers(0, 2)) for team in teams},
        unacceptable=draw(st.frozensets(st.tuples(st.sampled_from(teams), st.sampled_from(projects)), max_size=2)),
    )
    placed = draw(st.lists(st.sampled_from(teams), unique=True, max_size=2))
    return problem, dict.fromkeys(teams) | {team: draw(st.sampled_from(projects)) for team in placed}


def value(problem, before, after):
    """Lower is better: fewer left out, then a lower sum of choices, then the earlier in the order the better off."""
    waiting = [team for team in problem.order(0) if before[team] is None]
    choices = [choice(problem, team, after[team]) for team in waiting]
    placed = [each for each in choices if each]
    outside = 1 + max((len(problem.preferences[team]) for team in waiting), default=0)
    weighted = sum(weight * (each or outside) for weight, each in enumerate(reversed(choices), 1))
    return len(choices) - len(placed), sum(placed), weighted


def choice(problem, team, project):
    return None if project is None else problem.preferences[team].index(project) + 1


def fits(problem, before, after):
    """Wherever somebody is added, all who are there are within the seats and within the mentor's capacity."""
    teams = Counter(after.values())
    mentors = {project: offer.mentor for project, offer in problem.projects.items()}
    theirs = Counter(mentors[project] for project in after.values() if project is not None)
    added = {project for team, project in after.items() if before[team] is None} - {None}
    return all(
        teams[project] <= problem.projects[project].seats
        and theirs[mentors[project]] <= (math.inf if (most := problem.capacities[mentors[project]]) is None else most)
        for project in added
    )


def ways(problem, before):
    """Everything that a second round could do."""
    waiting = [team for team in problem.preferences if before[team] is None]
    for projects in product(*([None, *problem.wanted(team)] for team in waiting)):
        after = before | dict(zip(waiting, projects, strict=True))
        if fits(problem, before, after):
            yield after


def test_second_round_gives_free_seats_to_as_many_as_possible():
    problem = Problem({1: [7, 8], 2: [7]}, {7: Offer(1, 9), 8: Offer(1, 9)}, {9: None}, points={1: 50})

    assert second_round(problem, {1: None, 2: None}) == {1: 8, 2: 7}


def test_second_round_moves_nobody_who_has_a_project():
    problem = Problem({1: [8], 2: [7, 8]}, {7: Offer(1, 9), 8: Offer(1, 9)}, {9: None})

    assert second_round(problem, {1: 7, 2: None}) == {1: 7, 2: 8}


def test_second_round_keeps_to_what_the_mentor_has_left():
    projects = {7: Offer(2, 9), 8: Offer(2, 9), 6: Offer(1, 5)}
    problem = Problem({1: [7], 2: [8, 6], 3: [7, 6], 4: [8]}, projects, {9: 2, 5: 0}, points={2: 10, 3: 20})

    assert second_round(problem, {1: 7, 2: None, 3: None, 4: None}) == {1: 7, 2: None, 3: 7, 4: None}


def test_second_round_gives_the_better_choice_to_more_points():
    problem = Problem({1: [7, 8], 2: [7, 8]}, {7: Offer(1, 9), 8: Offer(1, 9)}, {9: None}, points={2: 1})

    assert second_round(problem, {1: None, 2: None}) == {1: 8, 2: 7}


def test_second_round_of_nobody_changes_nothing():
    problem = Problem({1: [7], 2: []}, {7: Offer(1, 9)}, {9: None})

    assert second_round(problem, {1: 7, 2: None}) == {1: 7, 2: None}


@settings(max_examples=200)
@given(half_placed())
def test_second_round_is_as_good_as_the_best_of_all_ways(given_half):
    problem, before = given_half

    after = second_round(problem, before)

    everything = list(ways(problem, before))
    assert after in everything
    assert value(problem, before, after) == min(value(problem, before, each) for each in everything)


@given(half_placed())
def test_second_round_does_not_depend_on_the_order_of_its_input(given_half):
    problem, before = given_half
    names = ("preferences", "projects", "capacities", "points")

    turned = replace(problem, **{name: dict(reversed(getattr(problem, name).items())) for name in names})

    assert second_round(turned, dict(reversed(before.items()))) == second_round(problem, before)


@given(half_placed())
def test_second_round_after_a_stable_allocation_finds_nobody_to_place(given_half):
    problem, _before = given_half

    placement = allocate(problem).placement

    assert second_round(problem, placement) == placement
