"""An upload token is issued in the admin, shown once, and kept by nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.rankings import services as rankings
from camp.rankings.models import UploadToken
from camp.stages.models import Course, Stage
from tests.admin_world import World, address, in_english
from tests.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def staff(client, world):
    client.force_login(world.organizer)
    return in_english(client)


def test_a_token_is_shown_once_and_kept_by_nothing(staff, world):
    course = make_course(world[Stage])
    url = reverse("admin:stages_course_token", args=[course.pk])

    asked = staff.get(url)
    shown = staff.post(url, {"confirmed": "yes"})

    text = shown.context["text"]
    row = UploadToken.objects.get(course=course)
    assert asked.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert shown.content.decode().count(text) == 3
    assert rankings.usable_token(text, at=timezone.now()) == row
    assert row.issued_by == world.organizer
    assert text not in str(shown.cookies) + str(dict(staff.session))
    assert text not in staff.get(reverse(address(UploadToken, "change"), args=[row.pk])).content.decode()
    assert row.secret_hash not in staff.get(reverse(address(UploadToken, "change"), args=[row.pk])).content.decode()


def test_a_third_token_is_refused_with_the_reason(staff, world):
    course = make_course(world[Stage])
    url = reverse("admin:stages_course_token", args=[course.pk])
    for _each in range(2):
        staff.post(url)

    assert [str(message) for message in staff.post(url, follow=True).context["messages"]] == [
        "Two tokens of this course are in use. Revoke one first."
    ]


def test_a_token_of_another_camp_is_a_404(staff):
    course = World("Zebra")[Course]

    assert staff.post(reverse("admin:stages_course_token", args=[course.pk])).status_code == 404
