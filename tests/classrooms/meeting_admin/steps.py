"""What staff do with meetings in the admin, and what they are told, in few words."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from camp.classrooms import reminders
from tests.admin_world import address
from tests.factories import (
    make_staff_role,
    make_user,
)
from tests.test_admin_forms import form_of

SECRETS = ("meet.example.org/Zig", "405-zig", "pass-zig", "video.example.org/Zig", "replay-zig")
TOMORROW = timedelta(days=1)


def tell(meeting):
    """Students know the meeting as it is."""
    reminders.tell_changes(at=timezone.now() + timedelta(minutes=5))
    meeting.refresh_from_db()


def staff_of(world, role, *, course=None):
    person = make_user()
    held = make_staff_role(world.camp, user=person, role=role)
    if course:
        course.staff.add(held)
    return person


def sign_in(client, person):
    client.force_login(person)
    return client


def page(client, row, view="change"):
    return client.get(reverse(address(type(row), view), args=[row.pk]))


def told(response):
    return [str(message) for message in response.context["messages"]]


def save_and_read(client, row, **changes):
    """What the admin says after a change."""
    data = form_of(client, row) | changes
    return told(client.post(reverse(address(type(row), "change"), args=[row.pk]), data, follow=True))
