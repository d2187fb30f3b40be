"""What a team hands in. Everything is kept and numbered; the last before the deadline counts.

The row of the placement is locked first, so that two members at once get two numbers.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import User
from camp.camps import times
from camp.camps.contacts import with_contact
from camp.enrollment.models import Enrollment
from camp.notices import services as notices
from camp.projects.errors import ProjectError
from camp.projects.models import HandIn, Placement

MOST_HAND_INS = 50  # Of one team: reports are files on our disk.


class HandInClosedError(ProjectError):
    """The deadline is over."""

    status = 403


class StaleError(ProjectError):
    """Somebody else handed in since the page was made."""

    status = 409


@transaction.atomic
def hand_in(placement, *, by, at=None, replaces=None, report=None, keeps_report=False, **links):
    """Keep what a member hands in, and send the team its receipt. The same, sent twice, is one.

    `links`: repository_url, pull_request_url, commit and note. `report`: as cleaned; without one, `keeps_report` takes
    that of the last hand-in. `replaces`: the number of the last one that the member saw, 0 for none; when another has
    come since, nothing is handed in. None: whatever came before.
    """
    at, placement = at or timezone.now(), locked(placement)
    require_open(placement, at)
    _require_member(placement, by)
    last = last_of(placement)
    made = _next_after(last, placement, by=by, at=at, **links)
    _add_report(made, report, last if keeps_report else None)
    if last and replaces not in (None, last.number):
        if _is_pressed_twice(last, made, replaces=replaces):
            return last
        raise StaleError(_last_words(last))
    _require_something(made)
    made.save()
    _send(made)
    return made


def _require_member(placement, user):
    if not placement.team.members.filter(enrollment__in=Enrollment.objects.active().of(user)).exists():
        raise ProjectError(_("Only members of the team hand in its work, and you are not one now."))


def _next_after(last, placement, *, by, at, **links):
    number = last.number + 1 if last else 1
    return HandIn(placement=placement, number=number, handed_in_by=by, handed_in_at=at, **links)


def _add_report(made, report, kept):
    """The uploaded file, else that of the hand-in `kept`: two rows then name one stored file."""
    if report:
        made.report, made.report_name = report, report.shown_name
    elif kept:
        made.report, made.report_name = kept.report.name, kept.report_name


def _is_pressed_twice(last, made, *, replaces):
    """Whether the last one is what is sent now, by a second press of the button."""
    same = ("handed_in_by_id", "repository_url", "pull_request_url", "commit", "report_name", "note")
    return last.number == replaces + 1 and all(getattr(last, name) == getattr(made, name) for name in same)


def _last_words(last):
    words = {"who": last.handed_in_by, "number": last.number}
    return _("%(who)s has handed in no. %(number)d meanwhile. Compare it with yours; send again to replace it.") % words


def _require_something(made):
    if not (made.report or made.repository_url or made.pull_request_url):
        raise ProjectError(_("Hand in a link or a report."))
    if made.number > MOST_HAND_INS:
        refusal = _(
            "Your team has handed in as often as it can. Write to your mentor or an organizer if that is not enough."
        )
        raise ProjectError(with_contact(refusal, made.placement.team.project_stage.camp))


def _send(made):
    """The receipt, to everybody in the team."""
    team = made.placement.team
    camp = team.project_stage.camp
    members = User.objects.filter(enrollments__team_members__team=team).order_by("pk")
    notices.queue_all(
        "projects/handed_in", to=members, camp=camp, url=reverse("projects:work", args=camp.address),
        at=made.handed_in_at, hand_in=made, replaced=made.number - 1,
        closes_at=team.project_stage.hand_in_closes_at,
    )  # fmt: skip


def require_open(placement, at):
    """Work is handed in for a placed team, until the deadline."""
    if not placement.is_placed:
        raise ProjectError(_("Your team has no project, so there is nothing to hand in."))
    stage = placement.team.project_stage
    if not stage.takes_hand_ins(at):
        closed = {"moment": times.moment_text(stage.hand_in_closes_at)}
        refusal = _(
            "Hand-in closed at %(moment)s. What your team handed in before counts; write to your mentor or an "
            "organizer."
        )
        raise HandInClosedError(with_contact(refusal % closed, stage.camp))


def locked(placement):
    """The placement as it is stored now; nobody else hands in or evaluates for it until this is done."""
    rows = Placement.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("team__project_stage__camp__organization", "project__project_stage").get(pk=placement.pk)


def last_of(placement):
    return placement.hand_ins.order_by("-number").first()


def counted(hand_ins, closes_at):
    """The one that counts among all of a placement: the last before the deadline, None without one."""
    return max((one for one in hand_ins if one.handed_in_at < closes_at), key=lambda one: one.number, default=None)
