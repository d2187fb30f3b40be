"""Students are reminded the day before and 30 minutes before, each time once, by mail and on the site."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.camps.models import Camp
from camp.classrooms import reminders
from camp.classrooms.models import Meeting, Reminder, ReminderChoice, SkippedCourse
from camp.enrollment import services as enrollments
from camp.notices.events import round_begun
from camp.notices.models import Mail, Notice
from camp.stages import services as stages
from tests.classrooms.reminding import MINUTE, join, lesson, settled
from tests.concurrency import at_once, row_held, waits
from tests.factories import (
    NOW,
    make_course,
    make_enrollment,
    make_meeting,
    make_requirement,
    make_superuser,
)

pytestmark = pytest.mark.django_db
DAY, HALF_HOUR = Reminder.Kind.DAY_BEFORE, Reminder.Kind.HALF_HOUR_BEFORE


def reminded():
    """(handle, kind) of what was sent, by the notices and the rows that record them."""
    kinds = list(Reminder.objects.order_by("id").values_list("kind", flat=True))
    return kinds, sorted(Notice.objects.values_list("recipient__handle", flat=True))


# When.


@pytest.mark.parametrize(
    ("left", "kinds"),
    [
        (timedelta(hours=24, seconds=1), []),
        (timedelta(hours=24), [DAY]),
        (timedelta(hours=2, seconds=1), [DAY]),
        (timedelta(hours=2), []),
        (timedelta(minutes=30, seconds=1), []),
        (timedelta(minutes=30), [HALF_HOUR]),
        (timedelta(seconds=1), [HALF_HOUR]),
        (timedelta(0), []),
        (-timedelta(minutes=5), []),
    ],
)
def test_reminder_is_due_in_its_window(left, kinds):
    lesson(left)

    assert reminders.remind_due(at=NOW) == len(kinds)
    assert reminded() == (kinds, ["rowan"] * len(kinds))


def test_each_reminder_is_sent_once():
    lesson()

    assert [reminders.remind_due(at=NOW + minutes * MINUTE) for minutes in (0, 1, 60)] == [1, 0, 0]
    assert Reminder.objects.get().recipients == 1
    assert Reminder.objects.get().sent_at == NOW


def test_both_reminders_come_to_their_time():
    meeting = lesson()
    reminders.remind_due(at=NOW)

    reminders.remind_due(at=meeting.starts_at - 29 * MINUTE)

    assert reminded() == ([DAY, HALF_HOUR], ["rowan", "rowan"])


def test_a_meeting_dated_anew_is_reminded_of_anew():
    meeting = lesson()
    reminders.remind_due(at=NOW)
    meeting.starts_at, meeting.ends_at = meeting.starts_at + timedelta(days=2), meeting.ends_at + timedelta(days=2)
    meeting.save()
    settled(meeting)

    assert reminders.remind_due(at=NOW) == 0
    assert reminders.remind_due(at=NOW + timedelta(days=2)) == 1


def test_what_staff_have_just_changed_waits_until_it_is_settled():
    settled(lesson(), NOW - timedelta(seconds=119))

    assert reminders.remind_due(at=NOW) == 0
    assert reminders.remind_due(at=NOW + timedelta(seconds=1)) == 1


def test_nobody_is_reminded_of_a_cancelled_meeting():
    lesson(is_cancelled=True)

    assert reminders.remind_due(at=NOW) == 0


def test_nobody_is_reminded_of_a_camp_that_is_not_published():
    Camp.objects.filter(pk=lesson().camp_id).update(is_published=False)

    assert reminders.remind_due(at=NOW) == 0


# Whom.


def test_students_of_the_stage_are_reminded_others_not():
    meeting = lesson()
    make_requirement(meeting.course.stage, kind="item", item="A report")
    join(meeting)
    left = make_enrollment(meeting.camp)
    stages.promote(left, meeting.course.stage, by=make_superuser(), reason="Well done.")
    enrollments.withdraw(left, by=left.student)
    Notice.objects.all().delete()

    reminders.remind_due(at=NOW)

    assert reminded() == ([DAY], ["rowan"])


def test_everybody_in_the_camp_is_reminded_of_a_ceremony():
    meeting = lesson()
    Meeting.objects.filter(pk=meeting.pk).update(course=None)
    join(meeting, handle="ash")

    reminders.remind_due(at=NOW)

    assert reminded() == ([DAY], ["ash", "rowan"])


@pytest.mark.parametrize(("left", "field"), [(timedelta(hours=20), "day_before"), (20 * MINUTE, "half_hour_before")])
def test_who_switched_a_reminder_off_does_not_get_it(left, field):
    meeting = lesson(left)
    for handle, choice in (("off", {field: False}), ("on", {})):
        ReminderChoice.objects.create(user=join(meeting, handle=handle), **choice)
    other = "half_hour_before" if field == "day_before" else "day_before"
    ReminderChoice.objects.create(user=join(meeting, handle="other-off"), **{other: False})

    reminders.remind_due(at=NOW)

    assert reminded()[1] == ["on", "other-off", "rowan"]


def test_who_does_not_follow_the_course_is_not_reminded():
    meeting = lesson()
    SkippedCourse.objects.create(user=join(meeting), course=meeting.course)
    SkippedCourse.objects.create(user=join(meeting, handle="ash"), course=make_course(meeting.course.stage))

    reminders.remind_due(at=NOW)

    assert reminded() == ([DAY], ["ash", "rowan"])


def test_who_may_not_sign_in_is_not_reminded():
    meeting = lesson()
    join(meeting, is_active=False)

    reminders.remind_due(at=NOW)

    assert reminded() == ([DAY], ["rowan"])


def test_a_meeting_of_nobody_is_recorded_too():
    settled(make_meeting(starts_at=NOW + timedelta(hours=20)))

    assert reminders.remind_due(at=NOW) == 1
    assert Reminder.objects.get().recipients == 0


# How.


def test_the_round_of_the_sender_reminds():
    lesson()

    round_begun.send(Mail, at=NOW)

    assert reminded() == ([DAY], ["rowan"])


def test_nothing_due_costs_one_question_however_many_meetings_there_are():
    meetings = [lesson()]
    meetings += [settled(make_meeting(meetings[0].camp, starts_at=NOW + timedelta(days=9))) for _number in range(3)]
    reminders.remind_due(at=NOW)

    with CaptureQueriesContext(connection) as queries:
        reminders.remind_due(at=NOW)

    assert len(queries) == 1


def test_a_meeting_cancelled_meanwhile_is_not_reminded_of():
    """Found due, and cancelled before its turn came."""
    meeting = lesson()
    [(kind, pk)] = reminders._due(NOW)
    Meeting.objects.filter(pk=meeting.pk).update(is_cancelled=True)

    assert not reminders._remind(pk, kind, at=NOW)
    assert reminded() == ([], [])


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_could_not_be_queued_is_tried_again(monkeypatch):
    lesson()
    with monkeypatch.context() as patch:
        patch.setattr(reminders.notices, "queue_all", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reminders.remind_due(at=NOW)

    assert Reminder.objects.count() == 0
    assert reminders.remind_due(at=NOW) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_remind_once():
    lesson()

    outcomes = at_once([partial(reminders.remind_due, at=NOW)] * 4)

    assert sorted(outcomes) == [0, 0, 0, 1]
    assert reminded() == ([DAY], ["rowan"])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_reminder_waits_for_whoever_changes_the_meeting():
    meeting = lesson()

    with row_held(meeting):
        assert waits(partial(reminders.remind_due, at=NOW))

    assert reminders.remind_due(at=NOW) == 1
