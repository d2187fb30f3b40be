"""A meeting that is moved, cancelled, or takes place after all is told once to those concerned."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.camps.models import Camp
from camp.classrooms import reminders
from camp.classrooms.models import Meeting, SkippedCourse
from camp.notices.events import round_begun
from camp.notices.models import Mail, Notice
from tests.concurrency import at_once
from tests.factories import NOW, make_camp, make_course, make_enrollment, make_meeting, make_stage, make_student

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def meeting():
    """A lesson in three days, of which its only student knows."""
    course = make_course(make_stage(make_camp(name="Summer camp")), name="C++")
    meeting = make_meeting(course=course, title="Lesson 1", starts_at=NOW + 3 * DAY)
    meeting.history.update(history_date=NOW - DAY)
    make_enrollment(course.camp, student=make_student("rowan", language="en"))
    reminders.tell_changes(at=NOW - HOUR)
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    return Meeting.objects.get(pk=meeting.pk)


def change(meeting, *, at=NOW - 5 * MINUTE, **fields):
    """Staff save the meeting at that time."""
    row = Meeting.objects.get(pk=meeting.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row._history_date = at
    row.save()


def move(meeting, by, **options):
    row = Meeting.objects.get(pk=meeting.pk)
    change(meeting, starts_at=row.starts_at + by, ends_at=row.ends_at + by, **options)


def told():
    return list(Notice.objects.order_by("id").values_list("kind", flat=True))


def remembered(meeting):
    return Meeting.objects.values_list("told_starts_at", "told_ends_at", "told_cancelled").get(pk=meeting.pk)


# What is told.


def test_a_new_meeting_is_remembered_and_not_told(meeting):
    new = make_meeting(meeting.camp, starts_at=NOW + DAY, is_cancelled=True)
    new.history.update(history_date=NOW - 5 * MINUTE)

    assert reminders.tell_changes(at=NOW) == 0
    assert told() == []
    assert remembered(new) == (new.starts_at, new.ends_at, True)


def test_a_new_meeting_can_be_corrected_at_once(meeting):
    new = make_meeting(meeting.camp, starts_at=NOW + DAY)
    new.history.update(history_date=NOW - MINUTE)

    reminders.tell_changes(at=NOW)

    assert remembered(new) == (None, None, False)


def test_a_moved_meeting_is_told_with_both_times(meeting, settings):
    move(meeting, DAY)

    assert reminders.tell_changes(at=NOW) == 1
    notice = Notice.objects.get()
    assert (notice.kind, notice.url, notice.camp) == ("classrooms/moved", meeting.get_absolute_url(), meeting.camp)
    assert notice.title == "New time: Lesson 1, Sun 28 Jul 2024, 20:00 (Shanghai)"
    assert notice.body == (
        "When: Sun 28 Jul 2024, 20:00–21:00 (Shanghai)\nCourse: C++\nCamp: Summer camp\n\n"
        "Until now it was planned for: Sat 27 Jul 2024, 20:00–21:00 (Shanghai)\n\n"
        "The calendar that you subscribe to here follows by itself. The page of the meeting:"
    )
    assert f"{settings.SITE_URL}{meeting.get_absolute_url()}" in notice.mail.body


def test_another_end_is_told_as_a_new_time(meeting):
    change(meeting, ends_at=meeting.ends_at + HOUR)

    reminders.tell_changes(at=NOW)

    assert told() == ["classrooms/moved"]


def test_a_cancelled_meeting_is_told_with_the_time_it_had(meeting):
    change(meeting, is_cancelled=True)

    assert reminders.tell_changes(at=NOW) == 1
    notice = Notice.objects.get()
    assert (notice.kind, notice.title) == (
        "classrooms/cancelled", "Cancelled: Lesson 1, Sat 27 Jul 2024, 20:00 (Shanghai)",
    )  # fmt: skip
    assert notice.body.startswith(
        "This meeting does not take place.\n\n"
        "It was planned for: Sat 27 Jul 2024, 20:00–21:00 (Shanghai)\nCourse: C++\nCamp: Summer camp\n\n"
    )


def test_a_meeting_that_takes_place_after_all_is_told(meeting):
    change(meeting, is_cancelled=True, at=NOW - HOUR)
    reminders.tell_changes(at=NOW - 30 * MINUTE)
    change(meeting, is_cancelled=False)

    assert reminders.tell_changes(at=NOW) == 1
    assert told() == ["classrooms/cancelled", "classrooms/restored"]
    assert Notice.objects.get(kind="classrooms/restored").title == (
        "Takes place after all: Lesson 1, Sat 27 Jul 2024, 20:00 (Shanghai)"
    )


def test_moved_and_cancelled_at_once_is_told_as_cancelled(meeting):
    change(meeting, is_cancelled=True, starts_at=meeting.starts_at - HOUR)

    reminders.tell_changes(at=NOW)

    assert told() == ["classrooms/cancelled"]


def test_a_cancelled_meeting_that_is_moved_is_no_news(meeting):
    change(meeting, is_cancelled=True, at=NOW - HOUR)
    reminders.tell_changes(at=NOW - 30 * MINUTE)
    move(meeting, DAY)

    assert reminders.tell_changes(at=NOW) == 0
    assert told() == ["classrooms/cancelled"]
    assert remembered(meeting)[0] == meeting.starts_at + DAY


@pytest.mark.parametrize("fields", [{"title": "Another"}, {"speaker": "Ada"}, {"join_url": "https://meet.example.org"}])
def test_another_title_speaker_or_address_is_no_news(meeting, fields):
    change(meeting, **fields)

    assert reminders.tell_changes(at=NOW) == 0


def test_secrets_are_in_no_notice(meeting):
    change(meeting, join_url="https://meet.example.org/secret-4711", number="secret-4711", passcode="secret-4711")
    move(meeting, DAY)

    reminders.tell_changes(at=NOW)

    mail = Mail.objects.get()
    assert "secret-4711" not in mail.subject + mail.body


# When.


def test_a_change_is_told_once(meeting):
    move(meeting, DAY)

    assert [reminders.tell_changes(at=NOW + minutes * MINUTE) for minutes in (0, 1, 60)] == [1, 0, 0]


def test_a_change_is_told_two_minutes_after_it_was_made(meeting):
    move(meeting, DAY, at=NOW)

    assert reminders.tell_changes(at=NOW + timedelta(seconds=119)) == 0
    assert reminders.tell_changes(at=NOW + timedelta(seconds=120)) == 1


def test_a_slip_that_is_corrected_at_once_is_not_told(meeting):
    move(meeting, DAY, at=NOW)
    reminders.tell_changes(at=NOW + MINUTE)
    move(meeting, -DAY, at=NOW + MINUTE)

    assert reminders.tell_changes(at=NOW + 9 * MINUTE) == 0


def test_several_edits_are_told_once_as_they_are_in_the_end(meeting):
    for minute in range(3):
        move(meeting, DAY, at=NOW + minute * MINUTE)
        reminders.tell_changes(at=NOW + minute * MINUTE)

    assert reminders.tell_changes(at=NOW + 9 * MINUTE) == 1
    assert Notice.objects.get().title == "New time: Lesson 1, Tue 30 Jul 2024, 20:00 (Shanghai)"


def test_a_change_of_what_is_past_is_remembered_and_not_told(meeting):
    later = meeting.ends_at + DAY
    change(meeting, ends_at=meeting.ends_at + HOUR, at=later - HOUR)

    assert reminders.tell_changes(at=later) == 0
    assert remembered(meeting)[1] == meeting.ends_at + HOUR


@pytest.mark.parametrize("by", [DAY * 9, -DAY * 9])
def test_a_meeting_moved_over_now_is_told(meeting, by):
    at = NOW if by < timedelta(0) else meeting.ends_at + HOUR
    move(meeting, by, at=at - HOUR)

    assert reminders.tell_changes(at=at) == 1


def test_nothing_is_told_of_a_camp_that_is_not_published(meeting):
    Camp.objects.filter(pk=meeting.camp_id).update(is_published=False)
    move(meeting, DAY)

    assert reminders.tell_changes(at=NOW) == 0
    assert told() == []


# Whom.


def test_students_who_follow_the_course_are_told(meeting):
    for handle, skips in (("ash", False), ("elm", True)):
        student = make_enrollment(meeting.camp, student=make_student(handle)).student
        if skips:
            SkippedCourse.objects.create(user=student, course=meeting.course)
    make_enrollment(meeting.camp, student=make_student(is_active=False))
    make_enrollment(meeting.camp, status="waiting")
    move(meeting, DAY)

    reminders.tell_changes(at=NOW)

    moved = Notice.objects.filter(kind="classrooms/moved")
    assert sorted(notice.recipient.handle for notice in moved) == ["ash", "rowan"]


# How.


def test_the_round_of_the_sender_tells(meeting):
    move(meeting, DAY)

    round_begun.send(Mail, at=NOW)

    assert told() == ["classrooms/moved"]


def test_nothing_to_tell_costs_one_question(meeting):
    with CaptureQueriesContext(connection) as queries:
        reminders.tell_changes(at=NOW)

    assert len(queries) == 1


def test_new_meetings_are_remembered_with_one_write(meeting):
    for _number in range(3):
        make_meeting(meeting.camp).history.update(history_date=NOW - DAY)

    with CaptureQueriesContext(connection) as queries:
        reminders.tell_changes(at=NOW)

    assert len([query for query in queries if query["sql"].startswith("UPDATE")]) == 1


def test_facts_that_change_between_look_and_claim_are_left_for_the_next_round(meeting):
    move(meeting, DAY)
    seen = Meeting.objects.select_related("camp__organization", "course").get(pk=meeting.pk)
    move(meeting, DAY)

    assert not reminders._tell(seen, at=NOW)
    assert told() == []
    assert remembered(meeting)[0] == meeting.starts_at


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_tell_once(meeting):
    move(meeting, DAY)

    outcomes = at_once([partial(reminders.tell_changes, at=NOW)] * 4)

    assert sorted(outcomes) == [0, 0, 0, 1]
    assert told() == ["classrooms/moved"]
