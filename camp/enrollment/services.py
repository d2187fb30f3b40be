"""What happens to a student's place in a camp. The camp's row is locked first: applications of one camp queue up."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps.models import Camp
from camp.enrollment import events
from camp.enrollment.models import Enrollment, Invitation
from camp.notices import services as notices


class EnrollmentError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def apply(camp, *, student, heard_from="", answers=None, code="", at=None):
    """Apply, or apply again after a withdrawal. Takes a free seat, waits for the staff, or joins the waiting list."""
    at = at or timezone.now()
    camp = Camp.objects.select_for_update().get(pk=camp.pk)
    if not camp.registration_is_open(at):
        raise EnrollmentError(_("Registration for this camp is closed."))
    enrollment = Enrollment.objects.filter(camp=camp, student=student).first()
    if enrollment and not enrollment.can_apply_again:
        raise EnrollmentError(_("You have already applied to this camp."))
    enrollment = enrollment or Enrollment(camp=camp, student=student)
    enrollment.heard_from, enrollment.answers, enrollment.applied_at = heard_from, answers or {}, at
    enrollment.invitation = invitation_for(camp, code=code, student=student) or enrollment.invitation
    return _place(enrollment, at=at)


def invitation_for(camp, *, code, student):
    """The invitation that `code` names in this camp; None for an unknown code or one's own."""
    return Invitation.objects.filter(camp=camp, code=code).exclude(inviter=student).first() if code else None


def _place(enrollment, *, at):
    if enrollment.camp.needs_approval:
        enrollment.decide(Enrollment.Status.APPLIED, by=None, at=None)
        enrollment.save()
        _tell(enrollment, "applied")
        return enrollment
    return _seat_or_wait(enrollment, by=None, at=at)


def _seat_or_wait(enrollment, *, by, at):
    queue_is_empty = not Enrollment.objects.in_camp(enrollment.camp).waiting().exists()
    if queue_is_empty and Camp.objects.take_seat(enrollment.camp_id):
        return _activate(enrollment, by=by, at=at)
    enrollment.decide(Enrollment.Status.WAITING, by=by, at=at)
    enrollment.save()
    _tell(enrollment, "waiting")
    return enrollment


def _activate(enrollment, *, by, at):
    """The seat is already taken in the database."""
    enrollment.decide(Enrollment.Status.ACTIVE, by=by, at=at)
    enrollment.save()
    Invitation.objects.get_or_create(camp=enrollment.camp, inviter=enrollment.student)
    _tell(enrollment, "admitted")
    events.enrollment_activated.send(Enrollment, enrollment=enrollment, at=at)
    return enrollment


@transaction.atomic
def admit(enrollment, *, by, at=None):
    """Give the applicant a seat. Takes the seat in the database first, so the last one goes once."""
    at = at or timezone.now()
    enrollment = _locked(enrollment)
    if not enrollment.can_be_admitted:
        raise EnrollmentError(_("This application is already decided."))
    if not Camp.objects.take_seat(enrollment.camp_id):
        raise EnrollmentError(_("The camp is full. Raise its capacity or put the applicant on the waiting list."))
    return _activate(enrollment, by=by, at=at)


@transaction.atomic
def put_on_waiting_list(enrollment, *, by, at=None):
    enrollment = _locked(enrollment)
    if not enrollment.awaits_decision:
        raise EnrollmentError(_("This application is already decided."))
    return _seat_or_wait(enrollment, by=by, at=at or timezone.now())


@transaction.atomic
def decline(enrollment, *, by, reason, at=None):
    enrollment = _locked(enrollment)
    if not enrollment.can_be_admitted:
        raise EnrollmentError(_("This application is already decided."))
    enrollment.decide(Enrollment.Status.DECLINED, by=by, at=at or timezone.now(), reason=_required(reason))
    enrollment.save()
    _tell(enrollment, "declined")
    return enrollment


@transaction.atomic
def withdraw(enrollment, *, by, at=None):
    """The student gives the place back; it goes to the first of the waiting list."""
    enrollment = _locked(enrollment)
    if not enrollment.can_be_withdrawn:
        raise EnrollmentError(_("There is nothing to withdraw: you are not enrolled in this camp."))
    return _end(enrollment, Enrollment.Status.WITHDRAWN, by=by, at=at or timezone.now())


@transaction.atomic
def remove(enrollment, *, by, reason, at=None):
    """Staff end a student's place."""
    enrollment = _locked(enrollment)
    if not enrollment.is_active:
        raise EnrollmentError(_("Only an enrolled student can be removed."))
    return _end(enrollment, Enrollment.Status.REMOVED, by=by, at=at or timezone.now(), reason=_required(reason))


def _end(enrollment, status, *, by, at, reason=""):
    had_seat = enrollment.is_active
    enrollment.decide(status, by=by, at=at, reason=reason)
    enrollment.save()
    _tell(enrollment, str(status))
    if had_seat:
        Camp.objects.release_seat(enrollment.camp_id)
        events.enrollment_ended.send(Enrollment, enrollment=enrollment, at=at)
        fill_seats(enrollment.camp, at=at)
    return enrollment


@transaction.atomic
def fill_seats(camp, *, at=None):
    """Give free seats to the waiting list, first in, first out. Returns the enrollments that got one."""
    at = at or timezone.now()
    camp = Camp.objects.select_for_update().get(pk=camp.pk)
    filled = []
    for enrollment in Enrollment.objects.in_camp(camp).waiting().select_related("camp", "student"):
        if not Camp.objects.take_seat(camp.pk):
            break
        filled.append(_activate(enrollment, by=None, at=at))
    return filled


def _locked(enrollment):
    """The enrollment re-read after locking its camp, the one order in which both are locked."""
    camp = Camp.objects.select_for_update().get(pk=enrollment.camp_id)
    enrollment = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
    enrollment.camp = camp
    return enrollment


def _required(reason):
    if not reason.strip():
        raise EnrollmentError(_("Give a reason; the student reads it."))
    return reason.strip()


def _tell(enrollment, kind):
    url = enrollment.camp.get_absolute_url()
    notices.queue(f"enrollment/{kind}", to=enrollment.student, camp=enrollment.camp, url=url, enrollment=enrollment)
