"""What happens in a classroom: meetings are joined and checked in to, recordings and materials are opened.

Attendance is handed to stages, which decides about promotion. The enrollment's row is locked first (only that row, and
`no_key`, as in enrollment.services), so that the same student on two devices is counted once.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps import times
from camp.camps.services import reveal
from camp.classrooms import codes
from camp.classrooms.models import CheckIn, Meeting, Opening, RefusedCode
from camp.classrooms.queries import students_of
from camp.enrollment.models import Enrollment
from camp.notices import services as notices
from camp.stages import services as stages

MOST_WRONG_CODES = 5
WRONG_CODES_COUNT_FOR = timedelta(minutes=10)


class ClassroomError(Exception):
    """A refusal in a sentence for the reader, with the HTTP status that goes with it."""

    status = 403


class WrongInputError(ClassroomError):
    status = 400


class AlreadyDoneError(ClassroomError):
    """The page that the reader acted on is old."""

    status = 409


class TooManyError(ClassroomError):
    status = 429


@transaction.atomic
def join(meeting, *, by, enrollment=None, at=None):
    """Show the join address to somebody who may attend; for a student (`enrollment`) that is the check-in too.

    Returns the meeting as it is stored now. The time is decided here, whatever a page showed.
    """
    at, meeting = at or timezone.now(), _read_again(meeting)
    _require_open(meeting, at=at)
    if not meeting.has_address:
        raise ClassroomError(_("The address of this meeting is not here yet. Try again in a minute."))
    reveal(meeting.camp, to=by, secret=secret_of(meeting, "join address"), at=at)
    if enrollment:
        _check_in(_locked(enrollment), meeting, CheckIn.How.JOIN, at=at)
    return meeting


def check_in_by_code(meeting, *, enrollment, typed, at=None):
    """Check a student in by the code that the teacher's screen shows. A wrong code is kept, and too many make wait."""
    at, meeting = at or timezone.now(), _read_again(meeting)
    _require_open(meeting, at=at)
    with transaction.atomic():
        enrollment = _locked(enrollment)
        if _wrong_codes_of(enrollment, meeting, at=at) >= MOST_WRONG_CODES:
            raise TooManyError(_("Too many wrong codes. Wait ten minutes, or ask the teacher to check you in."))
        if codes.is_code_of(meeting.pk, typed, at=at):
            return _check_in(enrollment, meeting, CheckIn.How.CODE, at=at)
        RefusedCode.objects.create(enrollment=enrollment, meeting=meeting, typed=codes.tidy(typed)[:12], tried_at=at)
    raise WrongInputError(
        _("This is not the code on the screen. It changes every 30 seconds: type the one you see now.")
    )


@transaction.atomic
def correct(meeting, *, enrollment, is_present, by, reason, at=None):
    """A teacher says that a student was there, or was not, and the student is told.

    The student's own check-in does not change that again. Who counts as absent again leaves no stage for it.
    """
    at = at or timezone.now()
    if not reason.strip():
        raise WrongInputError(_("Give a reason; the student reads it."))
    if enrollment.student_id == by.pk:
        raise ClassroomError(_("Nobody corrects their own attendance. Ask a colleague."))
    if not may_correct_at(meeting, at):
        raise ClassroomError(_("Attendance is corrected from 15 minutes before the start, and not when cancelled."))
    enrollment = _locked(enrollment)
    if not students_of(meeting).filter(pk=enrollment.pk).exists():
        raise WrongInputError(_("This person is no student of this classroom."))
    check_in = CheckIn.objects.filter(enrollment=enrollment, meeting=meeting).first()
    if check_in and check_in.is_present == is_present and (check_in.is_corrected or is_present):
        raise AlreadyDoneError(_("It is noted like this already."))
    check_in = check_in or CheckIn(checked_in_at=at)
    check_in.enrollment, check_in.meeting = enrollment, meeting
    check_in.is_present, check_in.how = is_present, CheckIn.How.STAFF
    check_in.corrected_by, check_in.reason = by, reason.strip()
    check_in.save()
    record(enrollment, meeting.course, at=at)
    _tell_correction(check_in)
    return check_in


