"""A course with a question, and those who look at it."""

import pytest
from django.utils import timezone

from tests.admin_world import in_english
from tests.factories import (
    make_course,
    make_enrollment,
    make_question,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
    make_user,
)


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.fixture
def student(course):
    return make_enrollment(course.camp, student=make_student(display_name="Student Sam"), at=timezone.now()).student


@pytest.fixture
def teacher(course):
    return make_staff_role(course.camp, user=make_user(display_name="Teacher Tess"), role="teacher").user


@pytest.fixture
def asker(course):
    return make_enrollment(course.camp, student=make_student("quinn", display_name="Asker Quinn")).student


@pytest.fixture
def question(course, asker):
    return make_question(course, author=asker, title="Why does it fail?", text="It *fails*.", at=timezone.now())
