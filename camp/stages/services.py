"""What happens on the way through the stages: facts are recorded, rules are asked, students are promoted.

The enrollment's row is locked first (only that row, and `no_key`, as in enrollment.services), so that two facts about
one student that come at once are judged one after the other, the second with the first in sight.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.enrollment.models import Enrollment
from camp.notices import services as notices
from camp.stages import events, queries
from camp.stages.models import CourseProgress, ItemTick, Participation
from camp.stages.queries import Facts, rule_of, stages_with_rules


class StageError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def record_points(enrollment, course, points, *, at=None):
    """Rankings hands over the points a student has in a course now. Met rules promote in this transaction."""
    return record_points_under_lock(_locked(enrollment), course, points, at=at)


def record_points_under_lock(enrollment, course, points, *, at=None):
    """The same for an enrollment that the caller has locked and read in this transaction.

    Most uploads meet nothing, so one query asks first whether the rules have to be.
    """
    at = at or timezone.now()
    values = {"enrollment": enrollment.pk, "course": course.pk, "points": points, "updated_at": at}
    (written,), asks = queries.points_and_stages_to_ask.run(camp=enrollment.camp_id, **values)
    if not written:
        CourseProgress.objects.create(enrollment=enrollment, course=course, points=points, updated_at=at)
    return _promote(_locked(enrollment), at=at) if asks else []


@transaction.atomic
def record_meetings(enrollment, course, meetings, *, at=None):
    """Classrooms hands over how many meetings of a course (None: of the camp itself) a student attended."""
    return _record(enrollment, course, at=at, meetings=meetings)


def _record(enrollment, course, *, at, **facts):
    at = at or timezone.now()
    enrollment = _locked(enrollment)
    values = facts | {"updated_at": at}
    CourseProgress.objects.update_or_create(enrollment=enrollment, course=course, defaults=values)
    return _promote(enrollment, at=at)


@transaction.atomic
def promote_where_met(enrollment, *, at=None):
    """Admit an active student to every stage whose rule is met, except where staff held back or reverted.

    Returns the new participations. A rule that is no longer met takes nobody out: that is a decision of staff.
    """
    return _promote(_locked(enrollment), at=at or timezone.now())


def _promote(enrollment, *, at):
    if not enrollment.is_active:
        return []
    decided = set(Participation.objects.filter(enrollment=enrollment).values_list("stage_id", flat=True))
    undecided = stages_with_rules(enrollment.camp, apart_from=decided)
    facts = Facts(enrollment)
    judged = [(stage, rule_of(stage, facts)) for stage in undecided]
    return [_enter(enrollment, stage, rule, at=at) for stage, rule in judged if rule.is_met]


def _locked(enrollment):
    """The enrollment re-read under its lock, with what a notice about it says."""
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("camp__organization", "student").get(pk=enrollment.pk)


def _enter(enrollment, stage, rule, *, at):
    stage.camp = enrollment.camp
    participation = Participation(enrollment=enrollment, stage=stage)
    return _admit(participation, by=None, at=at, reason="", tell=not rule.is_open_to_all)


def _admit(participation, *, by, at, reason, tell=True):
    participation.decide(Participation.Status.ADMITTED, by=by, at=at, reason=reason)
    participation.save()
    if tell:
        _tell(participation, "promoted")
    events.participation_admitted.send(Participation, participation=participation, at=at)
    return participation


@transaction.atomic
def promote(enrollment, stage, *, by, reason, at=None):
    """Staff admit a student to a stage whatever its rule says."""
    participation = _decidable(enrollment, stage, reason)
    if participation.pk and participation.is_admitted:
        raise StageError(_("This student is already in the stage."))
    return _admit(participation, by=by, at=at or timezone.now(), reason=reason.strip())


@transaction.atomic
def hold(enrollment, stage, *, by, reason, at=None):
    """Staff keep a student from being promoted to a stage until they decide otherwise."""
    participation = _decidable(enrollment, stage, reason)
    if participation.pk and participation.is_admitted:
        raise StageError(_("This student is already in the stage. Revert the promotion instead."))
    return _refuse(participation, Participation.Status.HELD, "held", by=by, at=at, reason=reason)


@transaction.atomic
def revert(enrollment, stage, *, by, reason, at=None):
    """Staff take a promotion back. The rule does not promote again by itself."""
    participation = _decidable(enrollment, stage, reason)
    if not participation.pk or not participation.is_admitted:
        raise StageError(_("This student is not in the stage."))
    participation = _refuse(participation, Participation.Status.REVERTED, "reverted", by=by, at=at, reason=reason)
    events.participation_reverted.send(Participation, participation=participation, at=participation.decided_at)
    return participation


def _refuse(participation, status, kind, *, by, at, reason):
    participation.decide(status, by=by, at=at or timezone.now(), reason=reason.strip())
    participation.save()
    _tell(participation, kind)
    return participation


def _decidable(enrollment, stage, reason):
    """The participation to decide on, new or stored, under the lock of the enrollment."""
    if not reason.strip():
        raise StageError(_("Give a reason; the student reads it."))
    if stage.camp_id != enrollment.camp_id:
        raise StageError(_("This stage belongs to another camp."))
    enrollment = _locked(enrollment)
    if not enrollment.is_active:
        raise StageError(_("This student is not enrolled."))
    stored = Participation.objects.filter(enrollment=enrollment, stage=stage).select_related("stage").first()
    participation = stored or Participation(stage=stage)
    participation.enrollment, participation.stage.camp = enrollment, enrollment.camp
    return participation


@transaction.atomic
def tick_item(requirement, enrollment, *, by, note="", at=None):
    """Staff tick an item of a requirement for a student; a rule that it meets promotes at once."""
    if not requirement.is_item or requirement.group.stage.camp_id != enrollment.camp_id:
        raise StageError(_("This is no item of the student's camp."))
    enrollment, at = _locked(enrollment), at or timezone.now()
    values = {"ticked_by": by, "ticked_at": at, "note": note}
    tick, _created = ItemTick.objects.get_or_create(requirement=requirement, enrollment=enrollment, defaults=values)
    promote_where_met(enrollment, at=at)
    return tick


@transaction.atomic
def apply_rules(camp, *, at=None):
    """Ask the rules again for everybody in a camp, after they or a course changed. Returns the new participations."""
    enrollments = Enrollment.objects.in_camp(camp).active().order_by("id")
    return [row for enrollment in enrollments for row in promote_where_met(enrollment, at=at)]


def _tell(participation, kind):
    enrollment = participation.enrollment
    notices.queue(
        f"stages/{kind}", to=enrollment.student, camp=enrollment.camp, url=participation.stage.get_absolute_url(),
        at=participation.decided_at, stage=participation.stage, participation=participation,
    )  # fmt: skip
