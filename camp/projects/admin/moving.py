"""Putting a team of a run elsewhere, or exchanging two: choose, see what it does, then do it with a reason."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.camps.fields import MOST_DIGITS
from camp.projects.allocation import moves
from camp.projects.allocation.run_report import Report
from camp.projects.errors import refusal_of
from camp.projects.forms.allocation import ExchangeForm, MoveForm


@dataclass(frozen=True)
class Kind:
    """`field`: what is chosen for the team. `changes`: [(team, its project or None then)] by the report."""

    form: type
    field: str
    title: str
    button: str
    done: str
    act: Callable
    require: Callable
    changes: Callable


def _changes_of_move(report, team, project):
    return [(team, project)]


def _changes_of_exchange(report, team, other):
    placement, projects = report.outcome.placement, report.projects
    return [(team, projects.get(placement[other.pk])), (other, projects.get(placement[team.pk]))]


MOVE = Kind(
    form=MoveForm, field="project", title=gettext_lazy("Move a team"), button=gettext_lazy("Yes, move the team"),
    done=gettext_lazy("The team is moved."), act=moves.move, require=moves.require_movable, changes=_changes_of_move,
)  # fmt: skip
EXCHANGE = Kind(
    form=ExchangeForm, field="other", title=gettext_lazy("Exchange two teams"),
    button=gettext_lazy("Yes, exchange the teams"), done=gettext_lazy("The teams are exchanged."),
    act=moves.exchange, require=moves.require_exchangeable, changes=_changes_of_exchange,
)  # fmt: skip


class MovePages:
    """The pages of the admin of runs on which teams are moved."""

    def move(self, request, pk):
        return self._decided(request, pk, MOVE)

    def exchange(self, request, pk):
        return self._decided(request, pk, EXCHANGE)

    def take_back(self, request, pk):
        return self._post(request, pk, moves.take_back, done=_("The last move is taken back."))

    def _decided(self, request, pk, kind):
        run, is_sent = self._own(request, pk), request.method == "POST"
        data = request.POST if is_sent else request.GET
        report = Report(run)
        team = named(report.teams, data.get("team", ""))
        form = kind.form(data, report=report, team=team)
        if not is_sent and kind.field not in data:
            return self._choose(request, report, team, asked="team" in data)
        if not form.is_valid():
            return self._shown(request, report, form, kind, status=400)
        chosen = form.cleaned_data["team"], form.cleaned_data[kind.field]
        error = refusal_of(_act, run, kind, chosen, form.cleaned_data, by=request.user) if is_sent else None
        if is_sent and error is None:
            self.message_user(request, kind.done, messages.SUCCESS)
            return self._to(run)
        report = Report(run)
        if obstacle := refusal_of(kind.require, report.outcome, run.round, *chosen):
            return self._choose(request, report, chosen[0], error=obstacle)
        return self._shown(request, report, form, kind, chosen=chosen, error=error, status=409 if error else 200)

    def _choose(self, request, report, team, *, asked=True, error=None):
        """Where to, or with whom; for no team, which one."""
        run = report.run
        obstacle = team and refusal_of(moves.require_decidable, report.outcome, run.round, team)
        context = {"report": report, "team": team, "error": obstacle or error, "is_movable": team and not obstacle}
        context |= {"title": _("Move “%(team)s”") % {"team": team} if team else MOVE.title}
        context |= {"move_form": MoveForm(report=report, team=team)}
        if team:
            placed = report.projects.get(report.outcome.placement[team.pk])
            context |= {"exchange_form": ExchangeForm(report=report, team=team), "placed": placed}
            context |= {"choices": report.choices_of(team.pk), "points": report.points_of(team.pk)}
        status = 409 if context["error"] else 200 if team or not asked else 400
        return self._page(request, "admin/allocation_choose.html", run, status=status, **context)

    def _shown(self, request, report, form, kind, *, status, chosen=None, error=None):
        """What it does, and the question whether to."""
        if error:
            form.add_error(None, str(error))
        changes = kind.changes(report, *chosen) if chosen else []
        pairs = report.new_pairs({team.pk: project and project.pk for team, project in changes})
        context = {"form": form, "seen": len(report.outcome.moves), "changes": changes, "pairs": pairs}
        context |= {"title": kind.title, "button": kind.button}
        return self._page(request, "admin/allocation_move.html", report.run, status=status, **context)


def _act(run, kind, chosen, data, *, by):
    """Without a count of moves that was looked at, nothing was looked at."""
    seen = -1 if data["seen"] is None else data["seen"]
    kind.act(run, *chosen, by=by, reason=data["reason"], seen=seen)


def named(rows, text):
    """The one of these rows, {id: row}, that an address names; None where it names none."""
    return rows.get(int(text)) if text.isdecimal() and len(text) <= MOST_DIGITS else None
