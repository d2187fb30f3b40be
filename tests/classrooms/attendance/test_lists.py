"""Who is present and absent, who types wrong codes, and the code of the screen, as the live page shows them."""

from datetime import timedelta

import pytest

from camp.classrooms import codes
from camp.classrooms.attendance import CLOSED_ASKS_AGAIN, Attendance, shown_code, wrong_codes
from camp.classrooms.models import CheckIn, RefusedCode
from camp.enrollment import services as enrollments
from tests.factories import (
    NOW,
    make_check_in,
    make_enrollment,
    make_meeting,
    make_student,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def people(attendance):
    return [row.enrollment.student.handle for row in attendance.rows]


@pytest.fixture
def class_of_three(camp, course, meeting):
    for minute, handle in enumerate(["ash", "birch", "cedar"]):
        make_check_in(meeting, make_enrollment(camp, student=make_student(handle)), at=NOW + minute * MINUTE)
    for handle in ("yew", "willow"):
        make_enrollment(camp, student=make_student(handle))
    CheckIn.objects.filter(enrollment__student__handle="birch").update(is_present=False)
    return meeting


def test_those_present_are_listed_the_latest_first_and_those_absent_by_name(class_of_three):
    present, absent = Attendance(class_of_three), Attendance(class_of_three, shows="absent")

    assert (present.present, present.absent, present.total) == (2, 3, 5)
    assert people(present) == ["cedar", "ash"]
    assert people(absent) == ["birch", "willow", "yew"]
    assert [row.check_in and row.check_in.is_present for row in absent.rows] == [False, None, None]


def test_a_search_finds_names_and_handles_in_its_list(class_of_three):
    assert people(Attendance(class_of_three, search="CED")) == ["cedar"]
    assert people(Attendance(class_of_three, search="w", shows="absent")) == ["willow", "yew"]
    assert people(Attendance(class_of_three, search="nobody\0")) == []


def test_a_search_counts_what_it_finds_in_the_other_list(class_of_three):
    assert Attendance(class_of_three, search="w").found_elsewhere == 2
    assert Attendance(class_of_three, search="ced", shows="absent").found_elsewhere == 1
    assert Attendance(class_of_three, search="").found_elsewhere == 0


def test_who_left_the_camp_is_in_no_list(class_of_three):
    for check_in in CheckIn.objects.all():
        enrollments.withdraw(check_in.enrollment, by=check_in.enrollment.student)

    assert (Attendance(class_of_three).present, Attendance(class_of_three).total) == (0, 2)
    assert people(Attendance(class_of_three)) == []


def test_a_check_in_of_another_meeting_is_not_attendance(camp, course, meeting, enrollment):
    make_check_in(make_meeting(course=course), enrollment)

    assert people(Attendance(meeting)) == []
    assert people(Attendance(meeting, shows="absent")) == ["rowan"]


def test_lists_are_paged_and_a_page_that_is_gone_is_the_last(camp, course, meeting, monkeypatch):
    monkeypatch.setattr("camp.classrooms.attendance.PER_PAGE", 2)
    for handle in ("ash", "birch", "cedar"):
        make_enrollment(camp, student=make_student(handle))

    pages = [people(Attendance(meeting, shows="absent", number=number)) for number in ("1", "2", "9", "x", "-1")]

    assert pages == [["ash", "birch"], ["cedar"], ["cedar"], ["ash", "birch"], ["cedar"]]


def test_the_day_is_said_where_it_is_not_that_of_the_meeting(meeting, enrollment, teacher):
    make_check_in(meeting, enrollment, at=NOW + timedelta(days=2))

    assert Attendance(meeting).rows[0].when == "Fri 26 Jul 2024, 20:00"


def test_wrong_codes_are_counted_by_student_the_latest_first(camp, course, meeting):
    ash, birch = (make_enrollment(camp, student=make_student(handle)) for handle in ("ash", "birch"))
    other = make_meeting(course=course)
    for enrollment, at, where in [(ash, NOW, meeting)] * 5 + [(birch, NOW + MINUTE, meeting), (birch, NOW, other)]:
        RefusedCode.objects.create(enrollment=enrollment, meeting=where, typed="1", tried_at=at)

    def told(now):
        return [(row.student.handle, row.count, row.must_wait) for row in wrong_codes(meeting, now=now)]

    assert told(NOW + 2 * MINUTE) == [("birch", 1, False), ("ash", 5, True)]
    assert told(NOW + 11 * MINUTE) == [("birch", 1, False), ("ash", 5, False)]


# The code on the screen.


def test_the_code_is_shown_in_two_halves_while_the_check_in_is_open(meeting):
    shown = shown_code(meeting, now=NOW + timedelta(seconds=12))

    assert "".join(shown.halves) == codes.code_at(meeting.pk, NOW)
    assert [len(half) for half in shown.halves] == [3, 3]
    assert (shown.asks_in, shown.share) == (18, "60.00%")


@pytest.mark.parametrize(
    ("moment", "asks_in"),
    [
        (NOW - timedelta(days=40), CLOSED_ASKS_AGAIN),
        (NOW - timedelta(minutes=15, seconds=20), 21),
        (NOW + timedelta(hours=1), None),
    ],
)
def test_there_is_no_code_before_and_after(meeting, moment, asks_in):
    shown = shown_code(meeting, now=moment)

    assert (shown.halves, shown.asks_in) == ((), asks_in)


def test_there_is_no_code_of_a_cancelled_meeting(meeting):
    meeting.is_cancelled = True

    assert shown_code(meeting, now=NOW).halves == ()


def test_the_last_code_ends_with_the_meeting(meeting):
    meeting.ends_at = NOW + timedelta(seconds=10)

    assert shown_code(meeting, now=NOW + timedelta(seconds=4)).asks_in == 7
