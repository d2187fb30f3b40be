"""Which attempts are whose, and what follows from them: the derivation that every board, profile and rebuild shares."""

from django.db.models import Q

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings.models import Attempt, Standing
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
    named = Identity.objects.named(channel, login).select_related("user")
    ended = Q(unlinked_at=None) | Q(unlinked_at__gte=moment)
    return named.filter(ended, Q(owned_from=None) | Q(owned_from__lt=moment)).order_by("unlinked_at").first()


def best_attempt(user, course):
    """The attempt that stands on the board: the best accepted one, claimed or proven."""
    return _accepted(user, course).best_first().first()


def best_counting(user, course):
    """The attempt whose points are handed on for promotion; the course says whether it must be a proven one."""
    return _accepted(user, course).that_count(course).best_first().first()


def _accepted(user, course):
    return attempts_of(user).accepted().filter(course=course)


def improve(enrollment, attempt):
    """Let one new attempt compete with the stored standing, under the lock of the enrollment.

    Where only proven attempts count, a proven one below a claimed standing leaves the board as it is and still counts.
    """
    enrollment = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    course = attempt.course
    standing = Standing.objects.filter(enrollment=enrollment, course=course).first()
    is_best = standing is None or standing.is_beaten_by(attempt)
    if is_best:
        standing = standing or Standing(enrollment=enrollment, course=course)
        _show(standing, attempt)
    if is_best or attempt.is_proven:
        _hand_on(enrollment, attempt, is_best=is_best)
    return standing


def _hand_on(enrollment, attempt, *, is_best):
    counts = attempt.counts_in(attempt.course)
    if counts and (is_best or attempt.points > points_recorded(enrollment, attempt.course)):
        stages.record_points(enrollment, attempt.course, attempt.points, at=attempt.received_at)


def derive(enrollment, course, *, at=None):
    """Bring one standing, and the progress that follows from it, to what the attempts say. True when it differed.

    Only active students stand on a board; the progress of somebody away follows the attempts all the same.
    """
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    enrollment = locked.select_related("student").get(pk=enrollment.pk)
    standing = Standing.objects.filter(enrollment=enrollment, course=course).first()
    best = best_attempt(enrollment.student, course)
    shown = best if enrollment.is_active else None
    counting = best if best is None or best.counts_in(course) else best_counting(enrollment.student, course)
    if _agrees(standing, shown) and points_recorded(enrollment, course) == _points(counting):
        return False
    _show(standing or Standing(enrollment=enrollment, course=course), shown)
    stages.record_points(enrollment, course, _points(counting), at=counting.received_at if counting else at)
    return True


def _points(attempt):
    return attempt.points if attempt else 0


def _show(standing, attempt):
    """Put the attempt on the board, or take the standing off it."""
    if attempt:
        standing.take(attempt)
        standing.save()
    elif standing.pk:
        standing.delete()


def _agrees(standing, best):
    if standing is None or best is None:
        return standing is None and best is None
    stored = (standing.best_id, standing.points, standing.reached_at)
    return stored == (best.pk, best.points, best.received_at)


def points_recorded(enrollment, course):
    """The points that stages has heard of, 0 where it has heard of none."""
    progress = CourseProgress.objects.filter(enrollment=enrollment, course=course).first()
    return progress.points if progress else 0


def derive_all_of(user, *, at=None):
    """Bring every standing of a user to what the attempts say, in each camp they are in."""
    courses = courses_scored_by(user)
    enrollments = Enrollment.objects.of(user)
    if courses:
        note_first_scores(user)
    return sum(
        derive(enrollment, course, at=at)
        for enrollment in enrollments
        for course in courses
        if course.camp_id == enrollment.camp_id
    )


def courses_scored_by(user):
    """Courses in which the user has an attempt that could count, a standing, or points that stages has heard of."""
    attempted = Q(pk__in=attempts_of(user).accepted().values("course"))
    known = Q(standings__enrollment__student=user) | Q(progress__enrollment__student=user, progress__points__gt=0)
    return list(Course.objects.filter(attempted | known).distinct())


def note_first_scores(user):
    """Logins with an attempt that counts for an enrollment are reserved for the user from then on."""
    courses = Course.objects.filter(camp__enrollments__student=user)
    for identity in Identity.objects.filter(user=user, first_scored_at=None):
        first = (
            Attempt.objects.accepted().filter(owned_by(identity), course__in=courses).order_by("received_at").first()
        )
        if first:
            accounts.mark_scored(Identity.objects.filter(pk=identity.pk), at=first.received_at)
