"""Checking in by the code that the teacher's screen shows."""

import pytest

from camp.classrooms import codes
from camp.classrooms.models import CheckIn, RefusedCode
from camp.classrooms.services import MOST_WRONG_CODES, correct
from tests.classrooms.visits import (
    END,
    OPENS,
    SECOND,
    START,
    Lesson,
    browser,
    check_ins,
    hidden_in,
    reveals,
    text,
)
from tests.factories import make_meeting

pytestmark = pytest.mark.django_db
EARLY = "It is too early: joining opens 15 minutes before the start."
OVER = "This meeting is over. Its recording appears on this page."
CANCELLED = "This meeting is cancelled."
WRONG = "This is not the code on the screen. It changes every 30 seconds: type the one you see now."


@pytest.fixture
def lesson(clock):
    return Lesson()


def join(lesson, user):
    return browser(user).post(lesson.url("join"))


def type_code(lesson, user, code):
    return browser(user).post(lesson.url("check_in"), {"code": code})


def test_code_on_the_screen_checks_in(lesson, clock):
    clock.now = START

    response = type_code(lesson, lesson.student, codes.code_at(lesson.meeting.pk, START))

    assert response.url == lesson.url()
    assert check_ins() == [(lesson.enrollment.pk, lesson.meeting.pk, "code", START)]
    assert reveals() == []


def test_code_is_read_with_spaces(lesson, clock):
    clock.now = START
    code = codes.code_at(lesson.meeting.pk, START)

    type_code(lesson, lesson.student, f" {code[:3]} {code[3:]} ")

    assert len(check_ins()) == 1


def test_wrong_code_says_so_and_keeps_what_was_typed(lesson, clock):
    clock.now = START

    response = type_code(lesson, lesson.student, _wrong(lesson))

    assert (response.status_code, WRONG in text(response)) == (400, True)
    assert f'value="{_wrong(lesson)}"' in text(response)
    assert (RefusedCode.objects.count(), check_ins(), hidden_in(response)) == (1, [], [])
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345\x00", "9" * 5000, "<script>x"])
def test_what_is_no_code_is_refused_without_counting_as_a_try(lesson, clock, typed):
    clock.now = START

    response = type_code(lesson, lesson.student, typed)

    assert response.status_code == 400
    assert 'role="alert"' in text(response)
    assert "<script>x" not in text(response)
    assert (RefusedCode.objects.count(), check_ins()) == (0, [])


def test_code_of_another_meeting_is_refused(lesson, clock):
    other = make_meeting(course=lesson.course, starts_at=START)
    clock.now = START

    response = type_code(lesson, lesson.student, codes.code_at(other.pk, START))

    assert (response.status_code, check_ins()) == (400, [])


def test_too_many_wrong_codes_make_wait(lesson, clock):
    clock.now = START
    for _try in range(MOST_WRONG_CODES):
        type_code(lesson, lesson.student, _wrong(lesson))

    response = type_code(lesson, lesson.student, codes.code_at(lesson.meeting.pk, START))

    assert response.status_code == 429
    assert "Too many wrong codes. Wait ten minutes, or ask the teacher to check you in." in text(response)
    assert check_ins() == []


@pytest.mark.parametrize(("moment", "sentence"), [(OPENS - SECOND, EARLY), (END, OVER)])
def test_code_outside_the_window_is_refused(lesson, clock, moment, sentence):
    clock.now = moment

    response = type_code(lesson, lesson.student, codes.code_at(lesson.meeting.pk, moment))

    assert (response.status_code, sentence in text(response), check_ins()) == (403, True, [])


def test_code_of_a_cancelled_meeting_is_refused(lesson, clock):
    lesson.cancel()
    clock.now = START

    response = type_code(lesson, lesson.student, codes.code_at(lesson.meeting.pk, START))

    assert (response.status_code, CANCELLED in text(response), check_ins()) == (403, True, [])


def test_staff_have_no_check_in(lesson, clock):
    clock.now = START

    response = type_code(lesson, lesson.teacher(), codes.code_at(lesson.meeting.pk, START))

    assert (response.status_code, check_ins()) == (403, [])
    assert "Only students check in." in text(response)


def test_joining_after_the_code_keeps_the_first_check_in(lesson, clock):
    clock.now = START
    type_code(lesson, lesson.student, codes.code_at(lesson.meeting.pk, START))

    join(lesson, lesson.student)

    assert [how for _enrollment, _meeting, how, _at in check_ins()] == ["code"]


def test_joining_leaves_what_staff_corrected(lesson, clock):
    clock.now = START
    correct(lesson.meeting, enrollment=lesson.enrollment, is_present=False, by=lesson.teacher(), reason="Left at once.")

    response = join(lesson, lesson.student)

    assert response.status_code == 200
    assert "You are checked in." not in text(response)
    assert CheckIn.objects.get().is_present is False


def _wrong(lesson):
    return "000000" if not codes.is_code_of(lesson.meeting.pk, "000000", at=START) else "000001"