def may_correct_at(meeting, now):
    """Whether there is attendance to correct: while the meeting is open, and for ever after it."""
    return meeting.opens_at <= now and not meeting.is_cancelled


def _tell_correction(check_in):
    meeting = check_in.meeting
    notices.queue(
        "classrooms/attendance_corrected", to=check_in.enrollment.student, camp=meeting.camp,
        url=meeting.get_absolute_url(), mail=False, meeting=meeting, check_in=check_in,
    )  # fmt: skip


@transaction.atomic
def open_recording(recording, *, by, at=None):
    """Show where a recording is to somebody who may attend, once the meeting is over, and remember that."""
    at, meeting = at or timezone.now(), _read_again(recording.meeting)
    _require_not_cancelled(meeting)
    if not meeting.is_over_at(at):
        raise ClassroomError(_("The recording can be watched when the meeting is over."))
    reveal(meeting.camp, to=by, secret=secret_of(meeting, f"recording {recording.pk}"), at=at)
    return _opened(by, at=at, recording=recording)


@transaction.atomic
def open_material(material, *, by, at=None):
    """Let somebody who may attend have a material, once it is released, and remember that they opened it."""
    at, meeting = at or timezone.now(), _read_again(material.meeting)
    _require_not_cancelled(meeting)
    if not material.is_released_at(at):
        zone = meeting.camp.zone
        words = {"moment": times.day_and_clock(material.release_at.astimezone(zone)), "zone": times.zone_name(zone)}
        raise ClassroomError(_("This material is released on %(moment)s (%(zone)s).") % words)
    return _opened(by, at=at, material=material)


def reveal_to_staff(meeting, *, to, what, at=None):
    """Record that staff read the secrets of a meeting on a page of the administration."""
    return reveal(meeting.camp, to=to, secret=secret_of(meeting, f"{what} in the administration"), at=at)


def _opened(user, *, at, **what):
    defaults, first = {"last_opened_at": at}, {"first_opened_at": at, "last_opened_at": at}
    opening, _created = Opening.objects.update_or_create(user=user, **what, defaults=defaults, create_defaults=first)
    return opening


def secret_of(meeting, what):
    """The name under which reveals of a meeting's secrets are recorded."""
    return f"{what} of meeting {meeting.key} ({meeting.pk})"


def record(enrollment, course, *, at):
    """Count the meetings of a course (None: of the camp itself) that a student attended, and hand that to stages."""
    attended = CheckIn.objects.present().filter(enrollment=enrollment, meeting__course=course).count()
    stages.record_meetings(enrollment, course, attended, at=at)


def _require_not_cancelled(meeting):
    if meeting.is_cancelled:
        raise ClassroomError(_("This meeting is cancelled."))


def _require_open(meeting, *, at):
    _require_not_cancelled(meeting)
    if meeting.is_over_at(at):
        raise ClassroomError(_("This meeting is over. Its recording appears on this page."))
    if not meeting.is_open_at(at):
        raise ClassroomError(_("It is too early: joining opens 15 minutes before the start."))


def _check_in(enrollment, meeting, how, *, at):
    """The student's check-in, the first one kept. What staff corrected stays as they said."""
    values = {"how": how, "checked_in_at": at}
    check_in, is_new = CheckIn.objects.get_or_create(enrollment=enrollment, meeting=meeting, defaults=values)
    if is_new:
        record(enrollment, meeting.course, at=at)
    return check_in


def _wrong_codes_of(enrollment, meeting, *, at):
    since = at - WRONG_CODES_COUNT_FOR
    return RefusedCode.objects.filter(enrollment=enrollment, meeting=meeting, tried_at__gt=since).count()


def _read_again(meeting):
    return Meeting.objects.select_related("camp__organization", "course__stage").get(pk=meeting.pk)


def _locked(enrollment):
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("camp__organization", "student").get(pk=enrollment.pk)
