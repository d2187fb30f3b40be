"""What staff correct about scores: every act is a line of the ledger, and taking one back is written on its line.

Attempts stay as they came in. What follows from a line is derived at once, and the student is told with the reason.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts import services as accounts
from camp.accounts.services import AccountError
from camp.enrollment.models import Enrollment
from camp.notices import services as notices
from camp.rankings import standings
from camp.rankings.models import Attempt, Correction

Kind, Reason = Correction.Kind, Attempt.Reason
# A refused upload whose token was right can be moved: these say that it came to the wrong course, or at a wrong time.
MOVABLE = (Reason.TOKEN_OF_ANOTHER_COURSE, Reason.ABOVE_MAXIMUM, Reason.OUTSIDE_WINDOW)
MOST_POINTS = 10**6


class CorrectionError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def adjust(enrollment, course, *, points, by, reason, at=None):
    """Add points to what a student has in a course, or take some away (points below 0), until it is taken back."""
    at = at or timezone.now()
    if course.camp_id != enrollment.camp_id:
        raise CorrectionError(_("This course belongs to another camp than the student's place."))
    if points == 0 or abs(points) > MOST_POINTS:
        raise CorrectionError(_("Say how many points are added, or taken away with a minus before them."))
    line = _write(Kind.ADJUSTED, enrollment=enrollment, course=course, points=points, by=by, reason=reason, at=at)
    return _follow(line, at=at)


@transaction.atomic
def disqualify(attempt, *, by, reason, at=None):
    """Let an accepted upload count no more."""
    at = at or timezone.now()
    if not attempt.is_accepted:
        raise CorrectionError(_("This upload was refused: it does not count anyhow."))
    line = _write(Kind.DISQUALIFIED, attempt=attempt, course=attempt.course, by=by, reason=reason, at=at)
    return _follow(line, at=at)


@transaction.atomic
def move(attempt, *, to_course, by, reason, at=None):
    """Let an upload that was sent to the wrong course count in the right one, from when it was received."""
    at = at or timezone.now()
    _check_movable(attempt, to_course)
    fields = {"attempt": attempt, "course": attempt.course, "to_course": to_course}
    return _follow(_write(Kind.MOVED, **fields, by=by, reason=reason, at=at), at=at)


def _check_movable(attempt, to_course):
    if attempt.is_proven:
        raise CorrectionError(_("A proven score belongs to the course that its grader tests. It cannot be moved."))
    if attempt.points is None or not (attempt.is_accepted or attempt.reason in MOVABLE):
        raise CorrectionError(_("This upload was refused for another reason than its course. It cannot be moved."))
    if attempt.course is None or attempt.course.camp_id != to_course.camp_id:
        raise CorrectionError(_("An upload moves within its camp."))
    if attempt.course_id == to_course.pk and attempt.is_accepted:
        raise CorrectionError(_("The upload is in this course already."))
    if attempt.points > to_course.max_points:
        raise CorrectionError(_("The upload has more points than this course gives at most."))


@transaction.atomic
def give_login(identity, *, to, by, reason, at=None):
    """Give a login to the account of the person whose it is: it was linked to a second account of theirs.

    Its uploads move with it, in every camp of theirs.
    """
    at, before = at or timezone.now(), identity.user
    line = _write(Kind.MERGED, identity=identity, former_user=before, by=by, reason=reason, at=at)
    _reassign(identity, to, at=at)
    _tell(line, to)
    _tell(line, before)
    return line


def _reassign(identity, user, *, at):
    try:
        accounts.give_login(identity, to=user, at=at)
    except AccountError as refusal:
        raise CorrectionError(str(refusal)) from None


@transaction.atomic
def revert(line, *, by, reason, at=None):
    """Take a correction back: what it changed is as if it had not been made, from now on."""
    at = at or timezone.now()
    line = Correction.objects.select_for_update(of=("self",), no_key=True).for_list().get(pk=line.pk)
    if not line.is_in_force:
        raise CorrectionError(_("This correction is taken back already."))
    line.reverted_by, line.reverted_at, line.revert_reason = by, at, _required(reason)
    line.save(update_fields=["reverted_by", "reverted_at", "revert_reason"])
    if line.kind == Kind.MERGED:
        _reassign(line.identity, line.former_user, at=at)
        _tell(line, line.former_user)
        return line
    return _follow(line, at=at)


def _required(reason):
    if not reason.strip():
        raise CorrectionError(_("Give a reason; the student reads it."))
    return reason.strip()


def _write(kind, *, by, reason, at, **fields):
    """A line of the ledger. The database lets an upload be corrected by one line at a time."""
    try:
        with transaction.atomic():
            return Correction.objects.create(kind=kind, made_by=by, made_at=at, reason=_required(reason), **fields)
    except IntegrityError:
        raise CorrectionError(_("This upload is corrected already. Take that back first.")) from None


def _follow(line, *, at):
    """Bring the student's standings to what the line says, where the upload is anybody's, and tell the student."""
    enrollment = line.enrollment or owner_of(line.attempt)
    if enrollment is None:
        return line
    standings.lock_all([enrollment])
    for course in sorted({line.course, line.to_course} - {None}, key=lambda course: course.pk):
        standings.derive(enrollment, course, at=at)
    _tell(line, enrollment.student)
    return line


def owner_of(attempt):
    """The enrollment that an upload counts for, whatever its state; None when nobody has linked its login."""
    if attempt.is_proven:
        identity = attempt.identity
    else:
        identity = standings.owner_at(attempt.channel, attempt.login, attempt.received_at)
    found = identity and Enrollment.objects.of(identity.user).in_camp(attempt.course.camp_id)
    return found.select_related("student", "camp").first() if found is not None else None


def _tell(line, student):
    course = line.to_course or line.course
    kind = "rankings/corrected" if line.is_in_force else "rankings/correction_reverted"
    url = f"{course.get_absolute_url()}?tab=exercises" if course else "/my/identities/"
    notices.queue(kind, to=student, camp=course and course.camp, url=url, line=line, course=course)
