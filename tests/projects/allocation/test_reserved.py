"""Seats that are reserved for whoever proposed the project: never lost for their team, never wasted."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from camp.projects.allocation.appraisal import blocking_pairs
from camp.projects.allocation.problem import Facts
from camp.projects.allocation.solving import explain, reservations, seen_with_seats, solve
from camp.projects.matching import Offer, Problem, match, without


@st.composite
def facts(draw):
    """Up to 6 teams, 4 projects and 2 mentors, with seats reserved and a project closed here and there."""
    teams, mentors = range(1, draw(st.integers(1, 6)) + 1), (1, 2)
    projects = {
        project: Offer(draw(st.integers(0, 2)), draw(st.sampled_from(mentors)))
        for project in range(11, 11 + draw(st.integers(1, 4)))
    }
    lists = st.lists(st.sampled_from(sorted(projects)), unique=True)
    pairs = st.tuples(st.sampled_from(teams), st.sampled_from(sorted(projects)))
    problem = Problem(
        preferences={team: draw(lists) for team in teams}, projects=projects,
        capacities={mentor: draw(st.none() | st.integers(0, 3)) for mentor in mentors},
        ranked={1: draw(st.lists(st.sampled_from(teams), unique=True))},
        unacceptable=draw(st.frozensets(pairs, max_size=2)), seed=draw(st.sampled_from("abc")),
    )  # fmt: skip
    reserved = draw(st.dictionaries(st.sampled_from(sorted(projects)), st.sampled_from(teams)))
    return Facts(problem, closed=draw(st.frozensets(st.sampled_from(sorted(projects)), max_size=1)), reserved=reserved)


def place(facts, team, project):
    wanted = facts.problem.preferences[team]
    return wanted.index(project) if project in wanted else len(wanted)


@given(facts())
def test_proposers_get_what_they_proposed_or_something_dearer(facts):
    placement = solve(facts)

    for project, team in reservations(facts).items():
        assert place(facts, team, placement[team]) <= place(facts, team, project)


@given(facts())
def test_seats_capacities_and_acceptability_hold_with_reserved_seats(facts):
    placement = {team: project for team, project in solve(facts).items() if project is not None}
    offers, capacities = facts.problem.projects, facts.problem.capacities
    seats = Counter(placement.values())
    teams = Counter(offers[project].mentor for project in placement.values())

    assert [one for one in seats if seats[one] > offers[one].seats or one in facts.closed] == []
    assert [one for one in teams if capacities[one] is not None and teams[one] > capacities[one]] == []
    assert set(placement.items()) & facts.problem.unacceptable == set()
    assert [team for team, project in placement.items() if project not in facts.problem.preferences[team]] == []


@given(facts())
def test_the_result_is_stable_beside_the_reserved_seats_in_use(facts):
    problem, placement = seen_with_seats(facts, solve(facts))

    assert blocking_pairs(without(problem, facts.closed), placement) == []


@given(facts())
def test_without_reserved_seats_it_is_the_plain_matching(facts):
    plain = Facts(facts.problem, closed=facts.closed)

    assert solve(plain) == match(without(facts.problem, facts.closed))


@given(facts())
def test_nothing_computed_looks_done_by_hand(facts):
    reasons = explain(facts, solve(facts))

    assert [line for lines in reasons.values() for line in lines if line["reason"] == "by_hand"] == []


def test_a_seat_that_its_team_does_not_need_goes_to_others():
    problem = Problem(
        preferences={1: [12, 11], 2: [11]}, projects={11: Offer(1, 1), 12: Offer(1, 1)}, capacities={1: None}
    )

    assert solve(Facts(problem, reserved={11: 1})) == {1: 12, 2: 11}


def test_a_reserved_seat_beats_the_mentors_order():
    problem = Problem(preferences={1: [11], 2: [11]}, projects={11: Offer(1, 1)}, capacities={1: None}, ranked={1: [2]})
    facts = Facts(problem, reserved={11: 1})

    assert solve(facts) == {1: 11, 2: None}
    assert explain(facts, solve(facts))[2] == [{"project": 11, "reason": "reserved", "basis": None}]


def test_no_seat_is_reserved_beyond_the_mentors_capacity():
    problem = Problem(preferences={1: [11], 2: [12]}, projects={11: Offer(1, 1), 12: Offer(1, 1)}, capacities={1: 1})

    assert reservations(Facts(problem, reserved={11: 1, 12: 2})) == {11: 1}


def test_a_second_round_says_whether_there_was_a_seat():
    problem = Problem(
        preferences={1: [11, 12], 2: [12], 3: [13, 12]},
        projects={11: Offer(0, 1), 12: Offer(1, 1), 13: Offer(1, 2)}, capacities={1: None, 2: 0},
    )  # fmt: skip
    facts = Facts(problem, assigns=True)

    reasons = explain(facts, {1: 12, 2: None, 3: None})

    assert [(line["project"], line["reason"]) for line in reasons[1]] == [(11, "taken")]
    assert [(line["project"], line["reason"]) for line in reasons[2]] == [(12, "shared")]
    assert [(line["project"], line["reason"]) for line in reasons[3]] == [(13, "mentor_full"), (12, "shared")]
