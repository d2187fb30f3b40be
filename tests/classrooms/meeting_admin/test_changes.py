"""What staff are told about who will be told."""

import pytest
from django.utils import timezone

from camp.classrooms.models import Meeting
from tests.classrooms.meeting_admin.steps import TOMORROW, save_and_read, tell
from tests.factories import (
    make_enrollment,
    make_meeting,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("changes", [{"is_cancelled": "on"}, {"ends_at_0": "2199-01-01"}])
def test_a_change_says_how_many_are_told(staff, world, meeting, changes):
    make_enrollment(world.camp, at=timezone.now())  # Who is not in the stage of the course.

    said = save_and_read(staff, meeting, **changes)

    assert said[0] == "1 student will be told in about two minutes."


def test_a_change_of_what_nobody_was_told_yet_tells_nobody(staff, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(told_starts_at=None, told_ends_at=None)

    assert len(save_and_read(staff, meeting, is_cancelled="on")) == 1


def test_a_change_back_to_what_was_told_tells_nobody(staff, meeting):
    save_and_read(staff, meeting, is_cancelled="on")

    assert len(save_and_read(staff, meeting, is_cancelled="")) == 1


def test_what_moves_nothing_tells_nobody(staff, meeting):
    assert len(save_and_read(staff, meeting, title="Another")) == 1


def test_a_change_of_what_is_past_tells_nobody(staff, world):
    past = make_meeting(course=world.course, starts_at=timezone.now().replace(microsecond=0) - TOMORROW)
    tell(past)

    assert len(save_and_read(staff, past, is_cancelled="on")) == 1


def test_a_change_in_a_camp_that_is_not_published_tells_nobody(staff, world, meeting):
    world.camp.is_published = False
    world.camp.save()

    assert len(save_and_read(staff, meeting, is_cancelled="on")) == 1
