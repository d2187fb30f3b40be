import pytest
from django.utils import timezone

from tests.admin_world import World, in_english
from tests.classrooms.meeting_admin.steps import TOMORROW, sign_in, staff_of, tell
from tests.factories import (
    make_meeting,
    make_recording,
)


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def meeting(world):
    """A lesson tomorrow with every secret that a meeting can have."""
    meeting = make_meeting(
        course=world.course, title="Lesson one", starts_at=timezone.now().replace(microsecond=0) + TOMORROW,
        join_url="https://meet.example.org/Zig", number="405-zig", passcode="pass-zig",
    )  # fmt: skip
    tell(meeting)
    make_recording(meeting, url="https://video.example.org/Zig", passcode="replay-zig")
    return meeting


@pytest.fixture
def staff(client, world):
    return sign_in(client, world.organizer)


@pytest.fixture
def teacher(client, world):
    return sign_in(client, staff_of(world, "teacher", course=world.course))


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
