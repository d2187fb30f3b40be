"""Slots: a meeting as it stands at a moment for one viewer; and what stands first on a page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from camp.camps.models import StaffRole
from camp.classrooms.access import access_to_meeting
from camp.classrooms.models import Meeting
from camp.classrooms.queries import accesses_to
from camp.classrooms.slots import Agenda, slot_of, timetable
from tests.classrooms.visits import END, OPENS, OUTSIDERS, SECOND, START, Lesson
from tests.factories import (
    make_camp,
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_staff_role,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def states(slot):
    names = ("is_ahead", "is_open", "is_running", "is_over")
    return [name for name in names if getattr(slot, name)]


def slots(camp, *, now, viewer=None):
    return timetable(Meeting.objects.of_camp(camp).for_timetable(), now=now, viewer=viewer)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (OPENS - SECOND, ["is_ahead"]),
        (OPENS, ["is_open"]),
        (START - SECOND, ["is_open"]),
        (START, ["is_open", "is_running"]),
        (END - SECOND, ["is_open", "is_running"]),
        (END, ["is_over"]),
    ],
)
def test_state_changes_to_the_second(moment, expected):
    meeting = make_meeting(starts_at=START)

    [slot] = slots(meeting.camp, now=moment)

    assert states(slot) == expected


@pytest.mark.parametrize(("moment", "expected"), [(OPENS - SECOND, []), (START, []), (END, ["is_over"])])
def test_cancelled_meeting_is_never_open_nor_next(moment, expected):
    meeting = make_meeting(starts_at=START, is_cancelled=True)

    [slot] = slots(meeting.camp, now=moment)

    assert (states(slot), slot.stands_first, slot.next_change) == (expected, False, None)


def test_next_is_the_first_to_come_that_takes_place():
    camp = make_camp()
    make_meeting(camp, starts_at=START, is_cancelled=True)
    for hours in (-1, 1, 2):
        make_meeting(camp, starts_at=START + hours * HOUR)

    assert [slot.is_next for slot in slots(camp, now=OPENS - SECOND)] == [False, False, True, False]


def test_what_runs_is_open_or_next_stands_first():
    camp = make_camp()
    for minutes in (-120, -30, 10, 100):
        make_meeting(camp, starts_at=START + timedelta(minutes=minutes))

    agenda = Agenda(slots(camp, now=START))

    assert [slot.meeting.starts_at for slot in agenda.first] == [
        START - timedelta(minutes=30),
        START + timedelta(minutes=10),
    ]
    assert len(agenda.later) == 2
    assert agenda.refresh_in == 600


def test_meeting_alone_on_its_page_is_not_called_next():
    meeting = make_meeting(starts_at=START)
    access = access_to_meeting(AnonymousUser(), meeting)

    assert slot_of(meeting, now=OPENS - HOUR, viewer=AnonymousUser(), access=access).is_next is False


def test_attendance_is_told_once_the_meeting_is_over():
    lesson = Lesson()
    facts = []
    for moment in (START, END):
        [slot] = slots(lesson.camp, now=moment, viewer=lesson.student)
        facts.append((slot.was_there, slot.was_absent))
    make_check_in(lesson.meeting, lesson.enrollment)
    [slot] = slots(lesson.camp, now=END, viewer=lesson.student)
    facts.append((slot.was_there, slot.was_absent))

    assert facts == [(False, False), (False, True), (True, False)]


def test_only_students_of_the_classroom_are_absent():
    lesson = Lesson()

    viewers = [AnonymousUser(), lesson.teacher(), *(who(lesson) for who in OUTSIDERS)]
    assert [slots(lesson.camp, now=END, viewer=viewer)[0].was_absent for viewer in viewers] == [False] * len(viewers)


def test_nobody_is_absent_from_a_cancelled_meeting():
    lesson = Lesson()
    lesson.cancel()

    assert slots(lesson.camp, now=END, viewer=lesson.student)[0].was_absent is False


def test_recordings_and_materials_are_for_those_who_may_enter():
    lesson = Lesson()

    viewers = [lesson.student, lesson.teacher(), AnonymousUser(), *(who(lesson) for who in OUTSIDERS[:4])]
    found = [slots(lesson.camp, now=END, viewer=viewer)[0] for viewer in viewers]

    assert [len(slot.recordings) for slot in found] == [1, 1, 0, 0, 0, 0, 0]
    assert [len(slot.materials) for slot in found] == [1, 1, 0, 0, 0, 0, 0]


def test_access_to_many_meetings_agrees_with_access_to_one():
    lesson, other = Lesson(), Lesson(camp=make_camp("autumn"))
    meetings = [
        lesson.meeting,
        make_meeting(lesson.camp),
        make_meeting(course=make_course(make_stage(lesson.camp))),
        other.meeting,
    ]
    both = make_enrollment(lesson.camp)
    make_enrollment(other.camp, student=both.student)
    roles = [make_staff_role(lesson.camp, role=role).user for role in StaffRole.Role]
    people = [lesson.student, both.student, make_superuser(), *roles, *(who(lesson) for who in OUTSIDERS)]

    def facts(access):
        return access.enrollment, access.is_teacher, access.is_staff

    for user in people:
        together = accesses_to(user, meetings)
        assert [facts(together[meeting.pk]) for meeting in meetings] == [
            facts(access_to_meeting(user, meeting)) for meeting in meetings
        ]


@pytest.mark.parametrize("viewer", [None, AnonymousUser()])
def test_nobody_in_particular_may_enter_nothing(viewer):
    assert accesses_to(viewer, [make_meeting()]) == {}


def test_nobody_is_absent_from_what_was_over_before_they_came():
    lesson = Lesson()
    late = make_enrollment(lesson.camp, at=END).student
    in_time = make_enrollment(lesson.camp, at=END - timedelta(seconds=1)).student

    absent = [slots(lesson.camp, now=END, viewer=viewer)[0].was_absent for viewer in (late, in_time)]

    assert absent == [False, True]
