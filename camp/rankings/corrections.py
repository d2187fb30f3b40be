"""What staff correct about scores: every act is a line of the ledger, and taking one back is written on its line.

Attempts stay as they came in. What follows from a line is derived at once, and the student is told with the reason.
"""

from contextlib import contextmanager
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts import services as accounts
from camp.accounts.models import Identity, User
from camp.accounts.services import AccountError
from camp.notices import services as notices
from camp.rankings import standings
from camp.rankings.ledger import lock_owner_of
from camp.rankings.models import Attempt, Correction
from camp.stages.models import Course

Kind, Reason = Correction.Kind, Attempt.Reason
# A refused upload whose token was right can be moved: these say that it came to the wrong course, or at a wrong time.
MOVABLE = (Reason.TOKEN_OF_ANOTHER_COURSE, Reason.ABOVE_MAXIMUM, Reason.OUTSIDE_WINDOW)
MOST_POINTS = 10**6
LEAST_POINTS = Decimal("0.001")
LONGEST_REASON = 300


class CorrectionError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def adjust(enrollment, course, *, points, by, reason, at=None):
    """Add points to what a student has in a course, or take some away (points below 0), until it is taken back."""
    at, points = at or timezone.now(), Decimal(points)
    if course.camp_id != enrollment.camp_id:
        raise CorrectionError(_("This course belongs to another camp than the student's place."))
    if not course.has_homework:
        raise CorrectionError(_("This course has no homework, so there are no points in it."))
    if points % LEAST_POINTS or not 0 < abs(points) <= MOST_POINTS:
        raise CorrectionError(_("Say how many points are added, or taken away with a minus before them."))
    enrollment = standings.lock_all([enrollment])[0]
    if not enrollment.is_active:
        raise CorrectionError(_("This student is not enrolled, so there are no points to adjust."))
    if abs(standings.adjustment_of(enrollment, course).points + points) > MOST_POINTS:
        raise CorrectionError(_("Together with what was adjusted before, that is too much."))
    line = _write(Kind.ADJUSTED, enrollment=enrollment, course=course, points=points, by=by, reason=reason, at=at)
    return _follow(line, enrollment, at=at)


@transaction.atomic
def disqualify(attempt, *, by, reason, at=None):
    """Let an accepted upload count no more."""
    at = at or timezone.now()
    if not attempt.is_accepted:
        raise CorrectionError(_("This upload was refused: it does not count anyhow."))
    line = _write(Kind.DISQUALIFIED, attempt=attempt, course=attempt.course, by=by, reason=reason, at=at)
    return _follow(line, lock_owner_of(attempt), at=at)


@transaction.atomic
def move(attempt, *, to_course, by, reason, at=None):
    """Let an upload that was sent to the wrong course count in the right one, from when it was received.

    One that came too late, or above a maximum that was raised since, may be moved into its own course: so it counts.
    """
    at, to_course = at or timezone.now(), Course.objects.get(pk=to_course.pk)
    _check_movable(attempt, to_course)
    line = _write(
        Kind.MOVED, attempt=attempt, course=attempt.course, to_course=to_course, by=by, reason=reason, at=at
    )  # fmt: skip
    return _follow(line, lock_owner_of(attempt), at=at)


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
    at, identity = at or timezone.now(), _held(identity, to)
    before = identity.user
    identity = _reassign(identity, to, at=at)
    line = _write(Kind.MERGED, identity=identity, former_user=before, by=by, reason=reason, at=at)
    _tell(line, to)
    _tell(line, before, gains=False)
    return line


@transaction.atomic
def give_unlinked_login(channel, login, *, to, by, reason, at=None):
    """Give a login that scores without being anybody's to the student whose it is."""
    at = at or timezone.now()
    if Identity.objects.ever_owned().named(channel, login).exists():
        raise CorrectionError(_("Somebody has linked this login meanwhile."))
    _check_room(to)
    with _in_own_words():
        identity = accounts.link_login(to, channel=channel, login=login, at=at)
    line = _write(Kind.MERGED, identity=identity, by=by, reason=reason, at=at)
    _tell(line, to)
    return line


def _held(identity, *users):
    """The login re-read under its lock, after those of the accounts: the order in which accounts takes them."""
    concerned = Q(pk__in=[user.pk for user in users]) | Q(identities=identity.pk)
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(concerned).order_by("pk"))
    return Identity.objects.select_for_update(of=("self",)).select_related("user").get(pk=identity.pk)


def _check_room(user):
    if user.identities.linked().count() >= accounts.MOST_LOGINS:
        raise CorrectionError(_("The account has as many logins as it can hold. One must be unlinked first."))


def _reassign(identity, user, *, at):
    _check_room(user)
    with _in_own_words():
        return accounts.give_login(identity, to=user, at=at)


@contextmanager
def _in_own_words():
    try:
        yield
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
    if line.is_of_login:
        return _give_back(line, at=at)
    owner = standings.lock_all([line.enrollment])[0] if line.enrollment else lock_owner_of(line.attempt)
    return _follow(line, owner, at=at)


def _give_back(line, *, at):
    """The login goes back to the account that had it, or to nobody, with all that it scored."""
    identity = _held(line.identity, *filter(None, [line.former_user]))
    loser = identity.user
    _check_returnable(line, identity)
    if line.former_user:
        _reassign(identity, line.former_user, at=at)
        _tell(line, line.former_user)
    else:
        accounts.disown_login(identity)
    _tell(line, loser, gains=False)
    return line


def _check_returnable(line, identity):
    since = Correction.objects.in_force().of(Kind.MERGED).filter(identity=identity, pk__gt=line.pk)
    if since.exists():
        raise CorrectionError(_("This login was given to yet another account since. Take that back first."))
    if identity.uid and identity.verified_at and identity.verified_at > line.made_at:
        raise CorrectionError(_("Since then somebody has proven that this login is theirs. It stays with them."))


def _required(reason):
    reason = reason.strip()
    if not reason:
        raise CorrectionError(_("Give a reason; the student reads it."))
    if len(reason) > LONGEST_REASON:
        raise CorrectionError(_("Give a shorter reason, of 300 characters at most."))
    return reason


def _write(kind, *, by, reason, at, **fields):
    """A line of the ledger. The database lets an upload be corrected by one line at a time."""
    try:
        with transaction.atomic():
            return Correction.objects.create(kind=kind, made_by=by, made_at=at, reason=_required(reason), **fields)
    except IntegrityError:
        raise CorrectionError(_("This upload is corrected already. Take that back first.")) from None


def _follow(line, enrollment, *, at):
    """Bring the student's standings to what the line says, where the upload is anybody's, and tell the student."""
    if enrollment is None:
        return line
    for course in Course.objects.filter(pk__in=[line.course_id, line.to_course_id]).order_by("pk"):
        standings.derive(enrollment, course, at=at)
    _tell(line, enrollment.student)
    return line


def _tell(line, student, *, gains=True):
    """Tell a student of a line. `gains`: whether the login of a line about one is theirs now."""
    course = line.to_course or line.course
    kind = "rankings/corrected" if line.is_in_force else "rankings/correction_reverted"
    url = f"{course.get_absolute_url()}?tab=exercises" if course else "/my/identities/"
    notices.queue(kind, to=student, camp=course and course.camp, url=url, line=line, course=course, gains=gains)
