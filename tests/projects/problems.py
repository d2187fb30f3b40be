"""Small allocation problems, and what is true of them said a second time, plainly, to compare with."""

from dataclasses import replace
from itertools import chain, product
from math import inf

from hypothesis import strategies as st
from matching.games import StudentAllocation

from camp.projects.matching import Offer, Problem


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
