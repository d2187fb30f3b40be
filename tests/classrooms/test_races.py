"""Check-ins that meet: the student's enrollment is the row that queues them up."""

from datetime import timedelta

import pytest

from camp.classrooms import codes, services
from camp.classrooms.models import CheckIn, RefusedCode
from camp.stages.models import CourseProgress
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_camp, make_course, make_enrollment, make_meeting, make_stage, make_superuser

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def meeting():
    return make_meeting(course=make_course(make_stage(make_camp())), join_url="https://meet.example.org/1")


@pytest.fixture
def enrollment(meeting):
    return make_enrollment(meeting.camp)


def join(meeting, enrollment):
    return services.join(meeting, by=enrollment.student, enrollment=enrollment, at=NOW)


def type_code(meeting, enrollment):
    return services.check_in_by_code(meeting, enrollment=enrollment, typed=codes.code_at(meeting.pk, NOW), at=NOW)


def type_wrong_code(meeting, enrollment):
    return services.check_in_by_code(meeting, enrollment=enrollment, typed="wrong", at=NOW)


def correct(meeting, enrollment):
    values = {"is_present": True, "by": make_superuser(), "reason": "Power cut", "at": NOW}
    return services.correct(meeting, enrollment=enrollment, **values)


@pytest.mark.parametrize("event", [join, type_code, type_wrong_code, correct])
def test_every_check_in_waits_for_the_students_row(meeting, enrollment, event):
    with row_held(enrollment):
        assert waits(lambda: event(meeting, enrollment))

    assert (CheckIn.objects.count(), RefusedCode.objects.count()) == (0, 0)


@pytest.mark.parametrize("event", [join, type_code, correct])
def test_no_check_in_waits_for_the_meeting_the_camp_or_the_user(meeting, enrollment, event):
    """Whoever moves a meeting or decides in the camp holds these; a whole class checks in meanwhile."""
    with row_held(meeting), row_held(meeting.camp), row_held(enrollment.student):
        assert not waits(lambda: event(meeting, enrollment))


def test_a_student_on_two_devices_is_there_once_and_counted_once(meeting, enrollment):
    outcomes = at_once([lambda: join(meeting, enrollment), lambda: type_code(meeting, enrollment)] * 3)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert CheckIn.objects.count() == 1
    assert CourseProgress.objects.get(enrollment=enrollment, course=meeting.course).meetings == 1


def test_two_meetings_joined_at_once_are_both_counted(meeting, enrollment):
    """Each counts what is there when it holds the row, so the later one counts both."""
    others = [make_meeting(course=meeting.course, join_url="https://meet.example.org/2") for _each in range(3)]

    at_once([lambda one=one: join(one, enrollment) for one in [meeting, *others]])

    assert CourseProgress.objects.get(enrollment=enrollment, course=meeting.course).meetings == 4


def test_a_join_and_a_correction_at_once_leave_the_word_of_staff(meeting):
    away = {"is_present": False, "by": make_superuser(), "reason": "A guest", "at": NOW}
    students = [make_enrollment(meeting.camp) for _each in range(6)]

    joins = [lambda row=row: join(meeting, row) for row in students]
    corrections = [lambda row=row: services.correct(meeting, enrollment=row, **away) for row in students]
    outcomes = at_once([*joins, *corrections])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert set(CheckIn.objects.values_list("is_present", "how")) == {(False, "staff")}
    assert set(CourseProgress.objects.filter(course=meeting.course).values_list("meetings", flat=True)) == {0}


def test_wrong_codes_typed_at_once_are_limited_like_those_in_a_row(meeting, enrollment):
    outcomes = at_once([lambda: type_wrong_code(meeting, enrollment)] * 10)

    assert RefusedCode.objects.count() == services.MOST_WRONG_CODES
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TooManyError"] * 5 + ["WrongInputError"] * 5


def test_a_student_who_waits_does_not_make_others_wait(meeting, enrollment):
    other = make_enrollment(meeting.camp)

    with row_held(enrollment):
        assert not waits(lambda: join(meeting, other))


def test_the_limit_ends_with_its_time(meeting, enrollment):
    at_once([lambda: type_wrong_code(meeting, enrollment)] * 6)
    later = NOW + services.WRONG_CODES_COUNT_FOR + timedelta(seconds=1)

    check_in = services.check_in_by_code(
        meeting, enrollment=enrollment, typed=codes.code_at(meeting.pk, later), at=later
    )

    assert check_in.how == "code"
