import pytest
from django.contrib.auth.models import AnonymousUser

from camp.camps.models import Camp, StaffRole
from camp.camps.staff import ANY_ROLE, NOBODY, ORGANIZING, SUPERUSERS, TEACHING, Scope
from camp.stages.models import Course
from tests.factories import make_camp, make_course, make_staff_role, make_stage, make_superuser, make_user

pytestmark = pytest.mark.django_db


def courses_of(scope, roles):
    return set(Course.objects.filter(scope.condition(roles, camp="camp", course="pk")))


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        ("organizer", [ANY_ROLE, TEACHING, ORGANIZING]),
        ("teacher", [ANY_ROLE, TEACHING]),
        ("assistant", [ANY_ROLE, TEACHING]),
        ("mentor", [ANY_ROLE]),
    ],
)
def test_a_role_counts_in_its_camp(role, ways):
    held = make_staff_role(make_camp(), role=StaffRole.Role(role))
    make_camp("winter")

    scope = Scope(held.user)

    assert scope.is_staff
    assert [roles for roles in (ANY_ROLE, TEACHING, ORGANIZING) if scope.camps(roles) == {held.camp_id}] == ways
    assert [roles for roles in (ANY_ROLE, TEACHING, ORGANIZING, SUPERUSERS, NOBODY) if scope.may(roles)] == ways


def test_a_superuser_may_everything_but_what_nobody_may():
    scope = Scope(make_superuser())
    make_camp()

    assert scope.is_staff
    assert [scope.may(roles) for roles in (ANY_ROLE, SUPERUSERS, NOBODY)] == [True, True, False]
    assert Camp.objects.filter(scope.condition(ORGANIZING, camp="pk")).count() == 1


@pytest.mark.parametrize("person", [AnonymousUser, make_user, lambda: make_superuser(is_active=False)])
def test_others_are_no_staff(person):
    scope = Scope(person())

    assert not scope.is_staff
    assert not scope.may(ANY_ROLE)


def test_a_role_of_a_closed_account_counts_no_more():
    held = make_staff_role(make_camp(), user=make_user(is_active=False))

    assert not Scope(held.user).is_staff


def test_a_teacher_named_by_a_course_is_narrowed_to_it():
    stage = make_stage()
    one, _other = make_course(stage), make_course(stage)
    held = make_staff_role(stage.camp, role=StaffRole.Role.TEACHER)
    one.staff.add(held)

    assert courses_of(Scope(held.user), TEACHING) == {one}


def test_a_teacher_named_by_no_course_has_them_all():
    stage = make_stage()
    courses = {make_course(stage), make_course(stage)}
    held = make_staff_role(stage.camp, role=StaffRole.Role.TEACHER)

    assert courses_of(Scope(held.user), TEACHING) == courses


def test_an_organizer_named_by_a_course_keeps_them_all():
    stage = make_stage()
    courses = {make_course(stage), make_course(stage)}
    held = make_staff_role(stage.camp)
    next(iter(courses)).staff.add(held)

    assert courses_of(Scope(held.user), TEACHING) == courses


def test_roles_in_two_camps_stay_apart():
    organized, taught = make_stage(), make_stage(make_camp("winter"))
    own, mine, _theirs = make_course(organized), make_course(taught), make_course(taught)
    person = make_staff_role(organized.camp).user
    mine.staff.add(make_staff_role(taught.camp, user=person, role=StaffRole.Role.ASSISTANT))

    assert courses_of(Scope(person), TEACHING) == {own, mine}
    assert courses_of(Scope(person), ORGANIZING) == {own}
