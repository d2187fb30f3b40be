"""Where staff can put a team of a run, and with whom they can exchange it: each with what is to be known about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camp.projects.allocation.explaining import nth
from camp.projects.allocation.moves import Obstacle, misfit_in_exchange, obstacle, seats_without
from camp.projects.allocation.seats import seats_now

SHORT = {
    Obstacle.HERE: gettext_lazy("the team is there already"),
    Obstacle.CLOSED: gettext_lazy("closed"),
    Obstacle.UNACCEPTABLE: gettext_lazy("does not take this team"),
    Obstacle.SEAT: gettext_lazy("no free seat"),
    Obstacle.TIME: gettext_lazy("its mentor has no time for another team"),
    Obstacle.SEAT_AND_TIME: gettext_lazy("no free seat"),
}


@dataclass(frozen=True)
class Place:
    """One entry of a list to choose from; `is_refused`: it stands there with the reason, but cannot be chosen."""

    pk: int
    words: str
    is_refused: bool


def places_for(report, team):
    """The projects of the run: those on the team's list first, in its order, then the others by number."""
    outcome = report.outcome
    seats, wanted = seats_without(outcome, report.run.round, team.pk), outcome.problem.preferences[team.pk]
    offered = [pk for pk in outcome.problem.projects if pk not in outcome.facts.closed]
    rank = {pk: place for place, pk in enumerate(wanted)}
    offered.sort(key=lambda pk: (rank.get(pk, len(rank)), seats.projects[pk].number))
    return [_place(outcome, seats, team, seats.projects[pk], rank.get(pk)) for pk in offered]


def _place(outcome, seats, team, project, rank):
    found, free = obstacle(outcome, seats, team.pk, project), max(seats.free(project.pk), 0)
    facts = [SHORT[found] if found else ngettext("%(count)d free seat", "%(count)d free seats", free) % {"count": free}]
    if rank is not None:
        facts.append(_("its %(nth)s choice") % {"nth": nth(rank + 1)})
    words = {"number": project.number, "project": project, "facts": _(", ").join(map(str, facts))}
    return Place(project.pk, _("%(number)d · %(project)s: %(facts)s") % words, found is not None)


def partners_for(report, team):
    """The other teams of the run with what they have, by name."""
    outcome, seats = report.outcome, seats_now(report.run.round, report.outcome.placement)
    others = sorted((one for one in report.teams.values() if one != team), key=lambda one: (one.name, one.pk))
    return [_partner(outcome, seats, team, other) for other in others]


def _partner(outcome, seats, team, other):
    pk, found = outcome.placement[other.pk], misfit_in_exchange(outcome, seats.projects, team, other)
    has = _("has “%(project)s”") % {"project": seats.projects[pk]} if pk else _("has no project")
    facts = [has, SHORT[found.why]] if found else [has]
    is_refused = bool(found) or pk == outcome.placement[team.pk] or other.pk in seats.elsewhere or other.is_disbanded
    return Place(
        other.pk, _("%(team)s: %(facts)s") % {"team": other, "facts": _(", ").join(map(str, facts))}, is_refused
    )
