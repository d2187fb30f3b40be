"""The allocation of teams to projects: the stable one that is best for every team. Plain values in, plain values out.

The problem is that of student-project allocation with preferences over students (SPA-S): D. J. Abraham, R. W. Irving
and D. F. Manlove, "Two algorithms for the student-project allocation problem", Journal of Discrete Algorithms 5 (2007).
Their student is our team, their lecturer our mentor: the one person who is responsible for a project, has one strict
order over all teams, and may have a capacity over all of their projects. All ids are integers.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from heapq import heappop, heappush
from math import inf

Placement = Mapping[int, int | None]


@dataclass(frozen=True)
class Offer:
    """A project as the allocation sees it. Seats and minimum count teams; the minimum only informs the statistics."""

    seats: int
    mentor: int
    minimum: int = 0


@dataclass(frozen=True)
class Problem:
    """Everything that decides an allocation. What does not fit together is refused with a ValueError.

    A mentor's order is their ranked teams, then all others by points (0 if none are given), then by lottery. A capacity
    of None bounds a mentor by the seats of their projects alone. An unacceptable pair (team, project) is never placed.
    """

    preferences: Mapping[int, Sequence[int]]  # team: projects, the dearest first
    projects: Mapping[int, Offer]
    capacities: Mapping[int, int | None]  # mentor: teams over all of their projects
    ranked: Mapping[int, Sequence[int]] = field(default_factory=dict)  # mentor: teams, the best first; may be partial
    points: Mapping[int, Decimal | int] = field(default_factory=dict)
    unacceptable: frozenset[tuple[int, int]] = frozenset()
    seed: str = ""

    def __post_init__(self):
        _check_offers(self)
        _check_lists("Team", self.preferences, "project", self.projects)
        _check_lists("Mentor", self.ranked, "team", self.preferences)
        if unknown := self.ranked.keys() - self.capacities.keys():
            raise ValueError(f"The unknown mentor {min(unknown)} ranks teams.")

    @cached_property
    def positions(self):
        """Where a team stands among those whom a mentor has not ranked: from 0, lower is better."""
        order = strict_order((), self.points, lottery(self.seed, self.preferences))
        return {team: position for position, team in enumerate(order)}

    @cached_property
    def ranked_places(self):
        """For each mentor the teams that they ranked, up to -1, so ahead of all positions."""
        ranked = {mentor: self.ranked.get(mentor, ()) for mentor in self.capacities}
        return {
            mentor: {team: place for place, team in enumerate(teams, -len(teams))} for mentor, teams in ranked.items()
        }

    def place(self, mentor, team):
        """The team's place in the mentor's strict order, lower is better. No order is ever written out for it."""
        return self.ranked_places[mentor].get(team, self.positions[team])

    def order(self, mentor):
        return strict_order(self.ranked.get(mentor, ()), self.points, lottery(self.seed, self.preferences))

    def wanted(self, team):
        """The team's acceptable projects, in its order."""
        wanted = self.preferences[team]
        return [each for each in wanted if (team, each) not in self.unacceptable] if self.unacceptable else wanted


@dataclass(frozen=True)
class Allocation:
    placement: Placement  # every team: its project or None
    digest: str


def _check_offers(problem):
    for project, offer in problem.projects.items():
        if offer.mentor not in problem.capacities:
            raise ValueError(f"Project {project} has the mentor {offer.mentor}, who is not in the capacities.")
        if offer.seats < 0:
            raise ValueError(f"Project {project} has {offer.seats} seats.")
    for mentor, capacity in problem.capacities.items():
        if capacity is not None and capacity < 0:
            raise ValueError(f"Mentor {mentor} has a capacity of {capacity}.")


def _check_lists(who, lists, what, known):
    for owner, listed in lists.items():
        if unknown := [one for one in listed if one not in known]:
            raise ValueError(f"{who} {owner} lists the unknown {what} {min(unknown)}.")
        if len(set(listed)) < len(listed):
            twice = min(one for one, times in Counter(listed).items() if times > 1)
            raise ValueError(f"{who} {owner} lists the {what} {twice} twice.")


def lottery(seed, teams: Iterable[int]) -> dict[int, int]:
    """A number of 63 bits for each team, lower is better, from the seed and the team's own id alone."""
    digests = {team: hashlib.sha256(f"{seed}:{team}".encode()).digest() for team in teams}
    return {team: int.from_bytes(digest[:8]) >> 1 for team, digest in digests.items()}


