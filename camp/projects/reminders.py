"""What a team should not overlook while its projects are being chosen."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from camp.projects.choosing.fits import fit_of
from camp.projects.models import Preference, Project, Proposal


@dataclass(frozen=True)
class Reminder:
    """`moment`: until when something can be done about it."""

    text: str
    url: str
    label: str
    moment: datetime | None = None


def reminders_of(team, round, *, list_url):
    """`round`: the one that takes lists now, None without one. At most 3 queries."""
    return [*_proposals(team), *(_of_list(team, round, list_url) if round else ())]


def _proposals(team):
    asked = Proposal.objects.filter(team=team, status=Proposal.Status.CHANGES_ASKED).for_list()
    for proposal in asked:
        text = _("You were asked to change your proposal “%(proposal)s”.") % {"proposal": proposal}
        yield Reminder(text, proposal.get_absolute_url(), _("See the proposal"))


def _of_list(team, round, url):
    listed = Preference.objects.filter(round=round, team=team).values("project")
    for project in Project.objects.open().filter(reserved_for=team).exclude(pk__in=listed):
        if project.takes_size(team.size):
            text = _("A seat of “%(project)s” is kept for your team, but the project is not on your list.")
            yield Reminder(text % {"project": project}, url, _("Put it on the list"), round.closes_at)
    for sentence in fit_of(team).sentences:
        yield Reminder(sentence, url, _("Change the list"), round.closes_at)
