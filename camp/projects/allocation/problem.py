"""From the rows of a selection round to the facts of its allocation, and from those to JSON and back.

`Facts` are plain values: the same rows give the same facts in whatever order they are read, and JSON keeps them whole.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from camp.projects.choosing.conflicts import barred_pairs
from camp.projects.choosing.points import points_of_teams
from camp.projects.matching import Offer, Problem
from camp.projects.models import MentorChoice, Placement, Preference, Project, Refusal, Team
from camp.stages.models import Participation


@dataclass(frozen=True)
class Facts:
    """What one allocation is computed from.

    `closed`: projects that staff closed for it or that are not open any more; lists may still name them. `reserved`:
    project to the team that proposed it. `misfits`: the pairs (team, project) of `problem.unacceptable` that are there
    because of the team's size. `assigns`: the second round.
    """

    problem: Problem
    closed: frozenset[int] = frozenset()
    reserved: Mapping[int, int] = field(default_factory=dict)
    misfits: frozenset[tuple[int, int]] = frozenset()
    assigns: bool = False


# From rows.


def facts_of(round, *, closed=()):
    """The facts of a round as they are now. Seats and capacities are those that earlier rounds have left."""
    placed = dict(placed_elsewhere(round))
    sizes = {team: size for team, size in _teams_taking_part(round) if team not in placed}
    projects = _projects(round)
    misfits = frozenset(
        (team, one.pk) for team, size in sizes.items() for one in projects.values() if not one.takes_size(size)
    )
    barred = barred_pairs(_mentors(projects).values(), sizes)
    problem = Problem(
        preferences=_preferences(round, sizes), projects=_offers(projects, placed),
        capacities=_capacities(projects, placed), ranked=_ranked(round, projects, sizes, barred),
        points=points_of_teams(Team.objects.filter(pk__in=sizes)),
        unacceptable=misfits | _refused(round, projects, sizes, barred), seed=round.seed,
    )  # fmt: skip
    return Facts(
        problem=problem,
        closed=frozenset(closed) | {pk for pk, one in projects.items() if not one.is_open},
        reserved={pk: one.reserved_for_id for pk, one in projects.items() if one.reserved_for_id in sizes},
        misfits=misfits,
        assigns=round.assigns,
    )


def placed_elsewhere(round):
    """(team, project) of what other rounds of the stage have given."""
    others = Placement.objects.placed().exclude(round=round).filter(round__project_stage=round.project_stage_id)
    return others.values_list("team", "project")


def _teams_taking_part(round):
    """(team, people) of teams with at least one active student of the stage; only those count as people."""
    admitted = Participation.objects.admitted().filter(stage=round.project_stage.stage_id)
    people = Q(members__enrollment__in=admitted.filter(enrollment__status="active").values("enrollment"))
    teams = Team.objects.standing().filter(project_stage=round.project_stage_id)
    return teams.annotate(people=Count("members", filter=people)).filter(people__gt=0).values_list("pk", "people")


def _projects(round):
    """What can be had, and what lists name though it is gone."""
    own = Project.objects.filter(project_stage=round.project_stage_id).select_related("mentor")
    listed = Preference.objects.filter(round=round).values("project")
    return own.filter(Q(status=Project.Status.OPEN) | Q(pk__in=listed)).in_bulk()


def _mentor_id(project):
    """A project without a mentor has one of its own who stands for it."""
    return project.mentor_id or -project.pk


def _offers(projects, placed):
    taken = Counter(placed.values())
    return {
        pk: Offer(max(one.seats - taken[pk], 0), _mentor_id(one), max(one.least_teams - taken[pk], 0))
        for pk, one in projects.items()
    }


def _capacities(projects, placed):
    """What each mentor can still take. Their placed teams count also where the project is not offered any more."""
    mentors = {_mentor_id(one): one.mentor for one in projects.values()}
    held = Project.objects.filter(pk__in=set(placed.values())).values_list("pk", "mentor")
    taken, mentor_of = Counter(placed.values()), dict(held)
    with_mentor = Counter()
    for project, teams in taken.items():
        with_mentor[mentor_of[project]] += teams
    bounds = {pk: mentor.capacity if mentor else None for pk, mentor in mentors.items()}
    return {pk: None if most is None else max(most - with_mentor[pk], 0) for pk, most in bounds.items()}


def _preferences(round, sizes):
    lists = {team: [] for team in sorted(sizes)}
    lines = Preference.objects.filter(round=round, team__in=sizes).order_by("team", "rank")
    for team, project in lines.values_list("team", "project"):
        lists[team].append(project)
    return lists


def _mentors(projects):
    return {one.mentor_id: one.mentor for one in projects.values() if one.mentor}


def _ranked(round, projects, sizes, barred):
    """Each mentor's order, without the teams in conflict of interest with them: for those, points decide."""
    choices = MentorChoice.objects.filter(round=round, mentor__in=_mentors(projects), team__in=sizes)
    orders = {}
    for mentor, team in choices.exclude(rank=None).order_by("mentor", "rank").values_list("mentor", "team"):
        if (mentor, team) not in barred:
            orders.setdefault(mentor, []).append(team)
    return orders


def _refused(round, projects, sizes, barred):
    """The pairs (team, project) that mentors refused, but for teams that one of their own students joined since."""
    rows = Refusal.objects.filter(round=round, team__in=sizes, project__in=projects)
    pairs = rows.values_list("team", "project")
    return frozenset(pair for pair in pairs if (projects[pair[1]].mentor_id, pair[0]) not in barred)


# To JSON and back.


def snapshot_of(facts):
    """The facts in plain JSON, in one form only, so that equal facts have equal digests."""
    problem = facts.problem
    return {
        "method": "assignment" if facts.assigns else "matching",
        "seed": problem.seed,
        "preferences": with_text_keys(problem.preferences, list),
        "projects": with_text_keys(problem.projects, lambda offer: list(astuple(offer))),
        "capacities": with_text_keys(problem.capacities),
        "ranked": with_text_keys(problem.ranked, list),
        "points": with_text_keys(problem.points, lambda points: format(Decimal(points).normalize(), "f")),
        "unacceptable": sorted(map(list, problem.unacceptable)),
        "misfits": sorted(map(list, facts.misfits)),
        "closed": sorted(facts.closed),
        "reserved": with_text_keys(facts.reserved),
    }


def facts_from(snapshot):
    problem = Problem(
        preferences=with_number_keys(snapshot["preferences"]),
        projects=with_number_keys(snapshot["projects"], lambda offer: Offer(*offer)),
        capacities=with_number_keys(snapshot["capacities"]),
        ranked=with_number_keys(snapshot["ranked"]),
        points=with_number_keys(snapshot["points"], Decimal),
        unacceptable=frozenset(map(tuple, snapshot["unacceptable"])),
        seed=snapshot["seed"],
    )
    return Facts(
        problem=problem, closed=frozenset(snapshot["closed"]), reserved=with_number_keys(snapshot["reserved"]),
        misfits=frozenset(map(tuple, snapshot["misfits"])), assigns=snapshot["method"] == "assignment",
    )  # fmt: skip


def digest_of(snapshot, placements):
    """SHA-256 in hex over the canonical JSON of what went in and what came out."""
    whole = json.dumps({"in": snapshot, "out": placements}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def with_text_keys(values, change=lambda value: value):
    return {str(key): change(value) for key, value in sorted(values.items())}


def with_number_keys(values, change=lambda value: value):
    return {int(key): change(value) for key, value in values.items()}
