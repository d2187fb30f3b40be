"""What happens to a student's place in a camp. The camp's row is locked first: applications of one camp queue up.

Rows are locked `no_key`, so that others can write rows that merely refer to them (notices, reveals) meanwhile. Locked
in full they would wait, and deadlock with a service that holds an enrollment and writes a notice of its camp.
Events are sent last, when every enrollment that changes is written: who hears them locks boards, and enrollments are
always locked before boards.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps.contacts import with_contact
from camp.camps.models import Camp
from camp.enrollment import events
from camp.enrollment.models import Enrollment, Invitation
from camp.notices import services as notices

NOTHING_TO_WITHDRAW = _("There is nothing to withdraw: you are not enrolled in this camp.")


class EnrollmentError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def apply(camp, *, student, heard_from="", answers=None, code="", at=None):
    """Apply, or apply again after a withdrawal. Takes a free seat, waits for the staff, or joins the waiting list.

    Who applies again keeps the row, with its history and participations, and joins the end of the waiting list.
    """
    at = at or timezone.now()
    camp = _locked_camp(camp.pk)
    if not camp.registration_is_open(at):
        raise EnrollmentError(_("Registration for this camp is closed."))
    enrollment = Enrollment.objects.filter(camp=camp, student=student).first() or Enrollment(student=student)
    if enrollment.pk and not enrollment.can_apply_again:
        raise EnrollmentError(_why_not_again(enrollment))
    enrollment.camp = camp
    enrollment.heard_from, enrollment.answers, enrollment.applied_at = heard_from, answers or {}, at
    enrollment.invitation = Invitation.objects.in_camp(camp).usable_by(student).coded(code) or enrollment.invitation
    return _place(enrollment, at=at)


def _why_not_again(enrollment):
    """The refusal for somebody whose place in the camp does not allow another application."""
    if enrollment.is_removed:
        ended = _("The staff ended your place in this camp, so you cannot apply again. Write to them if that is wrong.")
        return with_contact(ended, enrollment.camp)
    return _("You have already applied to this camp.")


def _place(enrollment, *, at):
    if enrollment.camp.needs_approval:
        enrollment.decide(Enrollment.Status.APPLIED, by=None, at=None)
        enrollment.save()
        _tell(enrollment, "applied")
        return enrollment
    return _seat_or_wait(enrollment, by=None, at=at)


def _seat_or_wait(enrollment, *, by, at):
    """A seat, unless others have waited longer: free seats are theirs first."""
    seated = _seat_the_waiting(enrollment.camp, at=at)
    queue_is_empty = not Enrollment.objects.in_camp(enrollment.camp).waiting().exists()
    if queue_is_empty and Camp.objects.take_seat(enrollment.camp_id):
        seated.append(_seat(enrollment, by=by, at=at))
    else:
        _let_wait(enrollment, by=by, at=at)
    _announce(seated, at=at)
    return enrollment


def _let_wait(enrollment, *, by, at):
    enrollment.decide(Enrollment.Status.WAITING, by=by, at=at)
    enrollment.save()
    _tell(enrollment, "waiting")


def _seat(enrollment, *, by, at):
    """The seat is already taken in the database. Others hear of it by `_announce`."""
    enrollment.decide(Enrollment.Status.ACTIVE, by=by, at=at)
    enrollment.save()
    Invitation.objects.get_or_create(camp=enrollment.camp, inviter=enrollment.student)
    _tell(enrollment, "admitted")
    return enrollment


def _announce(seated, *, at):
    for enrollment in seated:
        events.enrollment_activated.send(Enrollment, enrollment=enrollment, at=at)


@transaction.atomic
def admit(enrollment, *, by, at=None):
    """Staff give the applicant a seat, ahead of the waiting list.

    The seat is taken in the database first, so the last one goes once.
    """
    enrollment = _locked(enrollment)
    if not enrollment.can_be_admitted:
        raise EnrollmentError(_("This application is already decided."))
    return _take_seat(enrollment, by=by, at=at or timezone.now())


def _take_seat(enrollment, *, by, at):
    if not Camp.objects.take_seat(enrollment.camp_id):
        raise EnrollmentError(_("The camp is full. Raise its capacity or put the applicant on the waiting list."))
    _announce([_seat(enrollment, by=by, at=at)], at=at)
    return enrollment


@transaction.atomic
def put_on_waiting_list(enrollment, *, by, at=None):
    """Staff accept the applicant for the next free seat, which may be there already."""
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
    """The student gives the place back; a seat goes to the first of the waiting list.

    Participations and progress stay as they are, decisions of staff among them: nothing is shown of them while the
    student is away, and who enrolls again goes on where they left, without being promoted a second time.
    """
    enrollment = _locked(enrollment)
    if not enrollment.can_be_withdrawn:
        raise EnrollmentError(NOTHING_TO_WITHDRAW)
    return _end(enrollment, Enrollment.Status.WITHDRAWN, by=by, at=at or timezone.now())


@transaction.atomic
def remove(enrollment, *, by, reason, at=None):
    """Staff end a student's place; the student cannot apply again."""
    enrollment = _locked(enrollment)
    if not enrollment.is_active:
        raise EnrollmentError(_("Only an enrolled student can be removed."))
    return _end(enrollment, Enrollment.Status.REMOVED, by=by, at=at or timezone.now(), reason=_required(reason))


