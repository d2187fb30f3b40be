"""Watching a recording: for those who may attend, once the meeting is over, recorded and remembered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from camp.classrooms.models import Opening
from camp.classrooms.services import ClassroomError, open_recording
from tests.classrooms.visits import (
    END,
    OUTSIDER_NAMES,
    OUTSIDERS,
    REPLAY,
    SECOND,
    START,
    Lesson,
    browser,
    hidden_in,
    reveals,
    text,
)
from tests.factories import make_meeting, make_recording

pytestmark = pytest.mark.django_db
NOT_OVER = "The recording can be watched when the meeting is over."


@pytest.fixture
def lesson(clock):
    return Lesson()


def watch(lesson, user):
    return browser(user).post(lesson.recording_url())


def openings():
    return list(Opening.objects.order_by("id").values_list("user", "recording", "first_opened_at", "last_opened_at"))


@pytest.mark.parametrize("who", [lambda lesson: lesson.student, lambda lesson: lesson.teacher()])
def test_recording_is_shown_recorded_and_remembered(lesson, clock, who):
    user = who(lesson)
    clock.now = END

    response = watch(lesson, user)

    assert response.status_code == 200
    assert [secret for secret in REPLAY.values() if secret not in text(response)] == []
    assert f'href="{REPLAY["url"]}" rel="noopener noreferrer"' in text(response)
    assert "no-store" in response["Cache-Control"]
    meeting, recording = lesson.meeting, lesson.recording
    assert reveals() == [(user.pk, f"recording {recording.pk} of meeting {meeting.key} ({meeting.pk})", END)]
    assert openings() == [(user.pk, recording.pk, END, END)]


def test_second_opening_is_recorded_and_the_first_is_kept(lesson, clock):
    clock.now = END
    watch(lesson, lesson.student)
    clock.now = later = END + timedelta(days=1)
    watch(lesson, lesson.student)

    assert openings() == [(lesson.student.pk, lesson.recording.pk, END, later)]
    assert [moment for _user, _secret, moment in reveals()] == [END, later]


@pytest.mark.parametrize("moment", [START - timedelta(days=1), START, END - SECOND])
def test_before_the_end_nothing_is_shown(lesson, clock, moment):
    clock.now = moment

    response = watch(lesson, lesson.student)

    assert (response.status_code, NOT_OVER in text(response)) == (403, True)
    assert (hidden_in(response), reveals(), openings()) == ([], [], [])


def test_recording_of_a_cancelled_meeting_is_refused(lesson, clock):
    lesson.cancel()
    clock.now = END

    response = watch(lesson, lesson.student)

    assert (response.status_code, "This meeting is cancelled." in text(response)) == (403, True)
    assert (hidden_in(response), reveals(), openings()) == ([], [], [])


def test_service_decides_by_the_meeting_as_it_is_stored(lesson, clock):
    stale = lesson.recording
    lesson.meeting.ends_at = END + timedelta(hours=1)
    lesson.meeting.save()
    stale.meeting.ends_at = END

    with pytest.raises(ClassroomError) as refused:
        open_recording(stale, by=lesson.student, at=END)

    assert str(refused.value) == NOT_OVER


@pytest.mark.parametrize("who", OUTSIDERS, ids=OUTSIDER_NAMES)
def test_others_are_refused_with_a_sentence(lesson, clock, who):
    user = who(lesson)
    clock.now = END

    response = watch(lesson, user)

    assert (response.status_code, "This is for" in text(response)) == (403, True)
    assert (hidden_in(response), reveals(), openings()) == ([], [], [])


def test_anonymous_visitor_signs_in_and_lands_on_the_page_of_the_meeting(lesson, clock):
    clock.now = END

    assert browser().post(lesson.recording_url()).url == f"{reverse('account_login')}?next={lesson.recording_url()}"
    assert browser(lesson.student).get(lesson.recording_url()).url == lesson.url()
    assert reveals() == []


def test_recording_of_another_meeting_is_a_404(lesson, clock):
    other = make_recording(make_meeting(course=lesson.course, starts_at=START))
    clock.now = END

    for number in (other.pk, 10**30):
        assert browser(lesson.student).post(lesson.url("recording", number)).status_code == 404
    assert (reveals(), openings()) == ([], [])
