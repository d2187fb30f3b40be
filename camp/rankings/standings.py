"""Which attempts are whose, and what follows from them: the derivation that every board, profile and rebuild shares."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings import boards
from camp.rankings.models import Attempt, Correction, FrozenStanding, Standing
from camp.rankings.uploads import upload_queries
from camp.stages import services as stages
from camp.stages.models import Course, CourseProgress


def attempts_of(user):
    """Every attempt that belongs to the user: by a login of theirs, within the time they owned it."""
    owned = Q(pk=None)
    for identity in Identity.objects.filter(user=user):
        owned |= owned_by(identity)
    return Attempt.objects.filter(owned)


def owned_by(identity):
    """What a run proved to come from its numeric id, and what came under its name while the name was theirs.

    A proven attempt never goes by its name: the name may be another person's by now.
    """
    return Q(identity=identity) | (_named(identity) & (Q(source=Attempt.Source.CLAIMED) | _unowned()))


def _unowned():
    """Refused runs of which no identity is known are shown to who has the name."""
    return Q(outcome=Attempt.Outcome.REFUSED, identity=None)


def _named(identity):
    owned = Q(channel=identity.channel, login_key=identity.login_key)
    if identity.owned_from:
        owned &= Q(received_at__gt=identity.owned_from)
    if identity.unlinked_at:
        owned &= Q(received_at__lte=identity.unlinked_at)
    return owned


def owner_at(channel, login, moment):
    """The identity to which an upload of this login at this moment belongs; None when nobody has linked it."""
    return upload_queries.owner.first(channel=channel, login_key=login.lower(), received_at=moment)


@dataclass(frozen=True)
class Result:
    """What one person's attempts and corrections come to in a course. `adjustment`: points that staff added."""

    points: Decimal
    reached_at: datetime
    best_id: int | None
    adjustment: Decimal


def result_of(best, adjustment, course):
    """The result of a best attempt (or none) and an adjustment; None where there is nothing to show.

    Points lie between 0 and the course's maximum. Who has no attempt stands by what staff gave, since they gave it.
    """
    if best is None and adjustment.points <= 0:
        return None
    base = min(best.points, course.max_points) if best else Decimal(0)
    points = max(Decimal(0), min(base + adjustment.points, course.max_points))
    reached_at = best.received_at if best else adjustment.made_at
    return Result(points, reached_at, best.pk if best else None, adjustment.points)


@dataclass(frozen=True)
class Adjustment:
    points: Decimal = Decimal(0)
    made_at: datetime | None = None


NO_ADJUSTMENT = Adjustment()


def adjustment_of(enrollment, course, *, until=None):
    """The points that staff added in a course, in sum, and when they last did."""
    lines = Correction.objects.in_force_at(until).of(Correction.Kind.ADJUSTED)
    found = lines.filter(enrollment=enrollment, course=course).aggregate(points=Sum("points"), made_at=Max("made_at"))
    return Adjustment(found["points"] or Decimal(0), found["made_at"])


def best_attempt(user, course, *, until=None):
    """The attempt that stands on the board: the best that counts in the course, claimed or proven."""
    return _counted(user, course, until=until).first()


def best_counting(user, course):
    """The attempt whose points are handed on for promotion; the course says whether it must be a proven one."""
    return _counted(user, course).that_count(course).first()


def _counted(user, course, *, until=None):
    counted = attempts_of(user).counted_in(course, until=until)
    return counted.best_first(maximum=course.max_points).defer("ext", "claims", "results", "answer")


def improve(enrollment, attempt):
    """Let one new attempt compete with the stored standing. The caller has locked the enrollment and read it then.

    Where only proven attempts count, a proven one below a claimed standing leaves the board as it is and still counts.
    Of somebody who is away, or went while we waited for the lock, only the progress follows.
    """
    course = attempt.course
    if not enrollment.is_active:
        derive(enrollment, course, at=attempt.received_at)
        return None
    standing = upload_queries.standing.first(enrollment=enrollment.pk, course=course.pk)
    is_best = standing is None or standing.best is None or _competes(attempt, course) < _competes(standing.best, course)
    if not is_best and not attempt.is_proven:
        return standing
    adjustment = Adjustment(standing.adjustment) if standing else adjustment_of(enrollment, course)
    result = result_of(attempt, adjustment, course)
    _hand_on(enrollment, attempt, result, is_best=is_best)
    return _show_better(enrollment, attempt, standing, result) if is_best else standing


def _competes(attempt, course):
    return -min(attempt.points, course.max_points), attempt.received_at, attempt.pk


def _hand_on(enrollment, attempt, result, *, is_best):
    counts = attempt.counts_in(attempt.course)
    if counts and (is_best or result.points > points_recorded(enrollment, attempt.course)):
        stages.record_points_under_lock(enrollment, attempt.course, result.points, at=attempt.received_at)


def _show_better(enrollment, attempt, standing, result):
    """The board's row is locked last, since all uploads of the course come through it."""
    course = attempt.course
    board = boards.lock_and_count(course, at=attempt.received_at)
    standing = standing or Standing(enrollment=enrollment, course=course)
    before = standing.basis
    boards.put(board, standing, result)
    if board.copies(attempt.received_at):
        _copy_better(board, enrollment, before, result)
    return standing


