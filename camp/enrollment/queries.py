"""Questions about a person's place in a camp."""

from camp.camps.models import Camp
from camp.enrollment.models import Enrollment


def enrollment_of(user, camp):
    """The person's enrollment in the camp, in whatever state; None for a stranger to it."""
    found = Enrollment.objects.of(user).in_camp(camp).select_related("invitation", "student").first()
    if found:
        found.camp = camp
    return found


def camps_to_write_to(user):
    """The camps with a contact of which the person was or is an applicant or student, the newest first."""
    if not user.is_authenticated:
        return Camp.objects.none()
    return Camp.objects.exclude(contact="").filter(enrollments__student=user).order_by("-starts_at", "id")


def is_active_in(user, camp):
    return Enrollment.objects.active().of(user).in_camp(camp).exists()


def is_staff_of(user, camp):
    return Camp.objects.run_by(user).filter(pk=camp.pk).exists()


def would_wait(camp):
    """Whether somebody who applies now joins the waiting list."""
    return not camp.needs_approval and (camp.is_full or Enrollment.objects.in_camp(camp).waiting().exists())
