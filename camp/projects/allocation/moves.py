"""Staff put a team elsewhere than it was computed to be, or exchange two teams, with a reason.

They may before the result is published, and after, until it is locked. Seats count as they are now, over all rounds;
`camp.projects.allocation.seats` says in which order rows are locked.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.projects.allocation.outcome import Outcome
from camp.projects.allocation.runs import locked_round, locked_teams
from camp.projects.allocation.seats import lock_seats, seats_now
from camp.projects.allocation.telling import tell_moved
from camp.projects.errors import ProjectError
from camp.projects.models import AllocationRun, ManualMove, Placement, Project, Team


class Obstacle(StrEnum):
    """Why a project cannot take a team."""

    HERE = "here"
    CLOSED = "closed"
    UNACCEPTABLE = "unacceptable"
    SEAT = "seat"
    TIME = "time"
    SEAT_AND_TIME = "seat_and_time"


SENTENCES = {
    Obstacle.HERE: gettext_lazy("The team is there already."),
    Obstacle.CLOSED: gettext_lazy("This project is closed, so it takes no team."),
    Obstacle.UNACCEPTABLE: gettext_lazy(
        "This project does not take the team: its size does not fit, or its mentor refused it."
    ),
    Obstacle.SEAT: gettext_lazy("This project has no free seat. Move a team out of it first."),
    Obstacle.TIME: gettext_lazy(
        "This project has a free seat, but its mentor has as many teams as they can supervise. Move a team of theirs"
        " away first."
    ),
    Obstacle.SEAT_AND_TIME: gettext_lazy(
        "This project has no free seat, and its mentor has as many teams as they can supervise. Move a team out of it"
        " first."
    ),
}
LACKING = {(True, False): Obstacle.SEAT, (False, True): Obstacle.TIME, (True, True): Obstacle.SEAT_AND_TIME}


@dataclass(frozen=True)
class Misfit:
    """A team of an exchange that the other one's project cannot take."""

    team: Team
    project: Project
    why: Obstacle


class ChangedError(ProjectError):
    """Somebody moved a team since what was asked for was looked at."""


@transaction.atomic
def move(run, team, project, *, by, reason, seen=None, at=None):
    """Put a team into a project of the run, or nowhere (None), within seats and capacities.

    The pairs that this makes unstable are kept with it. `seen`: how many moves there were when somebody looked at
    them; another number is refused, because the pairs may be others.
    """
    round, outcome = _locked(run, [team.pk], seen=seen)
    reason = _required(reason)
    lock_seats([project.pk] if project else [])
    team, project = Team.objects.get(pk=team.pk), project and Project.objects.get(pk=project.pk)
    require_movable(outcome, round, team, project)
    return _record(outcome, round, [(team, project)], by=by, reason=reason, at=at)[0]


@transaction.atomic
def exchange(run, team, other, *, by, reason, seen=None, at=None):
    """Put two teams each where the other one is, in one move: no project has more teams than before."""
    round, outcome = _locked(run, [team.pk, other.pk], seen=seen)
    reason = _required(reason)
    mine, theirs = outcome.placement.get(team.pk), outcome.placement.get(other.pk)
    projects = lock_seats(filter(None, [mine, theirs]))
    team, other = Team.objects.get(pk=team.pk), Team.objects.get(pk=other.pk)
    require_exchangeable(outcome, round, team, other)
    changes = [(team, projects.get(theirs)), (other, projects.get(mine))]
    return _record(outcome, round, changes, by=by, reason=reason, at=at)


@transaction.atomic
def take_back(run, *, by, at=None):
    """Put the team of the last move that counts, or the two of an exchange, back where they were."""
    last = Outcome(run).last_moves
    if not last:
        raise ProjectError(_("There is no move to take back."))
    round, outcome = _locked(run, [move.team_id for move in last])
    if outcome.last_moves != last:
        raise ChangedError(_("Somebody moved a team meanwhile. Look at what is to be taken back now."))
    before = outcome.before(last[0])
    projects = lock_seats(filter(None, [before[move.team_id] for move in last]))
    changes = [(move.team, projects.get(before[move.team_id])) for move in last]
    _require_room(outcome, round, changes)
    reason = _("Taken back: %(reason)s") % {"reason": last[0].reason}
    return _record(outcome, round, changes, by=by, reason=reason[:300], takes_back=last, at=at)[0]


def _locked(run, teams, *, seen=None):
    """The round under its lock, and the run as it is then; the teams (ids) are locked before."""
    locked_teams(Team.objects.filter(pk__in=teams))
    round = locked_round(run.round_id)
    outcome = Outcome(AllocationRun.objects.get(pk=run.pk))
    if seen is not None and seen != len(outcome.moves):
        raise ChangedError(_("Somebody moved a team meanwhile. Look at what your move does now, then confirm it."))
    return round, outcome


def _required(reason):
    if not reason.strip():
        raise ProjectError(_("Give a reason; the team reads it."))
    return reason.strip()


def stored(pair):
    return {"team": pair.team, "project": abs(pair.project), "reason": str(pair.reason)}


