"""What a reminder says, and in whose time."""

import pytest

from camp.classrooms import reminders
from camp.classrooms.models import Meeting
from camp.notices.models import Mail, Notice
from tests.classrooms.reminding import MINUTE, join, lesson
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_words_of_the_day_before(settings):
    meeting = lesson(speaker="Ada", join_url="https://meet.example.org/secret", number="4711", passcode="0815")

    reminders.remind_due(at=NOW)

    notice = Notice.objects.get()
    assert notice.title == "Reminder: Lesson 1, Thu 25 Jul 2024, 16:00 (Shanghai)"
    assert notice.mail.body == (
        "Hello Rowan,\n\nReminder: Lesson 1, Thu 25 Jul 2024, 16:00 (Shanghai)\n\n"
        "When: Thu 25 Jul 2024, 16:00–17:00 (Shanghai)\nCourse: C++\nCamp: Summer camp\nSpeaker: Ada\n\n"
        f"Which reminders you get, and of which courses, you choose here: {settings.SITE_URL}/my/calendar/\n\n"
        "You can join on the page of the meeting from 15 minutes before the start.\n\n"
        f"{settings.SITE_URL}{meeting.get_absolute_url()}\n\n"
        f"--\nCamp · All your notices: {settings.SITE_URL}/my/notices/\n"
    )


def test_the_words_of_half_an_hour_before():
    lesson(29 * MINUTE)

    reminders.remind_due(at=NOW)

    assert Notice.objects.get().title == "Soon: Lesson 1, Wed 24 Jul 2024, 20:29 (Shanghai)"


def test_times_are_those_of_the_reader_with_the_camps_beside_them():
    meeting = lesson()
    join(meeting, handle="ash", language="en", time_zone="Europe/Berlin")

    reminders.remind_due(at=NOW)

    told = Notice.objects.get(recipient__handle="ash")
    assert told.title == "Reminder: Lesson 1, Thu 25 Jul 2024, 10:00 (Berlin)"
    assert told.body.startswith("When: Thu 25 Jul 2024, 10:00–11:00 (Berlin) · 16:00–17:00 (Shanghai)\n")


def test_names_are_not_escaped_in_a_mail():
    meeting = lesson()
    Meeting.objects.filter(pk=meeting.pk).update(title="Threads & <locks>", course=None)

    reminders.remind_due(at=NOW)

    assert Mail.objects.get().subject.startswith("Reminder: Threads & <locks>, ")
    assert "Course:" not in Mail.objects.get().body
