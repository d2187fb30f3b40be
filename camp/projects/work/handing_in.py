"""What a team hands in. Everything is kept and numbered; the last before the deadline counts.

The row of the placement is locked first, so that two members at once get two numbers.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps import times
from camp.enrollment.models import Enrollment
from camp.projects.errors import ProjectError
from camp.projects.models import HandIn, Placement

MOST_HAND_INS = 50  # Of one team: reports are files on our disk.


class HandInClosedError(ProjectError):
    """The deadline is over."""

    status = 403


@transaction.atomic
def hand_in(placement, *, by, at=None, report=None, **links):
    """Keep what a member hands in. `links`: repository_url, pull_request_url, commit and note. `report`: as cleaned."""
    at, placement = at or timezone.now(), locked(placement)
    require_open(placement, at)
    if not placement.team.members.filter(enrollment__in=Enrollment.objects.active().of(by)).exists():
        raise ProjectError(_("Only members of the team hand in its work, and you are not one now."))
    if not (report or links.get("repository_url") or links.get("pull_request_url")):
        raise ProjectError(_("Hand in a link or a report."))
    last = placement.hand_ins.order_by("-number").first()
    number = last.number + 1 if last else 1
    if number > MOST_HAND_INS:
        raise ProjectError(_("Your team has handed in as often as it can. Write to your mentor if that is not enough."))
    words = {"report": report or "", "report_name": getattr(report, "shown_name", "")}
    return HandIn.objects.create(placement=placement, number=number, handed_in_by=by, handed_in_at=at, **links | words)


def require_open(placement, at):
    """Work is handed in for a placed team, until the deadline."""
    if not placement.is_placed:
        raise ProjectError(_("Your team has no project, so there is nothing to hand in."))
    stage = placement.team.project_stage
    if not stage.takes_hand_ins(at):
        closed = {"moment": times.moment_text(stage.hand_in_closes_at)}
        raise HandInClosedError(
            _("Hand-in closed at %(moment)s. What your team handed in before counts; write to your mentor.") % closed
        )


def locked(placement):
    """The placement as it is stored now; nobody else hands in or evaluates for it until this is done."""
    rows = Placement.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("team__project_stage__camp__organization", "project__project_stage").get(pk=placement.pk)


def counted(hand_ins, closes_at):
    """The one that counts among all of a placement: the last before the deadline, None without one."""
    return max((one for one in hand_ins if one.handed_in_at < closes_at), key=lambda one: one.number, default=None)
