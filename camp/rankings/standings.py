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
    attempts = attempts_of(user).accepted().filter(course=course)
    return attempts.best_first().first()


def improve(enrollment, attempt):
    """Let one new attempt compete with the stored standing, under the lock of the enrollment."""
    enrollment = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    standing = Standing.objects.filter(enrollment=enrollment, course=attempt.course).first()
    if standing and not standing.is_beaten_by(attempt):
        return standing
    standing = standing or Standing(enrollment=enrollment, course=attempt.course)
    _show(standing, attempt)
    stages.record_points(enrollment, attempt.course, attempt.points, at=attempt.received_at)
    return standing


def derive(enrollment, course, *, at=None):
    """Bring one standing, and the progress that follows from it, to what the attempts say. True when it differed.

    Only active students stand on a board; the progress of somebody away follows the attempts all the same.
    """
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    enrollment = locked.select_related("student").get(pk=enrollment.pk)
    standing = Standing.objects.filter(enrollment=enrollment, course=course).first()
    best = best_attempt(enrollment.student, course)
    shown = best if enrollment.is_active else None
    if _agrees(standing, shown) and points_recorded(enrollment, course) == _points(best):
        return False
    _show(standing or Standing(enrollment=enrollment, course=course), shown)
    stages.record_points(enrollment, course, _points(best), at=best.received_at if best else at)
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
