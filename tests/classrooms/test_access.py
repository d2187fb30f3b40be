"""Who may enter a classroom and who runs it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from camp.camps.models import StaffRole
from camp.classrooms.access import access_to, access_to_meeting
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import Enrollment
from camp.stages import services as stage_services
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_meeting,
    make_requirement,
    make_staff_role,
    make_stage,
    make_student,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db
Role = StaffRole.Role


@pytest.fixture
def camp():
    return make_camp()


@pytest.fixture
def course(camp):
    return make_course(make_stage(camp))


@pytest.fixture
def later_course(camp):
    """A course of a stage that one has to reach."""
    stage = make_stage(camp, name="Professional")
    make_requirement(stage, kind="item", item="report")
    return make_course(stage)


def facts(access):
    return access.is_student, access.is_teacher, access.is_staff, access.is_known


def test_anonymous_visitor_is_told_to_sign_in(camp, course):
    access = access_to(AnonymousUser(), camp, course)

    assert facts(access) == (False, False, False, False)
    with pytest.raises(PermissionDenied, match="Sign in"):
        access.require_entry()


def test_somebody_without_a_place_is_told_to_apply(camp, course):
    access = access_to(make_student(), camp, course)

    assert facts(access) == (False, False, False, False)
    with pytest.raises(PermissionDenied, match="Apply"):
        access.require_entry()


def test_student_enters_the_classrooms_of_the_camp_and_of_their_stages(camp, course):
    enrollment = make_enrollment(camp)

    access = access_to(enrollment.student, camp, course)

    assert facts(access) == (True, False, False, True)
    assert access.enrollment == enrollment
    assert access_to(enrollment.student, camp).is_student
    access.require_entry()


def test_student_does_not_enter_the_classroom_of_a_stage_not_reached(camp, later_course):
    student = make_enrollment(camp).student

    access = access_to(student, camp, later_course)

    assert facts(access) == (False, False, False, True)
    with pytest.raises(PermissionDenied, match="Professional"):
        access.require_entry()


def test_reverted_student_leaves_the_classroom_of_the_stage(camp, course):
    enrollment = make_enrollment(camp)

    stage_services.revert(enrollment, course.stage, by=make_superuser(), reason="By mistake.")

    assert not access_to(enrollment.student, camp, course).may_enter


@pytest.mark.parametrize("status", [Enrollment.Status.APPLIED, Enrollment.Status.WAITING, Enrollment.Status.DECLINED])
def test_applicant_does_not_enter(camp, course, status):
    student = make_enrollment(camp, status=status).student

    access = access_to(student, camp, course)

    assert facts(access) == (False, False, False, True)
    assert not access_to(student, camp).may_enter


def test_withdrawn_and_removed_students_do_not_enter(camp, course):
    withdrawn, removed = make_enrollment(camp), make_enrollment(camp)
    enrollment_services.withdraw(withdrawn, by=withdrawn.student)
    enrollment_services.remove(removed, by=make_superuser(), reason="Cheated.")

    for student in (withdrawn.student, removed.student):
        assert not access_to(student, camp, course).may_enter
        assert not access_to(student, camp).may_enter


def test_student_of_another_camp_is_a_stranger(camp, course):
    student = make_enrollment(make_camp("winter")).student

    assert facts(access_to(student, camp, course)) == (False, False, False, False)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.TEACHER, Role.ASSISTANT])
def test_those_who_teach_run_all_classrooms_of_their_camp(camp, course, later_course, role):
    user = make_staff_role(camp, role=role).user

    for classroom in (None, course, later_course):
        assert facts(access_to(user, camp, classroom)) == (False, True, True, True)


def test_mentor_attends_and_runs_nothing(camp, course):
    mentor = make_staff_role(camp, role=Role.MENTOR).user

    access = access_to(mentor, camp, course)

    assert facts(access) == (False, False, True, True)
    with pytest.raises(PermissionDenied, match="teach"):
        access.require_teacher()


def test_teacher_narrowed_to_a_course_runs_that_one_only(camp, course, later_course):
    role = make_staff_role(camp, role=Role.TEACHER)
    course.staff.add(role)

    assert access_to(role.user, camp, course).is_teacher
    assert facts(access_to(role.user, camp)) == (False, False, True, True)
    assert facts(access_to(role.user, camp, later_course)) == (False, False, False, True)


def test_staff_of_another_camp_are_strangers(camp, course):
    organizer = make_staff_role(make_camp("winter")).user

    access = access_to(organizer, camp, course)

    assert facts(access) == (False, False, False, False)
    with pytest.raises(Http404):
        access.require_teacher()


def test_superuser_runs_everything(camp, course):
    assert facts(access_to(make_superuser(), camp, course)) == (False, True, True, True)


def test_staff_who_are_students_too_are_both(camp, course):
    user = make_user()
    make_staff_role(camp, user=user, role=Role.ASSISTANT)
    make_enrollment(camp, student=user)

    assert facts(access_to(user, camp, course)) == (True, True, True, True)


def test_access_to_a_meeting_is_that_of_its_classroom(camp, later_course):
    student = make_enrollment(camp).student

    assert access_to_meeting(student, make_meeting(camp)).may_enter
    assert not access_to_meeting(student, make_meeting(course=later_course)).may_enter
