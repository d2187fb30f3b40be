"""Questions over corrections: whose upload one is about, and what a student is told of them."""

from django.db.models import Q

from camp.enrollment.models import Enrollment
from camp.rankings import standings
from camp.rankings.models import Correction


def owner_of(attempt):
    """The enrollment that an upload counts for, whatever its state; None when nobody has linked its login."""
    if attempt.course_id is None:
        return None
    if attempt.is_proven:
        identity = attempt.identity
    else:
        identity = standings.owner_at(attempt.channel, attempt.login, attempt.received_at)
    found = Enrollment.objects.filter(camp=attempt.course.camp_id, student=identity and identity.user_id)
    return found.select_related("student").first()


def lock_owner_of(attempt):
    """The same, locked. Asked again under the lock: a login can go to another account while we wait."""
    owner = owner_of(attempt)
    while owner is not None:
        standings.lock_all([owner])
        found = owner_of(attempt)
        if found == owner:
            return owner
        owner = found
    return None


def lines_of(user, course):
    """What a student reads of corrections in a course: of points and uploads, and of whose their logins are."""
    line, kinds = Q(course=course) | Q(to_course=course), Correction.Kind
    own = Q(enrollment__student=user) | Q(attempt__in=standings.attempts_of(user).values("pk"))
    login = Q(former_user=user) | Q(identity__user=user, reverted_at=None)
    return Correction.objects.filter(line & own | Q(kind=kinds.MERGED) & login).for_list()
