import pytest
from django.utils import translation

from camp.camps.models import StaffRole
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_meeting,
    make_staff_role,
    make_stage,
    make_student,
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def camp():
    return make_camp()


@pytest.fixture
def course(camp):
    return make_course(make_stage(camp, "foundation"), name="C++")


@pytest.fixture
def meeting(course):
    return make_meeting(course=course, title="First lesson", join_url="https://meet.example.org/1")


@pytest.fixture
def enrollment(camp, course):
    return make_enrollment(camp, student=make_student("rowan", language="en"))


@pytest.fixture
def teacher(camp):
    return make_staff_role(camp, role=StaffRole.Role.TEACHER).user