def _copy_better(board, enrollment, before, result):
    """The same on the frozen edition: where it agreed with the live one before, it takes the same result."""
    frozen = upload_queries.frozen_standing.first(enrollment=enrollment.pk, course=board.course_id)
    if frozen and frozen.basis == before:
        boards.put(board, frozen, result)
    else:
        _put_frozen(board, enrollment)


def _put_frozen(board, enrollment):
    """Bring the frozen standing to what had been received and corrected when the board froze. True when it differed."""
    until = board.freezes_at
    best = best_attempt(enrollment.student, board.course, until=until) if enrollment.is_active else None
    adjustment = adjustment_of(enrollment, board.course, until=until) if enrollment.is_active else Adjustment()
    stored = FrozenStanding.objects.filter(enrollment=enrollment, course=board.course_id).first()
    new = FrozenStanding(enrollment=enrollment, course_id=board.course_id)
    return boards.put(board, stored or new, result_of(best, adjustment, board.course))


@transaction.atomic
def derive(enrollment, course, *, at=None):
    """Bring one standing, and the progress that follows from it, to what the attempts say. True when it differed.

    Only active students stand on a board; the progress of somebody away follows the attempts all the same.
    """
    at = at or timezone.now()
    enrollment = lock_all([enrollment])[0]
    best, adjustment = best_attempt(enrollment.student, course), adjustment_of(enrollment, course)
    counting = best if best is None or best.counts_in(course) else best_counting(enrollment.student, course)
    differed = _hand_over(enrollment, course, result_of(counting, adjustment, course), at=at)
    shown = result_of(best, adjustment, course) if enrollment.is_active else None
    board = boards.lock(course, at=at)
    board.course = course
    stored = Standing.objects.filter(enrollment=enrollment, course=course).first()
    live = boards.put(board, stored or Standing(enrollment=enrollment, course=course), shown)
    frozen = board.keeps_copy and _put_frozen(board, enrollment)
    if live or frozen:
        boards.bump(course.pk, live=live, frozen=frozen, at_once=True)
    return differed or live or frozen


def _hand_over(enrollment, course, counting, *, at):
    """Tell stages the points that count. True when it had heard of others."""
    points = counting.points if counting else 0
    if points_recorded(enrollment, course) == points:
        return False
    stages.record_points(enrollment, course, points, at=counting.reached_at if counting else at)
    return True


def lock_all(enrollments):
    """The enrollments re-read with their students, locked in one order; before any board is."""
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(locked.select_related("student").filter(pk__in=[enrollment.pk for enrollment in enrollments]))


def points_recorded(enrollment, course):
    """The points that stages has heard of, 0 where it has heard of none."""
    progress = CourseProgress.objects.filter(enrollment=enrollment, course=course).first()
    return progress.points if progress else 0


@transaction.atomic
def derive_all_of(*users, at=None):
    """Bring every standing of these users to what the attempts say, in each camp they are in.

    All their enrollments are locked before the first board is.
    """
    enrollments = lock_all(Enrollment.objects.filter(student__in=users))
    changed = 0
    for user in users:
        courses = courses_scored_by(user)
        if courses:
            note_first_scores(user)
        own = [enrollment for enrollment in enrollments if enrollment.student_id == user.pk]
        pairs = [(enrollment, course) for course in courses for enrollment in own]
        changed += sum(derive(enrollment, course, at=at) for enrollment, course in pairs if _is_of(enrollment, course))
    return changed


def _is_of(enrollment, course):
    return enrollment.camp_id == course.camp_id


def courses_scored_by(user):
    """Courses in which the user has an attempt that could count, a standing, or points that stages has heard of.

    Each found by itself: joined to one another, the rows of all students of a course would multiply.
    """
    own = {"enrollment__student": user}
    found = [
        attempts_of(user).accepted(),
        Correction.objects.filter(**own),
        Standing.objects.filter(**own),
        FrozenStanding.objects.filter(**own),
        CourseProgress.objects.filter(points__gt=0, **own),
    ]
    named = [rows.order_by().values("course") for rows in found]
    return list(Course.objects.filter(pk__in=_moved_to(user).order_by().union(*named)).order_by("pk"))


def _moved_to(user):
    moved = Correction.objects.in_force().of(Correction.Kind.MOVED)
    return moved.filter(attempt__in=attempts_of(user).values("pk")).values("to_course")


def note_first_scores(user):
    """Logins with an attempt that counts for an enrollment, as it came or moved there, are reserved for the user."""
    courses = Course.objects.filter(camp__enrollments__student=user)
    moved = Correction.objects.in_force().of(Correction.Kind.MOVED).filter(to_course__in=courses)
    counts = Q(outcome=Attempt.Outcome.ACCEPTED, course__in=courses) | Q(pk__in=moved.values("attempt"))
    for identity in Identity.objects.filter(user=user, first_scored_at=None):
        first = Attempt.objects.filter(owned_by(identity) & counts).order_by("received_at").first()
        if first:
            accounts.mark_scored(Identity.objects.filter(pk=identity.pk), at=first.received_at)