def seats_without(outcome, round, team):
    """The seats as if the team (id) had none."""
    return seats_now(round, outcome.placement | {team: None})


def require_decidable(outcome, round, team):
    """Refuses what forbids any move of the team, wherever it is to go."""
    _require_open(outcome, round, team, seats_now(round, outcome.placement))


def _require_open(outcome, round, team, seats):
    if round.is_locked:
        raise ProjectError(_("This round is locked: nobody is moved any more."))
    if round.is_published and not outcome.run.is_published:
        raise ProjectError(_("Another run of this round is published. Move teams in that one."))
    if team.pk not in outcome.placement:
        raise ProjectError(_("This team does not take part in the run."))
    if team.is_disbanded:
        raise ProjectError(_("This team is disbanded, so it gets no project."))
    if team.pk in seats.elsewhere:
        words = {"team": team, "project": seats.projects[seats.elsewhere[team.pk]]}
        raise ProjectError(_("Another round gave “%(team)s” the project “%(project)s”. Move it in that round.") % words)


def obstacle(outcome, seats, team, project):
    """Why the project cannot take the team (id), None when it can. `seats`: without the team."""
    if outcome.placement[team] == project.pk:
        return Obstacle.HERE
    return _misfit(outcome, team, project) or LACKING.get(seats.lacks(project.pk))


def _misfit(outcome, team, project):
    if project.pk not in outcome.problem.projects or project.pk in outcome.facts.closed or not project.is_open:
        return Obstacle.CLOSED
    return Obstacle.UNACCEPTABLE if (team, project.pk) in outcome.problem.unacceptable else None


def require_movable(outcome, round, team, project):
    """Refuses what `move` refuses, so that a preview can say so before."""
    seats = seats_without(outcome, round, team.pk)
    _require_open(outcome, round, team, seats)
    if project is None and outcome.placement[team.pk] is None:
        raise ProjectError(SENTENCES[Obstacle.HERE])
    found = project and obstacle(outcome, seats, team.pk, project)
    if found:
        raise ProjectError(SENTENCES[found])


def require_exchangeable(outcome, round, team, other):
    """Refuses what `exchange` refuses. Seats need no look: each project keeps as many teams as it has."""
    seats = seats_now(round, outcome.placement)
    for one in (team, other):
        _require_open(outcome, round, one, seats)
    if outcome.placement[team.pk] == outcome.placement[other.pk]:
        raise ProjectError(_("Both teams are in the same place, so there is nothing to exchange."))
    if found := misfit_in_exchange(outcome, seats.projects, team, other):
        words = {"team": found.team, "project": found.project, "why": SENTENCES[found.why]}
        raise ProjectError(_("“%(team)s” cannot go into “%(project)s”. %(why)s") % words)


def misfit_in_exchange(outcome, projects, team, other):
    """What stands against it in the first of the two whose new project cannot take it; None when nothing does."""
    for one, pk in ((team, outcome.placement[other.pk]), (other, outcome.placement[team.pk])):
        found = pk and _misfit(outcome, one.pk, projects[pk])
        if found:
            return Misfit(one, projects[pk], found)
    return None


def _require_room(outcome, round, changes):
    """What is put back is held to the seats alone: it was fitting once."""
    after = outcome.placement | {team.pk: project and project.pk for team, project in changes}
    seats = seats_now(round, after)
    for team, _project in changes:
        _require_open(outcome, round, team, seats)
    seats.require_kept({project.pk for _team, project in changes if project})


def _record(outcome, round, changes, *, by, reason, takes_back=(), at=None):
    """Keep a move for each (team, project), the second one of an exchange with its first. The first has the pairs."""
    at, made = at or timezone.now(), []
    pairs = [] if takes_back else outcome.new_blocking({team.pk: project and project.pk for team, project in changes})
    for place, (team, project) in enumerate(changes):
        made.append(ManualMove.objects.create(
            run=outcome.run, team=team, project=project, reason=reason, moved_by=by, moved_at=at,
            blocking=[] if place else [stored(pair) for pair in pairs], exchanged_with=made[0] if place else None,
            takes_back=takes_back[place] if takes_back else None,
        ))  # fmt: skip
    if outcome.run.is_published:
        _replace(Outcome(outcome.run), round, changes, by=by, reason=reason, at=at)
    return made


def _replace(outcome, round, changes, *, by, reason, at):
    """After publication a move changes the placements at once, and everybody concerned is told why."""
    titles = dict(Project.objects.filter(pk__in=outcome.problem.projects).values_list("pk", "title"))
    rows = Placement.objects.select_for_update(of=("self",), no_key=True).select_related("project", "team")
    placements, before = [], {}
    for team, project in changes:
        placement = rows.get(round=round, team=team)
        before[team.pk] = placement.project
        placement.project, placement.choice = project, outcome.choice(team.pk)
        placement.why, placement.is_manual = outcome.why(team.pk, titles), team.pk in outcome.moved
        placement.reason, placement.placed_at = reason, at
        placement._history_user, placement._history_date = by, at
        placement.save()
        placements.append(placement)
    tell_moved(placements, before, round, at=at)
