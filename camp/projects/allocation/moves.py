"""Staff put a team elsewhere than it was computed to be, with a reason.

They may before the result is published, and after, until it is locked. The row of the round is locked first.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.projects.allocation.outcome import Outcome
from camp.projects.allocation.runs import locked_round, tell_all
from camp.projects.allocation.solving import lacks
from camp.projects.errors import ProjectError
from camp.projects.models import AllocationRun, ManualMove, Placement, Project, Team

# By what `camp.projects.allocation.solving.lacks` finds missing: a free seat, the mentor's time.
MISSING = {
    (True, False): gettext_lazy("This project has no free seat. Move a team out of it first."),
    (False, True): gettext_lazy(
        "This project has a free seat, but its mentor has as many teams as they can supervise. Move a team of theirs"
        " away first."
    ),
    (True, True): gettext_lazy(
        "This project has no free seat, and its mentor has as many teams as they can supervise. Move a team out of it"
        " first."
    ),
}


class ChangedError(ProjectError):
    """Somebody moved a team since what was asked for was looked at."""


@transaction.atomic
def move(run, team, project, *, by, reason, seen=None, at=None):
    """Put a team into a project of the run, or nowhere (None), within seats and capacities.

    The pairs that this makes unstable are kept with it. `seen`: how many moves there were when somebody looked at
    them; another number is refused, because the pairs may be others.
    """
    round, outcome = _locked(run)
    if seen is not None and seen != len(outcome.moves):
        raise ChangedError(_("Somebody moved a team meanwhile. Look at what your move does now, then confirm it."))
    if not reason.strip():
        raise ProjectError(_("Give a reason; the team reads it."))
    team, project = Team.objects.get(pk=team.pk), project and Project.objects.get(pk=project.pk)
    require_movable(outcome, round, team, project)
    pairs = [stored(pair) for pair in outcome.new_blocking(team.pk, project and project.pk)]
    return _record(outcome, round, team, project, by=by, reason=reason.strip(), blocking=pairs, at=at)


@transaction.atomic
def take_back(run, *, by, at=None):
    """Put the team of the last move that counts back where it was."""
    round, outcome = _locked(run)
    last = outcome.last_move
    if last is None:
        raise ProjectError(_("There is no move to take back."))
    project = Project.objects.filter(pk=outcome.before(last)[last.team_id] or 0).first()
    _require_open(outcome, round, last.team)
    reason = _("Taken back: %(reason)s") % {"reason": last.reason}
    return _record(outcome, round, last.team, project, by=by, reason=reason[:300], takes_back=last, at=at)


def _locked(run):
    """The round under its lock, and the run as it is then."""
    round = locked_round(run.round_id)
    return round, Outcome(AllocationRun.objects.get(pk=run.pk))


def stored(pair):
    return {"team": pair.team, "project": abs(pair.project), "reason": str(pair.reason)}


def _require_open(outcome, round, team):
    if round.is_locked:
        raise ProjectError(_("This round is locked: nobody is moved any more."))
    if round.is_published and not outcome.run.is_published:
        raise ProjectError(_("Another run of this round is published. Move teams in that one."))
    if team.pk not in outcome.placement:
        raise ProjectError(_("This team does not take part in the run."))
    if team.is_disbanded:
        raise ProjectError(_("This team is disbanded, so it gets no project."))


def require_movable(outcome, round, team, project):
    """Refuses what `move` refuses, so that a preview can say so before."""
    _require_open(outcome, round, team)
    if outcome.placement[team.pk] == (project and project.pk):
        raise ProjectError(_("The team is there already."))
    if project is None:
        return
    if project.pk not in outcome.problem.projects or project.pk in outcome.facts.closed or not project.is_open:
        raise ProjectError(_("This project is closed, so it takes no team."))
    if (team.pk, project.pk) in outcome.problem.unacceptable:
        raise ProjectError(_("This project does not take the team: its size does not fit, or its mentor refused it."))
    others = outcome.placement | {team.pk: None}
    missing = lacks(outcome.problem, others, project.pk)
    if missing in MISSING:
        raise ProjectError(MISSING[missing])


def _record(outcome, round, team, project, *, by, reason, blocking=(), takes_back=None, at=None):
    at = at or timezone.now()
    made = ManualMove.objects.create(
        run=outcome.run, team=team, project=project, reason=reason, blocking=list(blocking), takes_back=takes_back,
        moved_by=by, moved_at=at,
    )  # fmt: skip
    if outcome.run.is_published:
        _replace(Outcome(outcome.run), round, team, project, by=by, reason=reason, at=at)
    return made


def _replace(outcome, round, team, project, *, by, reason, at):
    """After publication a move changes the team's placement at once, and the team is told why."""
    placement = Placement.objects.select_for_update(no_key=True).get(round=round, team=team)
    titles = dict(Project.objects.filter(pk__in=outcome.problem.projects).values_list("pk", "title"))
    placement.project, placement.choice = project, outcome.choice(team.pk)
    placement.why, placement.is_manual = outcome.why(team.pk, titles), team.pk in outcome.moved
    placement.reason, placement.placed_at = reason, at
    placement._history_user, placement._history_date = by, at
    placement.save()
    tell_all([placement], round, at=at, is_moved=True)
