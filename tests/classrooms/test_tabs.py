"""The classroom and the video tab of a course's page."""

from datetime import timedelta

import pytest

from camp.classrooms.models import Opening
from camp.enrollment.models import Enrollment
from tests.classrooms.visits import (
    END,
    OPENS,
    OUTSIDER_NAMES,
    OUTSIDERS,
    SECOND,
    START,
    Lesson,
    browser,
    hidden_in,
    more_of,
    text,
)
from tests.factories import (
    make_check_in,
    make_meeting,
    make_recording,
    make_user,
)

pytestmark = pytest.mark.django_db
JOIN = "Join the meeting"
DAY = timedelta(days=1)


@pytest.fixture
def lesson(clock):
    return Lesson()


def tab(lesson, name, user=None):
    return browser(user).get(lesson.course.get_absolute_url(), {"tab": name})


class TestClassroom:
    def test_what_is_now_and_next_stands_first(self, lesson, clock):
        make_meeting(course=lesson.course, title="Borrowing", starts_at=START + 2 * DAY)
        make_meeting(course=lesson.course, title="Lifetimes", starts_at=START + 4 * DAY)
        clock.now = START

        response = tab(lesson, "classroom", lesson.student)

        assert [slot.meeting.title for slot in response.context["agenda"].first] == ["Ownership", "Borrowing"]
        assert text(response).index(JOIN) < text(response).index("Timetable")
        assert f'hx-get="{lesson.course.get_absolute_url()}"' in text(response)

    def test_student_sees_the_way_in_and_the_attendance(self, lesson, clock):
        Enrollment.objects.update(decided_at=START - 3 * DAY)
        missed = make_meeting(course=lesson.course, starts_at=START - 2 * DAY)
        attended = make_meeting(course=lesson.course, starts_at=START - DAY)
        make_check_in(attended, lesson.enrollment)
        clock.now = START

        response = tab(lesson, "classroom", lesson.student)

        states = {slot.meeting: (slot.was_there, slot.was_absent) for slot in response.context["timetable"]}
        assert states == {missed: (False, True), attended: (True, False), lesson.meeting: (False, False)}
        assert (JOIN in text(response), hidden_in(response)) == (True, [])
        assert ["you were there" in text(response), "absent" in text(response)] == [True, True]

    @pytest.mark.parametrize("moment", [OPENS - SECOND, START, END])
    @pytest.mark.parametrize("who", [lambda lesson: None, *OUTSIDERS], ids=["anonymous", *OUTSIDER_NAMES])
    def test_others_read_the_timetable_and_why_no_more(self, lesson, clock, who, moment):
        user = who(lesson)
        clock.now = moment

        response = tab(lesson, "classroom", user)

        assert ["Ownership" in text(response), "Ferris" in text(response)] == [True, True]
        assert "his is for" in text(response)
        assert (JOIN in text(response), lesson.recording_url() in text(response)) == (False, False)
        assert hidden_in(response) == []

    def test_teacher_is_led_to_the_live_page(self, lesson, clock):
        clock.now = START

        response = tab(lesson, "classroom", lesson.teacher())

        assert text(response).count(f'href="{lesson.url("live")}"') == 2
        assert JOIN in text(response)

    def test_recording_is_linked_from_the_timetable(self, lesson, clock):
        clock.now = END

        assert f'href="{lesson.url()}#recordings"' in text(tab(lesson, "classroom", lesson.student))
        assert f'href="{lesson.url()}#recordings"' not in text(tab(lesson, "classroom"))

    @pytest.mark.parametrize("name", ["classroom", "video"])
    def test_costs_the_same_for_one_meeting_and_for_three(
        self, lesson, clock, name, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, address = browser(lesson.student), f"{lesson.course.get_absolute_url()}?tab={name}"
        lesson.meeting.delete()
        more_of(lesson)
        clock.now = START if name == "classroom" else END
        client.get(address)
        with django_assert_max_num_queries(40) as one:
            client.get(address)
        more_of(lesson, starts_at=START - DAY)
        more_of(lesson, starts_at=START + DAY)

        with django_assert_num_queries(len(one)):
            client.get(address)


class TestVideos:
    def test_lessons_stand_in_order_with_what_was_opened(self, lesson, clock):
        make_recording(lesson.meeting, title="Part two")
        older = make_meeting(course=lesson.course, title="Hello", starts_at=START - DAY)
        Opening.objects.create(user=lesson.student, recording=make_recording(older), first_opened_at=START)
        clock.now = END

        response = tab(lesson, "video", lesson.student)

        assert [slot.meeting.title for slot in response.context["lessons"]] == ["Hello", "Ownership"]
        assert "1 of 3 recordings opened" in text(response)
        assert text(response).count("opened on 24 Jul 2024") == 1
        assert f'action="{lesson.recording_url()}"' in text(response)
        assert (hidden_in(response), "slides.example.org" in text(response)) == ([], False)

    def test_what_somebody_else_opened_is_not_marked(self, lesson, clock):
        Opening.objects.create(user=make_user(), recording=lesson.recording)
        clock.now = END

        assert "0 of 1 recording opened" in text(tab(lesson, "video", lesson.student))

    def test_lesson_to_come_shows_its_materials_only(self, lesson):
        response = tab(lesson, "video", lesson.student)

        assert [slot.meeting for slot in response.context["lessons"]] == [lesson.meeting]
        assert f'href="{lesson.slides_url()}"' in text(response)
        assert lesson.recording_url() not in text(response)

    def test_lesson_without_a_recording_says_that_it_will_come(self, lesson, clock):
        lesson.recording.delete()
        clock.now = END

        assert "No recording yet." in text(tab(lesson, "video", lesson.student))

    def test_nothing_to_show_says_what_will_appear(self, lesson):
        lesson.slides.delete()

        assert "No recordings yet" in text(tab(lesson, "video", lesson.student))

    @pytest.mark.parametrize("who", [lambda lesson: None, *OUTSIDERS], ids=["anonymous", *OUTSIDER_NAMES])
    def test_others_are_told_for_whom_it_is(self, lesson, clock, who):
        user = who(lesson)
        clock.now = END

        response = tab(lesson, "video", user)

        assert "his is for" in text(response)
        assert response.context["lessons"] == []
        assert ("The slides" in text(response), hidden_in(response)) == (False, [])
