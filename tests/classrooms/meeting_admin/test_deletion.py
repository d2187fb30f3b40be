"""When a meeting may be deleted, and when it is cancelled instead."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.classrooms.models import Meeting
from tests.admin_world import address
from tests.classrooms.meeting_admin.steps import TOMORROW, page, tell
from tests.factories import (
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_stage,
)
from tests.test_admin_forms import save, stored

pytestmark = pytest.mark.django_db


def test_a_meeting_that_students_expect_is_cancelled_instead(staff, meeting):
    shown = page(staff, meeting, "delete").text
    staff.post(reverse(address(Meeting, "delete"), args=[meeting.pk]), {"post": "yes"})

    assert "This is not deleted:" in shown
    assert "Lesson one: 1 student expects it. Cancel it instead, so that they are told." in shown
    assert stored(meeting) == meeting


def test_a_meeting_is_deleted_after_students_were_told_that_it_is_cancelled(staff, meeting):
    save(staff, meeting, is_cancelled="on")

    shown = page(staff, meeting, "delete").text

    assert "Lesson one: students are told in about two minutes that it is cancelled. Delete it after that." in shown
    tell(meeting)
    staff.post(reverse(address(Meeting, "delete"), args=[meeting.pk]), {"post": "yes"})
    assert not Meeting.objects.filter(pk=meeting.pk).exists()


def test_a_selection_with_an_expected_meeting_is_not_deleted(staff, world, meeting):
    past = make_meeting(course=world.course)
    data = {"action": "delete_selected", "_selected_action": [meeting.pk, past.pk], "post": "yes"}

    response = staff.post(reverse(address(Meeting, "changelist")), data)

    assert "Lesson one: 1 student expects it." in response.text
    assert Meeting.objects.filter(pk__in=[meeting.pk, past.pk]).count() == 2


def test_a_meeting_with_check_ins_is_kept(staff, world):
    past = make_meeting(course=world.course)
    make_check_in(past, make_enrollment(world.camp, at=timezone.now()))

    staff.post(reverse(address(Meeting, "delete"), args=[past.pk]), {"post": "yes"})

    assert stored(past) == past


def test_a_meeting_with_check_ins_says_why_it_stays_and_what_to_do(staff, world):
    past = make_meeting(course=world.course, title="Lesson zero")
    make_check_in(past, make_enrollment(world.camp, at=timezone.now()))

    text = page(staff, past, "delete").text

    assert "Lesson zero: 1 check-in counts as attendance, so it stays. If it did not take place, cancel it." in text


def test_a_selection_names_every_reason(staff, world, meeting):
    past = make_meeting(course=world.course, title="Lesson zero")
    for row in (past, meeting):
        make_check_in(row, world.camp.enrollments.first())
    free = make_meeting(course=world.course)
    data = {"action": "delete_selected", "_selected_action": [past.pk, meeting.pk, free.pk], "post": "yes"}

    response = staff.post(reverse(address(Meeting, "changelist")), data)

    assert sorted(response.context["protected"]) == [
        "Lesson one: 1 check-in counts as attendance, so it stays. If it did not take place, cancel it.",
        "Lesson one: 1 student expects it. Cancel it instead, so that they are told.",
        "Lesson zero: 1 check-in counts as attendance, so it stays. If it did not take place, cancel it.",
    ]
    assert "Select the others alone to delete them." in response.text
    assert Meeting.objects.filter(pk__in=[past.pk, meeting.pk, free.pk]).count() == 3


def test_a_cancelled_meeting_with_check_ins_is_not_promised_to_go(staff, world, meeting):
    make_check_in(meeting, world.camp.enrollments.first())
    save(staff, meeting, is_cancelled="on")

    text = page(staff, meeting, "delete").text

    assert ("1 check-in counts as attendance" in text, "Delete it after that." in text) == (True, False)


@pytest.mark.parametrize("why", ["past", "cancelled", "nobody there"])
def test_a_meeting_that_nobody_misses_is_deleted(staff, world, meeting, why):
    course = make_course(make_stage(world.camp)) if why == "nobody there" else world.course
    starts_at = timezone.now() - TOMORROW if why == "past" else meeting.starts_at
    is_cancelled = why == "cancelled"
    row = make_meeting(course=course, starts_at=starts_at, is_cancelled=is_cancelled, told_cancelled=is_cancelled)
    if why == "nobody there":
        course.stage.participations.all().delete()

    staff.post(reverse(address(Meeting, "delete"), args=[row.pk]), {"post": "yes"})

    assert not Meeting.objects.filter(pk=row.pk).exists()
