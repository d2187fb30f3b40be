"""Who may do what in a classroom: that of a course, or, without a course, that of the camp itself (its ceremonies).

Students of a classroom are the active students of the camp who are in the course's stage. Its teachers are the camp's
organizers, teachers and assistants, those who are narrowed to courses in theirs only. Mentors may attend, not run, any
meeting, and so may everybody on the staff what concerns the whole camp.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from camp.camps.models import StaffRole
from camp.camps.staff import ANY_ROLE, TEACHING, Scope
from camp.enrollment.models import Enrollment
from camp.stages.models import Course, Participation


@dataclass(frozen=True)
class Access:
    """What one person may do in one classroom. `enrollment` is set for its students only."""

    enrollment: Enrollment | None = None
    is_teacher: bool = False
    is_staff: bool = False
    is_known: bool = False
    refusal: str = ""

    @property
    def is_student(self):
        return self.enrollment is not None

    @property
    def may_enter(self):
        return self.is_student or self.is_staff

    def require_entry(self):
        """Let students and staff pass. Others may see the timetable, but not do this: 403 with a sentence."""
        if not self.may_enter:
            raise PermissionDenied(self.refusal)

    def require_teacher(self):
        """Let those pass who run the meeting: students and colleagues of other courses get 403, strangers 404."""
        if self.is_teacher:
            return
        if not self.is_known:
            raise Http404
        raise PermissionDenied(_("This page is for those who teach here."))


def access_to(user, camp, course=None):
    """Two to four queries: ask once a request."""
    if not user.is_authenticated:
        return Access(refusal=_("Sign in first: this is for the students of this camp."))
    enrollment = Enrollment.objects.of(user).in_camp(camp).select_related("camp__organization").first()
    scope = Scope(user)
    is_student = enrollment is not None and enrollment.is_active and _is_in_stage_of(enrollment, course)
    is_staff = scope.is_superuser or _is_staff_here(scope, camp, course)
    return Access(
        enrollment=enrollment if is_student else None, is_teacher=is_teacher(scope, camp, course), is_staff=is_staff,
        is_known=enrollment is not None or scope.is_superuser or camp.pk in scope.camps(ANY_ROLE),
        refusal=_refusal(enrollment, course),
    )  # fmt: skip


def access_to_meeting(user, meeting):
    return access_to(user, meeting.camp, meeting.course)


def is_teacher(scope, camp, course):
    """Whether the person runs the meetings of this course, or (without a course) of the camp."""
    if scope.is_superuser or course is None:
        return scope.is_superuser or camp.pk in scope.whole_camps(TEACHING)
    return Course.objects.filter(scope.condition(TEACHING, camp="camp", course="pk"), pk=course.pk).exists()


def _is_staff_here(scope, camp, course):
    roles = ANY_ROLE if course is None else (StaffRole.Role.MENTOR,)
    return camp.pk in scope.camps(roles) or is_teacher(scope, camp, course)


def _is_in_stage_of(enrollment, course):
    if course is None:
        return True
    return Participation.objects.admitted().filter(enrollment=enrollment, stage=course.stage_id).exists()


def _refusal(enrollment, course):
    if enrollment is None:
        return _("This is for the students of this camp. Apply on the camp's page first.")
    if not enrollment.is_active or course is None:
        return _("This is for enrolled students of this camp, and you are not one now.")
    return _("This is for the students of the stage “%(stage)s”, which you have not reached yet.") % {
        "stage": course.stage
    }
