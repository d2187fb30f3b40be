"""The count of attended meetings, made again from the check-ins."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from camp.classrooms import services
from camp.classrooms.attendance import rebuild
from camp.stages.models import CourseProgress, Participation
from tests.factories import (
    NOW,
    make_camp,
    make_check_in,
    make_enrollment,
    make_meeting,
    make_requirement,
    make_stage,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def join(meeting, enrollment, *, at=NOW, **ignored):
    return services.join(meeting, by=enrollment.student, enrollment=enrollment, at=at)


def correct(meeting, enrollment, *, by, is_present=True, reason="The microphone was broken", at=NOW):
    return services.correct(meeting, enrollment=enrollment, is_present=is_present, by=by, reason=reason, at=at)


def counted(enrollment, course):
    return list(CourseProgress.objects.filter(enrollment=enrollment, course=course).values_list("meetings", flat=True))


def is_in(enrollment, stage):
    return Participation.objects.admitted().filter(enrollment=enrollment, stage=stage).exists()


def rebuilt(capsys, *arguments):
    call_command("rebuild_attendance", *arguments)
    return capsys.readouterr().out.splitlines()


def test_a_recount_finds_nothing_where_services_counted(camp, meeting, enrollment, teacher, capsys):
    join(meeting, enrollment)
    correct(make_meeting(camp), enrollment, by=teacher)

    assert rebuilt(capsys) == ["No differences."]


def test_a_recount_reports_and_corrects_a_wrong_count(camp, course, meeting, enrollment, capsys):
    join(meeting, enrollment)
    CourseProgress.objects.update(meetings=7)

    found = "Rowan in C++: stored 7; check-ins say 1"
    assert rebuilt(capsys, f"{camp.organization.slug}/summer", "--check") == [found, "1 differences."]
    assert counted(enrollment, course) == [7]
    assert rebuilt(capsys) == [found, "1 differences."]
    assert counted(enrollment, course) == [1]
    assert rebuilt(capsys) == ["No differences."]


def test_a_recount_finds_a_count_that_is_missing_and_one_too_many(camp, course, meeting, enrollment):
    make_check_in(make_meeting(camp), enrollment)
    CourseProgress.objects.create(enrollment=enrollment, course=course, meetings=2)

    assert rebuild(camp) == [
        "Rowan in the camp itself: stored 0; check-ins say 1",
        "Rowan in C++: stored 2; check-ins say 0",
    ]
    assert (counted(enrollment, None), counted(enrollment, course)) == ([1], [0])


def test_a_recount_keeps_points_and_promotes_where_a_rule_is_met(camp, course, meeting):
    professional = make_stage(camp, "professional")
    make_requirement(professional, kind="attendance", course=course, meetings=1)
    enrollment = make_enrollment(camp)
    make_check_in(meeting, enrollment)
    CourseProgress.objects.create(enrollment=enrollment, course=course, points=12)

    rebuild(camp, repair=False)
    assert not is_in(enrollment, professional)
    rebuild(camp)

    assert is_in(enrollment, professional)
    assert CourseProgress.objects.values_list("points", "meetings").get(course=course) == (12, 1)


def test_a_recount_is_of_one_camp_when_one_is_named(camp, course, enrollment, capsys):
    CourseProgress.objects.create(enrollment=enrollment, course=course, meetings=2)
    other = make_camp("winter")

    assert rebuilt(capsys, f"{other.organization.slug}/winter") == ["No differences."]


def test_a_recount_of_an_unknown_camp_says_how_to_write_it():
    with pytest.raises(CommandError, match="InfiniTensor/2024summer"):
        call_command("rebuild_attendance", "nobody/nothing")


def test_a_recount_without_differences_reads_each_table_once(
    camp, course, meeting, enrollment, django_assert_num_queries
):
    join(meeting, enrollment)
    with django_assert_num_queries(3):
        rebuild(camp)
