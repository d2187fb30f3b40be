"""Questions over the meetings of a camp or a course, over who is in a classroom and what one person did there."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from camp.camps.models import StaffRole
from camp.camps.staff import ANY_ROLE, Scope
from camp.classrooms.access import Access
from camp.classrooms.models import CheckIn, Meeting, Opening
from camp.enrollment.models import Enrollment
from camp.stages.models import Participation


def accesses_to(user, meetings):
    """What pages offer one person in each of these meetings, by its id: as `access_to_meeting`, but without sentences.

    The same number of queries for any number of meetings, of any camps.
    """
    if user is None or not user.is_authenticated:
        return {}
    listed, scope = Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]), Scope(user)
    attended = set(listed.open_to_student(user).values_list("pk", flat=True))
    taught = set(listed.taught_by(user).values_list("pk", flat=True))
    enrollments = {row.camp_id: row for row in Enrollment.objects.active().of(user)}
    return {
        meeting.pk: Access(
            enrollment=enrollments[meeting.camp_id] if meeting.pk in attended else None,
            is_teacher=meeting.pk in taught,
            is_staff=meeting.pk in taught or _is_staff_in(scope, meeting),
        )
        for meeting in meetings
    }


def _is_staff_in(scope, meeting):
    """Mentors attend every meeting of their camp; a meeting of the camp itself, all of its staff."""
    roles = (StaffRole.Role.MENTOR,) if meeting.course_id else ANY_ROLE
    return meeting.camp_id in scope.camps(roles)


def check_ins_of(user, meetings):
    """The check-ins of one person in these meetings, by the meeting's id."""
    if user is None or not user.is_authenticated:
        return {}
    return {row.meeting_id: row for row in CheckIn.objects.of(user).filter(meeting__in=meetings)}


def is_present(enrollment, meeting):
    """Whether the student counts as present in the meeting now; nobody does without an enrollment."""
    if enrollment is None:
        return False
    return CheckIn.objects.present().filter(enrollment=enrollment, meeting=meeting).exists()


@dataclass(frozen=True)
class Openings:
    """When one person first opened something: moments by the ids of recordings and of materials."""

    recordings: dict[int, datetime] = field(default_factory=dict)
    materials: dict[int, datetime] = field(default_factory=dict)


def openings_of(user, meetings):
    """What the person opened of these meetings."""
    if user is None or not user.is_authenticated:
        return Openings()
    of_these = Q(recording__meeting__in=meetings) | Q(material__meeting__in=meetings)
    rows = list(Opening.objects.filter(of_these, user=user))
    return Openings(
        recordings={row.recording_id: row.first_opened_at for row in rows if row.recording_id},
        materials={row.material_id: row.first_opened_at for row in rows if row.material_id},
    )


def students_of(meeting):
    """The enrollments whose students may attend a meeting."""
    return students_of_classroom(meeting.camp_id, meeting.course)


def students_of_classroom(camp_id, course):
    """The enrollments of a course's classroom; without a course: of the camp."""
    students = Enrollment.objects.active().filter(camp=camp_id)
    if course is None:
        return students
    own = Participation.objects.admitted().filter(stage=course.stage_id)
    return students.filter(pk__in=own.values("enrollment"))
