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
