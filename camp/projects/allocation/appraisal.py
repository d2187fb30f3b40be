"""What can be said of a placement, whoever made it: which pairs block it, why nobody got more, how it turned out.

Plain values in, plain values out, as in `matching`. A placement is a computed one, or one that staff changed by hand.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from camp.projects.matching import Placement, Problem


class Block(StrEnum):
    """Why a team and a project would rather have each other: the three conditions of Abraham, Irving and Manlove."""

    FREE = "free"  # the project has a seat and its mentor has room
    SAME_MENTOR = "same_mentor"  # a seat; the mentor is full, but would only exchange one of their projects for another
    MENTOR = "mentor"  # a seat; the mentor is full, but prefers the team to the last of all of theirs
    PROJECT = "project"  # no seat, but the mentor prefers the team to the last one in the project


@dataclass(frozen=True)
class BlockingPair:
    team: int
    project: int
    reason: Block
    last: int | None = None  # the team that would have to go (MENTOR, PROJECT)


class Why(StrEnum):
    """Why a team did not get a project."""

    CLOSED = "closed"
    NOT_ACCEPTABLE = "not_acceptable"
    PROJECT_FULL = "project_full"
    MENTOR_FULL = "mentor_full"  # the project has a seat left, but its mentor has all the teams they can take
    BY_HAND = "by_hand"  # nothing stood in the way: the pair is a blocking one, so somebody moved a team


class Basis(StrEnum):
    """What put the last team that was taken ahead of this one."""

    MENTOR = "mentor"
    POINTS = "points"
    LOTTERY = "lottery"


@dataclass(frozen=True)
class Missed:
    """A project that a team listed before the one it got. `last` and `basis` are None if no team is in the way."""

    project: int
    why: Why
    basis: Basis | None = None
    last: int | None = None


@dataclass(frozen=True)
class Statistics:
    by_choice: Mapping[int, int]  # 1: teams with their first choice, …; only choices that somebody got
    off_list: int  # placed by hand in a project that the team had not listed
    gave_no_list: int
    no_seat: int
    under_minimum: tuple[int, ...]  # projects with fewer teams than their minimum, those without a team too
    free: Mapping[int, int]  # project: seats without a team, whatever the mentor's capacity
    usable: int  # seats that could still be taken within the capacities of the mentors


def blocking_pairs(problem: Problem, placement: Placement) -> list[BlockingPair]:
    """Every pair that makes a placement unstable, by team and then in its order; none after `allocate`. O(L)."""
    taken = _Taken(problem, placement)
    preferred = {team: _preferred(problem, placement, team) for team in sorted(problem.preferences)}
    pairs = ((team, project) for team, projects in preferred.items() for project in projects)
    found = (BlockingPair(*pair, *taken.hurdle(*pair)) for pair in pairs if pair not in problem.unacceptable)
    return [pair for pair in found if taken.is_overcome(pair)]


def reasons(problem: Problem, placement: Placement, closed: Collection[int] = ()) -> dict[int, tuple[Missed, ...]]:
    """For every team, why it got none of the projects that it listed before its own (or none at all).

    After a rerun `without` some projects, ask the whole problem with those as `closed`, so that they are accounted for.
    """
    taken = _Taken(problem, placement)
    return {
        team: tuple(taken.missed(team, project, closed) for project in _preferred(problem, placement, team))
        for team in problem.preferences
    }


def _preferred(problem, placement, team):
    """What the team listed before its own project: everything if it has none, or one by hand that it did not list."""
    wanted = problem.preferences[team]
    own = placement.get(team)
    return wanted[: wanted.index(own)] if own in wanted else wanted


class _Taken:
    """A placement seen from the projects: how many seats are left, and who is last. It may be unstable and overfull."""

    def __init__(self, problem, placement):
        self.problem, self.placement = problem, placement
        self.seats, self.capacity = room(problem, placement)
        self.last_in, self.last_with = {}, {}
        for team, project in placement.items():
            if project is not None:
                mentor = problem.projects[project].mentor
                for lasts, key in ((self.last_in, project), (self.last_with, mentor)):
                    lasts[key] = max(lasts.get(key, team), team, key=lambda each, of=mentor: problem.place(of, each))

    def mentor(self, project):
        return self.problem.projects[project].mentor

    def hurdle(self, team, project):
        """What decides whether the team could have the project, and the team that it would have to beat."""
        if not self.seats[project]:
            return Block.PROJECT, self.last_in.get(project)
        mentor, own = self.mentor(project), self.placement.get(team)
        if self.capacity[mentor]:
            return Block.FREE, None
        if own is not None and self.mentor(own) == mentor:
            return Block.SAME_MENTOR, None
        return Block.MENTOR, self.last_with.get(mentor)

    def is_overcome(self, pair):
        """Where there are no seats at all, nobody is last, and nobody can be beaten."""
        if pair.last is None:
            return pair.reason in (Block.FREE, Block.SAME_MENTOR)
        mentor = self.mentor(pair.project)
        return self.problem.place(mentor, pair.team) < self.problem.place(mentor, pair.last)

    def missed(self, team, project, closed):
        if project in closed:
            return Missed(project, Why.CLOSED)
        if (team, project) in self.problem.unacceptable:
            return Missed(project, Why.NOT_ACCEPTABLE)
        reason, last = self.hurdle(team, project)
        if self.is_overcome(BlockingPair(team, project, reason, last)):
            return Missed(project, Why.BY_HAND)
        why = Why.PROJECT_FULL if reason == Block.PROJECT else Why.MENTOR_FULL
        return Missed(project, why, None if last is None else self.basis(self.mentor(project), team, last), last)

    def basis(self, mentor, team, last):
        if last in self.problem.ranked_places[mentor]:
            return Basis.MENTOR
        points = self.problem.points
        return Basis.LOTTERY if points.get(team, 0) == points.get(last, 0) else Basis.POINTS


def room(problem: Problem, placement: Placement) -> tuple[dict[int, int], dict[int, float]]:
    """Seats left in each project, and teams each mentor can still take (infinity without a capacity); never below 0."""
    in_project = Counter(project for project in placement.values() if project is not None)
    with_mentor = Counter(problem.projects[project].mentor for project in in_project.elements())
    most = {mentor: inf if capacity is None else capacity for mentor, capacity in problem.capacities.items()}
    return (
        {project: max(offer.seats - in_project[project], 0) for project, offer in problem.projects.items()},
        {mentor: max(most[mentor] - with_mentor[mentor], 0) for mentor in most},
    )


def statistics(problem: Problem, placement: Placement, closed: Collection[int] = ()) -> Statistics:
    """How a placement turned out. Like `reasons`, ask the whole problem, so that a list of closed ones is a list."""
    seats, capacity = room(problem, placement)
    free = {project: seats[project] for project in sorted(seats) if project not in closed}
    placed = {team: project for team, project in placement.items() if project is not None}
    choices = Counter(_choice(problem, team, project) for team, project in placed.items())
    teams, left = Counter(placed.values()), Counter()
    for project in free:
        left[problem.projects[project].mentor] += free[project]
    unplaced = problem.preferences.keys() - placed.keys()
    gave_no_list = sum(not problem.preferences[team] for team in unplaced)
    return Statistics(
        by_choice={choice: choices[choice] for choice in sorted(choices) if choice},
        off_list=choices[0],
        gave_no_list=gave_no_list,
        no_seat=len(unplaced) - gave_no_list,
        under_minimum=tuple(project for project in free if teams[project] < problem.projects[project].minimum),
        free=free,
        usable=sum(min(left[mentor], capacity[mentor]) for mentor in left),
    )


def _choice(problem, team, project):
    """1 for the team's first choice; 0 for what it did not list."""
    wanted = problem.preferences.get(team, ())
    return wanted.index(project) + 1 if project in wanted else 0
