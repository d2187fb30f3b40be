"""Who runs a meeting and who does not, and what they ask of its live pages, in few words."""

from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from tests.factories import (
    make_course,
    make_enrollment,
    make_running_camp,
    make_staff_role,
    make_student,
    make_superuser,
)

Role = StaffRole.Role
SECRETS = {"join_url": "https://meet.example.org/4711", "number": "815 4711", "passcode": "sesame"}


def narrowed(camp, course, role=Role.TEACHER):
    staff_role = make_staff_role(camp, role=role)
    course.staff.add(staff_role)
    return staff_role.user


def address(meeting, name, *more):
    return reverse(f"classrooms:{name}", args=[*meeting.address, *more])


def get(client, meeting, name="live", *more, **query):
    return client.get(address(meeting, name, *more), query)


def htmx(client, meeting, name, *more, **query):
    return client.get(address(meeting, name, *more), query, headers={"HX-Request": "true"})


def enrolled(camp, handle, **fields):
    return make_enrollment(camp, student=make_student(handle, **fields), at=timezone.now())


def correct(client, meeting, enrollment, *, was="here", reason="The microphone was broken", query=""):
    values = {"was": was, "reason": reason}
    return client.post(address(meeting, "correct", enrollment.pk) + query, values)


def others(camp, course):
    """Who does not run the meeting, with the answer each of them gets."""
    stranger, elsewhere = make_student("stranger"), make_running_camp("winter")
    return {
        stranger: 404,
        make_staff_role(elsewhere).user: 404,
        make_enrollment(camp, at=timezone.now()).student: 403,
        make_staff_role(camp, role=Role.MENTOR).user: 403,
        narrowed(camp, make_course(course.stage)): 403,
        narrowed(camp, make_course(course.stage), Role.ASSISTANT): 403,
    }


def runners(camp, course):
    roles = [make_staff_role(camp, role=role).user for role in (Role.ORGANIZER, Role.TEACHER, Role.ASSISTANT)]
    return [*roles, narrowed(camp, course), narrowed(camp, course, Role.ASSISTANT), make_superuser()]