def strict_order(ranked: Sequence[int], points: Mapping[int, Decimal | int], numbers: Mapping[int, int]) -> list[int]:
    """A mentor's order over all teams that have a number: the ranked, then by points (descending), then by lottery."""
    rest = numbers.keys() - set(ranked)
    return [*ranked, *sorted(rest, key=lambda team: (-points.get(team, 0), numbers[team], team))]


def allocate(problem: Problem) -> Allocation:
    """The stable placement that is best for every team at once, and its digest."""
    placement = match(problem)
    return Allocation(placement, digest(problem, placement))


def match(problem: Problem) -> dict[int, int | None]:
    """Deferred acceptance: teams propose down their lists, and whoever is last where it is too full goes on proposing.

    What a mentor holds is always the best of all proposals so far within the seats and the capacity (a laminar family,
    so a matroid), hence a refusal is final, and the order of the proposals does not matter. The result is the one of
    "SPA-student": stable, no team is better off in another stable placement, none gains by stating other preferences.
    With n teams and lists of L lines altogether it takes O(L log n).
    """
    placement = dict.fromkeys(problem.preferences)
    tables = _Tables(problem, placement)
    for team in problem.preferences:
        while team is not None:
            team = tables.propose(team)
    return placement


class _Bound:
    """A project's seats or a mentor's capacity. Its last team is on top of the heap; who left stays until met there."""

    __slots__ = ("heap", "held", "most")

    def __init__(self, most):
        self.most, self.held, self.heap = inf if most is None else most, 0, []


class _Tables:
    """Who is held by whom at a moment of the deferred acceptance: never more than the seats and the capacities."""

    def __init__(self, problem, placement):
        self.placement, self.positions, places = placement, problem.positions, problem.ranked_places
        self.left = {team: iter(problem.wanted(team)) for team in placement}
        mentors = {mentor: _Bound(most) for mentor, most in problem.capacities.items()}
        offers = problem.projects.items()
        self.bounds = {key: (_Bound(offer.seats), mentors[offer.mentor], places[offer.mentor]) for key, offer in offers}

    def propose(self, team):
        """Let the team propose until it is held; return the team that had to go for it, or None.

        Whoever takes the seat of a project's last team adds none to the mentor, so the narrowest full bound decides.
        """
        position = self.positions[team]
        for project in self.left[team]:
            seats, capacity, places = self.bounds[project]
            merit = -places.get(team, position)
            full = seats if seats.held >= seats.most else capacity if capacity.held >= capacity.most else None
            if full is None:
                return self.hold((merit, team, project), seats, capacity)
            if full.most and (last := self.last(full))[0] < merit:
                self.hold((merit, team, project), seats, capacity)
                return self.dismiss(last)
        return None

    def last(self, bound):
        heap, placement = bound.heap, self.placement
        while placement[heap[0][1]] != heap[0][2]:
            heappop(heap)
        return heap[0]

    def hold(self, entry, *bounds):
        self.placement[entry[1]] = entry[2]
        for bound in bounds:
            bound.held += 1
            heappush(bound.heap, entry)

    def dismiss(self, entry):
        _, team, project = entry
        self.placement[team] = None
        for bound in self.bounds[project][:2]:
            bound.held -= 1
        return team


def digest(problem: Problem, placement: Placement) -> str:
    """SHA-256 in hex over the canonical JSON of input and result: keys in order, points as plain decimals."""
    whole = {name: getattr(problem, name) for name in ("preferences", "capacities", "ranked")}
    whole["projects"] = {project: astuple(offer) for project, offer in problem.projects.items()}
    whole["points"] = {team: format(Decimal(points).normalize(), "f") for team, points in problem.points.items()}
    whole |= {"unacceptable": sorted(problem.unacceptable), "seed": str(problem.seed), "placement": placement}
    whole = {key: dict(sorted(part.items())) if isinstance(part, Mapping) else part for key, part in whole.items()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def without(problem: Problem, closed: Collection[int]) -> Problem:
    """The same problem, with the same seed, as if the closed projects had never been offered."""
    closed = frozenset(closed)
    return replace(
        problem,
        preferences={team: [key for key in keys if key not in closed] for team, keys in problem.preferences.items()},
        projects={project: offer for project, offer in problem.projects.items() if project not in closed},
        unacceptable=frozenset(pair for pair in problem.unacceptable if pair[1] not in closed),
    )


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