@transaction.atomic
def reinstate(enrollment, *, by, at=None):
    """Staff take a removal back. The student needs a free seat, like everybody."""
    enrollment = _locked(enrollment)
    if not enrollment.is_removed:
        raise EnrollmentError(_("Only a removed student can be reinstated."))
    return _take_seat(enrollment, by=by, at=at or timezone.now())


def _end(enrollment, status, *, by, at, reason=""):
    had_seat = enrollment.is_active
    enrollment.decide(status, by=by, at=at, reason=reason)
    enrollment.save()
    _tell(enrollment, str(status))
    if had_seat:
        Camp.objects.release_seat(enrollment.camp_id)
        seated = _seat_the_waiting(enrollment.camp, at=at)
        events.enrollment_ended.send(Enrollment, enrollment=enrollment, at=at)
        _announce(seated, at=at)
    return enrollment


@transaction.atomic
def fill_seats(camp, *, at=None):
    """Give free seats to the waiting list, first in, first out, until the camp ends. Returns who got one.

    To be called after the capacity was raised; the services of this module call it whenever a seat frees.
    """
    at = at or timezone.now()
    seated = _seat_the_waiting(camp, at=at)
    _announce(seated, at=at)
    return seated


def _seat_the_waiting(camp, *, at):
    camp = _locked_camp(camp.pk)
    if camp.has_ended(at):
        return []
    waiting = Enrollment.objects.in_camp(camp).waiting().select_related("student")[: camp.seats_left]
    return [_seat_next(camp, enrollment, at=at) for enrollment in waiting if Camp.objects.take_seat(camp.pk)]


def _seat_next(camp, enrollment, *, at):
    enrollment.camp = camp
    return _seat(enrollment, by=None, at=at)


def _locked_camp(pk):
    return Camp.objects.select_for_update(of=("self",), no_key=True).select_related("organization").get(pk=pk)


def _locked(enrollment):
    """The enrollment re-read after locking its camp, the one order in which both are locked."""
    camp = _locked_camp(enrollment.camp_id)
    enrollment = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    enrollment.camp = camp
    return enrollment


def _required(reason):
    if not reason.strip():
        raise EnrollmentError(_("Give a reason; the student reads it."))
    return reason.strip()


def _tell(enrollment, kind):
    url = enrollment.camp.get_absolute_url()
    words = {"enrollment": enrollment, "at": enrollment.decided_at or enrollment.applied_at}
    notices.queue(f"enrollment/{kind}", to=enrollment.student, camp=enrollment.camp, url=url, **words)
