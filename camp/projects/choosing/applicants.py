"""What a mentor's pages show: their projects, and once the teams' lists are closed, who chose them.

Nothing here tells a mentor at which place of its list a team has put a project.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from camp.projects.choosing import mentoring
from camp.projects.choosing.conflicts import conflicts_of
from camp.projects.choosing.points import points_of_teams
from camp.projects.choosing.selection import current_round
from camp.projects.models import MentorChoice, Placement, Preference, Project, Proposal, Refusal, SelectionRound, Team


@dataclass
class Applicant:
    """A team that chose a project of the mentor's. `conflict`: why they cannot judge it.

    `is_judged`: by them; the teams of a project that they only help with are judged by who is responsible for it.
    `rank`: its place in the mentor's stored order. `placement`: in one of these projects, once that is published.
    """

    team: Team
    points: Decimal
    projects: list = field(default_factory=list)
    members: list = field(default_factory=list)
    proposals: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    is_shortlisted: bool = False
    conflict: str = ""
    is_judged: bool = True
    rank: int | None = None
    placement: Placement | None = None


@dataclass(frozen=True)
class Supervised:
    """A project that the mentor is responsible for (`is_own`) or helps with."""

    project: Project
    is_own: bool
    free_seats: int


@dataclass
class Desk:
    """The page of a mentor. Without applicants while they are secret."""

    round: SelectionRound | None
    projects: list = field(default_factory=list)
    shows_teams: bool = False
    is_open: bool = False
    is_over: bool = False
    ranked: list[Applicant] = field(default_factory=list)
    others: list[Applicant] = field(default_factory=list)
    barred: list[Applicant] = field(default_factory=list)
    stored: list[Applicant] = field(default_factory=list)
    helped: list = field(default_factory=list)
    based_on: str = ""
    is_changed: bool = False

    @property
    def takes_order(self):
        return self.is_open and not self.round.assigns

    @property
    def has_teams(self):
        return bool(self.ranked or self.others or self.barred)


def desk(mentor, *, now, order=None, shortlist=None, based_on=None):
    """`order`, `shortlist` and `based_on`: what the mentor is just making; without, what is stored."""
    round, projects = current_round(mentor.project_stage, now), projects_of(mentor)
    if round is None or not round.is_closed(now):
        return Desk(round, projects)
    shown = Desk(round, projects, shows_teams=True, is_open=round.takes_mentors_order(now))
    shown.is_over = not shown.is_open
    shown.based_on = mentoring.version_of(round, mentor) if based_on is None else based_on
    found = {one.team.pk: one for one in applicants(round, mentor, shortlist=shortlist)}
    _sort(shown, found, order if shown.is_open else None, _stored_order(round, mentor))
    shown.helped = _helped(round, mentor, projects)
    return shown


def own_students(mentor, *, now):
    """Who is declared, whether another may be, and whether an unpublished result may be computed already."""
    unpublished = mentor.project_stage.rounds.filter(published_at=None)
    return {
        "declared": mentor.conflicts.select_related("enrollment__student").order_by("-declared_at", "-pk"),
        "is_over": mentor.project_stage.camp.has_ended(now),
        "must_run_again": unpublished.filter(mentors_close_at__lte=now).exists(),
    }


def projects_of(mentor):
    """Theirs and those that they help with."""
    rows = Project.objects.filter(Q(mentor=mentor) | Q(pk__in=mentor.co_mentored_projects.values("pk"))).for_list()
    rows = rows.annotate(placed=Count("placements", filter=Q(placements__project__isnull=False)))
    return [Supervised(row, row.mentor_id == mentor.pk, max(row.seats - row.placed, 0)) for row in rows]


def _stored_order(round, mentor):
    choices = MentorChoice.objects.filter(round=round, mentor=mentor).exclude(rank=None)
    return list(choices.order_by("rank").values_list("team", flat=True))


def _sort(shown, found, order, stored):
    wanted = stored if order is None else list(dict.fromkeys(order))
    judged = {pk: one for pk, one in found.items() if not one.conflict}
    shown.ranked = [judged[pk] for pk in wanted if pk in judged]
    shown.others = [one for pk, one in judged.items() if pk not in wanted]
    shown.others.sort(key=lambda one: (-one.points, one.team.name))
    shown.barred = [one for one in found.values() if one.conflict]
    shown.stored = [judged[pk] for pk in stored if pk in judged]
    shown.is_changed = wanted != stored


def applicants(round, mentor, *, shortlist=None, only=None):
    """The teams that chose the mentor's projects; `only`: one of them. A constant number of queries."""
    found = _found(round, mentor.projects.all(), only=only)
    for pk, why in conflicts_of(mentor, [one.team for one in found.values()]).items():
        found[pk].conflict = why
    _mark(found, round, mentor, shortlist)
    return list(found.values())


def helped_applicants(round, mentor, *, only=None):
    """The teams that chose projects which the mentor helps with: to be read."""
    found = _found(round, _helped_projects(mentor), only=only)
    for one in found.values():
        one.is_judged = False
    return list(found.values())


def _helped_projects(mentor):
    return mentor.co_mentored_projects.exclude(mentor=mentor)


def _found(round, projects, *, only):
    teams = mentoring.choosers_of(round, projects).select_related("lead__student")
    teams = list((teams.filter(pk=only) if only else teams).prefetch_related("members__enrollment__student"))
    points = points_of_teams(teams)
    found = {team.pk: Applicant(team, points[team.pk], members=list(team.members.all())) for team in teams}
    _fill(found, round, projects)
    return found


def _fill(found, round, projects):
    of_these = {"team__in": found, "project__in": projects}
    lines = Preference.objects.filter(round=round, **of_these)
    for line in lines.select_related("project").order_by("project__number"):
        found[line.team_id].projects.append(line.project)
    for proposal in Proposal.objects.filter(team__in=found).order_by("pk"):
        found[proposal.team_id].proposals.append(proposal)
    refusals = Refusal.objects.filter(round=round, **of_these)
    for refusal in refusals.select_related("project").order_by("project__number"):
        found[refusal.team_id].refusals.append(refusal)
    for placement in Placement.objects.filter(**of_these).select_related("project"):
        found[placement.team_id].placement = placement


def _mark(found, round, mentor, shortlist):
    for choice in MentorChoice.objects.filter(round=round, mentor=mentor, team__in=found):
        one = found[choice.team_id]
        one.rank, one.is_shortlisted = choice.rank, choice.is_shortlisted
    if shortlist is not None:
        for pk, one in found.items():
            one.is_shortlisted = pk in shortlist


def _helped(round, mentor, projects):
    """The projects that somebody else is responsible for, each with the teams that chose it."""
    helped = [row.project for row in projects if not row.is_own]
    found = helped_applicants(round, mentor) if helped else []
    return [{"project": one, "applicants": [who for who in found if one in who.projects]} for one in helped]
