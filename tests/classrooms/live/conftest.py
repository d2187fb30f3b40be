import pytest
from django.utils import timezone

from tests.admin_world import in_english
from tests.classrooms.teachers import SECRETS, Role
from tests.factories import (
    make_course,
    make_meeting,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_user,
)


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture
def camp(now):
    return make_running_camp()


@pytest.fixture
def course(camp):
    return make_course(make_stage(camp), name="Rust")


@pytest.fixture
def meeting(course):
    """A lesson that runs now, at a time that stands still: a code is the same for the page and the test."""
    return make_meeting(course=course, title="First lesson", starts_at=timezone.now(), **SECRETS)


@pytest.fixture
def teacher(camp):
    return make_staff_role(camp, user=make_user("teacher"), role=Role.TEACHER).user
