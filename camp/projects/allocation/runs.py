"""Allocating the projects of a round: computing runs as often as staff like, publishing one of them, locking it.

Every service that decides about a round locks its row; publishing locks the teams of the stage before it, so that none
is disbanded meanwhile, and the projects and their mentors after it.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from camp.camps.times import moment_text
from camp.projects.allocation.outcome import Outcome
from camp.projects.allocation.problem import digest_of, facts_from, facts_of, snapshot_of, with_text_keys
from camp.projects.allocation.seats import lock_seats, seats_now
from camp.projects.allocation.solving import explain, solve, statistics_of
from camp.projects.allocation.telling import tell_result
from camp.projects.errors import ProjectError, refusal_of
from camp.projects.models import AllocationRun, Placement, Project, SelectionRound, Team
from camp.projects.topics import close_project

# What of a snapshot must still hold when it is published. Points go on changing, and count as they were.
HELD = {
    "preferences": gettext_lazy("the teams or their lists"),
    "unacceptable": gettext_lazy("who is acceptable to whom"),
    "projects": gettext_lazy("the projects or their seats"),
    "closed": gettext_lazy("which projects are open"),
    "capacities": gettext_lazy("the mentors' capacities"),
    "ranked": gettext_lazy("the mentors' orders"),
    "reserved": gettext_lazy("the seats reserved for teams"),
}


@transaction.atomic
def compute(round, *, by, closed=(), at=None):
    """Compute an allocation and keep it, for staff alone. `closed`: ids of projects that it shall do without."""
    at = at or timezone.now()
    round = locked_round(round.pk)
    _require_due(round, at=at)
    facts = facts_of(round, closed=_checked(closed, round))
    placement = solve(facts)
    snapshot, placements = snapshot_of(facts), with_text_keys(placement)
    last = AllocationRun.objects.filter(round=round).aggregate(last=Max("number"))["last"] or 0
    return AllocationRun.objects.create(
        round=round, number=last + 1, seed=round.seed, closed=sorted(closed), snapshot=snapshot, placements=placements,
        reasons=with_text_keys(explain(facts, placement)), statistics=statistics_of(facts, placement),
        result_hash=digest_of(snapshot, placements), started_at=at, started_by=by,
    )  # fmt: skip


def locked_round(pk):
    rounds = SelectionRound.objects.select_related("project_stage__camp__organization", "project_stage__stage")
    return rounds.select_for_update(of=("self",), no_key=True).get(pk=pk)


def due_at(round):
    """When everything is there that decides: mentors' orders too, but for the second round, which asks for none."""
    return round.closes_at if round.assigns else round.mentors_close_at


def _require_due(round, *, at):
    if round.is_published:
        raise ProjectError(_("The result of this round is published, so nothing is computed any more."))
    if at < due_at(round):
        when = moment_text(due_at(round))
        raise ProjectError(_("The lists and orders are not complete before %(when)s. Allocate then.") % {"when": when})
    earlier = SelectionRound.objects.filter(project_stage=round.project_stage_id, number__lt=round.number)
    if earlier.filter(published_at=None).exists():
        raise ProjectError(_("Publish the earlier round first: this one shares what it leaves free."))


def _checked(closed, round):
    if Project.objects.filter(project_stage=round.project_stage_id, pk__in=closed).count() != len(set(closed)):
        raise ProjectError(_("Close only projects of this project stage."))
    return closed


def verify_run(run):
    """Whether the run's snapshot alone gives its result and its digest again."""
    placements = with_text_keys(solve(facts_from(run.snapshot)))
    return placements == run.placements and digest_of(run.snapshot, placements) == run.result_hash


@transaction.atomic
def publish(run, *, by, at=None):
    """Give every team its result, once: the placements, why, and the mails. Refused when facts changed."""
    at = at or timezone.now()
    round_id = AllocationRun.objects.values_list("round", flat=True).get(pk=run.pk)
    teams = locked_teams(Team.objects.filter(project_stage__rounds=round_id))
    round = locked_round(round_id)
    outcome = Outcome(AllocationRun.objects.get(pk=run.pk))
    projects = lock_seats(outcome.problem.projects)
    _require_publishable(outcome, round)
    placements = _store(outcome, round, teams, projects, by=by, at=at)
    round.published_at, round.published_by, outcome.run.published_at = at, by, at
    round._history_user, round._history_date = by, at
    round.save(update_fields=["published_at", "published_by"])
    outcome.run.save(update_fields=["published_at"])
    reasons = closing_reasons(outcome.run)
    for pk in outcome.run.closed:
        if pk in projects and projects[pk].is_open:
            close_project(projects[pk], by=by, at=at, reason=reasons[pk])
    tell_result(placements, round, at=at)
    return outcome.run


def locked_teams(teams):
    return {team.pk: team for team in teams.select_for_update(of=("self",), no_key=True).order_by("pk")}


def closing_reasons(run):
    """{project id: why it does not take place} of what the run does without, by the last run that still offered it."""
    under, earlier = {}, AllocationRun.objects.filter(round=run.round_id, number__lt=run.number).order_by("number")
    for closed, statistics in earlier.values_list("closed", "statistics"):
        under |= {pk: pk in statistics["under_minimum"] for pk in run.closed if pk not in closed}
    too_few = _("Too few teams chose it, so it does not take place.")
    decided = _("The organizers closed it before they gave out the projects, so it does not take place.")
    return {pk: too_few if under.get(pk) else decided for pk in run.closed}


def obstacle_to_running(round, *, at=None):
    """The refusal with which `compute` would answer now, None where it would not refuse."""
    return refusal_of(_require_due, round, at=at or timezone.now())


def obstacle_to_publishing(run):
    return refusal_of(_require_publishable, Outcome(run), run.round)


def _require_publishable(outcome, round):
    if round.is_published:
        raise ProjectError(_("A result of this round is published already."))
    now = snapshot_of(facts_of(round, closed=outcome.run.closed))
    changed = [str(name) for part, name in HELD.items() if now[part] != outcome.run.snapshot[part]]
    if changed:
        words = {"what": _(", ").join(changed)}
        raise ProjectError(_("This has changed since the run: %(what)s. Run it again, then publish that.") % words)
    seats_now(round, outcome.placement).require_kept({pk for pk in outcome.placement.values() if pk})


def _store(outcome, round, teams, projects, *, by, at):
    titles = {pk: project.title for pk, project in projects.items()}
    placements = [
        Placement(
            round=round, team=teams[team], project=projects.get(project), choice=outcome.choice(team),
            is_manual=team in outcome.moved, why=outcome.why(team, titles), placed_at=at,
            reason=outcome.moved[team].reason if team in outcome.moved else "",
        )
        for team, project in outcome.placement.items()
    ]  # fmt: skip
    return bulk_create_with_history(placements, Placement, default_user=by, default_date=at)


@transaction.atomic
def lock(round, *, by, at=None):
    """From now on nobody is moved by hand any more."""
    round = locked_round(round.pk)
    if not round.is_published:
        raise ProjectError(_("Publish a run first; only then is there something to lock."))
    if round.is_locked:
        raise ProjectError(_("This round is locked already."))
    round.locked_at = at or timezone.now()
    round._history_user, round._history_date = by, round.locked_at
    round.save(update_fields=["locked_at"])
    return round
