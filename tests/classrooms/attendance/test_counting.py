"""Attendance: counted for the rules of stages, corrected by staff with a reason, counted again from the check-ins."""

from datetime import timedelta

import pytest
from django.utils import translation

from camp.classrooms import codes, services
from camp.classrooms.models import CheckIn
from camp.classrooms.services import ClassroomError, WrongInputError
from camp.enrollment import services as enrollments
from camp.notices.models import Mail, Notice
from camp.stages.models import CourseProgress, Participation
from tests.factories import (
    NOW,
    make_camp,
    make_enrollment,
    make_meeting,
    make_requirement,
    make_stage,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def join(meeting, enrollment, *, at=NOW, **ignored):
    return services.join(meeting, by=enrollment.student, enrollment=enrollment, at=at)


def type_code(meeting, enrollment, *, at=NOW, **ignored):
    return services.check_in_by_code(meeting, enrollment=enrollment, typed=codes.code_at(meeting.pk, at), at=at)


def correct(meeting, enrollment, *, by, is_present=True, reason="The microphone was broken", at=NOW):
    return services.correct(meeting, enrollment=enrollment, is_present=is_present, by=by, reason=reason, at=at)


def counted(enrollment, course):
    return list(CourseProgress.objects.filter(enrollment=enrollment, course=course).values_list("meetings", flat=True))


def is_in(enrollment, stage):
    return Participation.objects.admitted().filter(enrollment=enrollment, stage=stage).exists()


# What counts.


@pytest.mark.parametrize("attend", [join, type_code, correct])
def test_attendance_that_meets_a_rule_promotes_at_once(camp, course, meeting, teacher, attend):
    professional = make_stage(camp, "professional")
    make_requirement(professional, kind="attendance", course=course, meetings=1)
    enrollment = make_enrollment(camp)

    attend(meeting, enrollment, by=teacher)

    assert counted(enrollment, course) == [1]
    assert is_in(enrollment, professional)


@pytest.mark.parametrize("attend", [join, type_code, correct])
def test_attendance_of_a_ceremony_counts_for_the_camp(camp, teacher, attend):
    professional = make_stage(camp, "professional")
    make_requirement(professional, kind="attendance", meetings=1)
    enrollment, ceremony = make_enrollment(camp), make_meeting(camp, join_url="https://meet.example.org/2")

    attend(ceremony, enrollment, by=teacher)

    assert counted(enrollment, None) == [1]
    assert is_in(enrollment, professional)


def test_attendance_short_of_a_rule_promotes_nobody(camp, course, meeting, enrollment):
    professional = make_stage(camp, "professional")
    make_requirement(professional, kind="attendance", course=course, meetings=2)

    join(meeting, enrollment)

    assert not is_in(enrollment, professional)


def test_joining_and_typing_the_code_is_one_attendance(course, meeting, enrollment):
    join(meeting, enrollment)
    type_code(meeting, enrollment, at=NOW + MINUTE)

    assert CheckIn.objects.values_list("how", "checked_in_at").get() == ("join", NOW)
    assert counted(enrollment, course) == [1]


def test_a_correction_to_absent_takes_the_count_back_but_nobody_out_of_a_stage(camp, course, meeting, teacher):
    professional = make_stage(camp, "professional")
    make_requirement(professional, kind="attendance", course=course, meetings=1)
    enrollment = make_enrollment(camp)
    join(meeting, enrollment)

    correct(meeting, enrollment, by=teacher, is_present=False)

    assert counted(enrollment, course) == [0]
    assert is_in(enrollment, professional)


# Corrections.


def test_a_correction_says_who_and_why_and_keeps_the_time(meeting, enrollment, teacher):
    join(meeting, enrollment)

    check_in = correct(meeting, enrollment, by=teacher, is_present=False, reason=" A guest ", at=NOW + MINUTE)

    values = ("is_present", "how", "corrected_by", "reason", "checked_in_at")
    assert CheckIn.objects.values_list(*values).get(pk=check_in.pk) == (False, "staff", teacher.pk, "A guest", NOW)
    assert [(row.how, row.is_present) for row in check_in.history.order_by("pk")] == [("join", True), ("staff", False)]


def test_a_students_own_check_in_does_not_undo_a_correction(course, meeting, enrollment, teacher):
    correct(meeting, enrollment, by=teacher, is_present=False)

    join(meeting, enrollment)
    type_code(meeting, enrollment)

    assert CheckIn.objects.get().is_present is False
    assert counted(enrollment, course) == [0]


@pytest.mark.parametrize(
    ("is_present", "title"),
    [(True, "You count as present in First lesson"), (False, "You count as absent in First lesson")],
)
def test_a_correction_is_told_without_a_mail(meeting, enrollment, teacher, is_present, title):
    mails = Mail.objects.count()

    with translation.override("zh-hans"):
        correct(meeting, enrollment, by=teacher, is_present=is_present, reason="Too <late> & more")

    notice = Notice.objects.get(recipient=enrollment.student, kind="classrooms/attendance_corrected")
    assert (notice.title, notice.url, notice.mail) == (title, meeting.get_absolute_url(), None)
    assert notice.body.startswith("The staff wrote: Too <late> & more\n")
    assert meeting.join_url not in notice.body
    assert Mail.objects.count() == mails


def test_a_correction_needs_a_reason(meeting, enrollment, teacher):
    with pytest.raises(WrongInputError, match="reason"):
        correct(meeting, enrollment, by=teacher, reason="  ")

    assert CheckIn.objects.count() == 0


def test_nobody_from_outside_the_classroom_is_corrected(meeting, enrollment, teacher):
    enrollments.withdraw(enrollment, by=enrollment.student)

    for stranger in (enrollment, make_enrollment(make_camp("winter"))):
        with pytest.raises(WrongInputError, match="no student"):
            correct(meeting, stranger, by=teacher)

    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("minutes", [-15, 0, 60, 60 * 24 * 300])
def test_attendance_is_corrected_during_the_meeting_and_after_it(meeting, enrollment, teacher, minutes):
    assert correct(meeting, enrollment, by=teacher, at=NOW + minutes * MINUTE).is_present


def test_attendance_is_not_corrected_before_the_meeting_nor_when_it_is_cancelled(meeting, enrollment, teacher):
    with pytest.raises(ClassroomError, match="15 minutes before"):
        correct(meeting, enrollment, by=teacher, at=NOW - 16 * MINUTE)
    meeting.is_cancelled = True
    with pytest.raises(ClassroomError, match="cancelled"):
        correct(meeting, enrollment, by=teacher)
