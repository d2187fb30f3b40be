"""Facts and rules: who is promoted by them, who is not, and what happens or fails together."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from camp.enrollment import services as enrollments
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail, Notice
from camp.stages import services
from camp.stages.models import Course, CourseProgress, Participation, RequirementGroup
from tests.factories import NOW, make_camp, make_enrollment, make_requirement, make_stage
from tests.stages.steps import promotions_told, stages_of

pytestmark = pytest.mark.django_db

# Entering by the rule.


def test_new_student_is_in_the_stages_without_requirements(camp, heard):
    enrollment = make_enrollment(camp)

    assert stages_of(enrollment) == ["foundation"]
    assert promotions_told(enrollment) == 0
    assert heard == [("admitted", "foundation")]


def test_points_that_meet_the_rule_promote(student, camp, heard):
    services.record_points(student, camp.cpp, 29, at=NOW)
    assert stages_of(student) == ["foundation"]

    promoted = services.record_points(student, camp.cpp, 30, at=NOW + timedelta(hours=1))

    assert stages_of(student) == ["foundation", "professional"]
    assert [(row.stage, row.is_by_rule, row.decided_at) for row in promoted] == [
        (camp.professional, True, NOW + timedelta(hours=1))
    ]
    assert heard[-1] == ("admitted", "professional")


def test_promotion_is_told_once_in_the_site_and_by_mail(student, camp):
    services.record_points(student, camp.cpp, 30)
    services.record_points(student, camp.rust, 94)

    notice = Notice.objects.of(student.student).get(kind="stages/promoted")
    assert notice.url == camp.professional.get_absolute_url()
    assert Mail.objects.filter(notice=notice).count() == 1


def test_promotion_is_rolled_back_with_the_fact(student, camp):
    with transaction.atomic():
        services.record_points(student, camp.cpp, 30)
        transaction.set_rollback(True)

    assert stages_of(student) == ["foundation"]
    assert CourseProgress.objects.count() == 0
    assert promotions_told(student) == 0


def test_full_marks_are_those_of_now(student, camp):
    services.record_points(student, camp.cpp, 30)
    other = make_enrollment(camp)
    Course.objects.filter(pk=camp.cpp.pk).update(max_points=40)

    services.record_points(other, camp.cpp, 30)
    assert stages_of(other) == ["foundation"]
    services.record_points(other, camp.cpp, 40)

    assert stages_of(other) == ["foundation", "professional"]
    assert stages_of(student) == ["foundation", "professional"]


def test_a_number_of_points_does_not_move_with_the_maximum(student, camp):
    camp.homework.requirements.filter(course=camp.cpp).update(points=20)
    Course.objects.filter(pk=camp.cpp.pk).update(max_points=400)

    services.record_points(student, camp.cpp, Decimal("20.000"))

    assert stages_of(student) == ["foundation", "professional"]


def test_full_marks_of_a_course_without_a_maximum_let_nobody_in(camp):
    Course.objects.filter(pk=camp.cpp.pk).update(max_points=0)
    enrollment = make_enrollment(camp)

    services.record_points(enrollment, camp.cpp, 0)

    assert stages_of(enrollment) == ["foundation"]


def test_every_group_is_needed(student, camp, staff):
    report = make_requirement(camp.professional, kind="item", item="Report")

    services.record_points(student, camp.cpp, 30)
    assert stages_of(student) == ["foundation"]
    services.tick_item(report, student, by=staff)

    assert stages_of(student) == ["foundation", "professional"]


def test_so_many_of_a_group_are_needed(student, camp):
    RequirementGroup.objects.filter(pk=camp.homework.pk).update(needed=2)

    services.record_points(student, camp.cpp, 30)
    assert stages_of(student) == ["foundation"]
    services.record_points(student, camp.rust, 94)

    assert stages_of(student) == ["foundation", "professional"]


def test_attendance_counts_per_course(student, camp):
    project = make_stage(camp, "project")
    make_requirement(project, kind="attendance", course=camp.cpp, meetings=2)

    services.record_meetings(student, camp.rust, 5)
    services.record_meetings(student, camp.cpp, 1)
    assert stages_of(student) == ["foundation"]
    services.record_meetings(student, camp.cpp, 2)

    assert stages_of(student) == ["foundation", "project"]


def test_attendance_of_the_camp_counts_all_meetings(student, camp):
    project = make_stage(camp, "project")
    make_requirement(project, kind="attendance", meetings=4)

    services.record_meetings(student, camp.cpp, 2)
    services.record_meetings(student, None, 1)
    assert stages_of(student) == ["foundation"]
    services.record_meetings(student, camp.rust, 1)

    assert stages_of(student) == ["foundation", "project"]


def test_facts_are_kept_once_and_apart(student, camp):
    services.record_points(student, camp.cpp, 10)
    services.record_meetings(student, camp.cpp, 2)
    services.record_points(student, camp.cpp, 12)
    services.record_meetings(student, None, 1)
    services.record_meetings(student, None, 2)

    rows = CourseProgress.objects.filter(enrollment=student).order_by("course_id")
    assert sorted((row.course_id or 0, row.points, row.meetings) for row in rows) == [
        (0, 0, 2),
        (camp.cpp.pk, 12, 2),
    ]


def test_fewer_points_take_nobody_out(student, camp):
    services.record_points(student, camp.cpp, 30)

    services.record_points(student, camp.cpp, 0)

    assert stages_of(student) == ["foundation", "professional"]


def test_who_is_not_enrolled_is_not_promoted(student, camp):
    enrollments.withdraw(student, by=student.student, at=NOW)

    assert services.record_points(student, camp.cpp, 30) == []
    assert stages_of(student) == ["foundation"]


def test_promotion_looks_at_the_stored_enrollment(student, camp):
    stale = Enrollment.objects.get(pk=student.pk)
    enrollments.withdraw(student, by=student.student, at=NOW)

    assert services.promote_where_met(stale) == []


def test_rules_of_other_camps_do_not_matter(student, camp):
    elsewhere = make_stage(make_camp(), "elsewhere")

    services.promote_where_met(student)

    assert not Participation.objects.filter(stage=elsewhere).exists()


def test_the_same_fact_twice_promotes_once(student, camp, heard):
    services.record_points(student, camp.cpp, 30)
    heard.clear()

    assert services.record_points(student, camp.cpp, 30) == []
    assert heard == []
    assert promotions_told(student) == 1


# Leaving the camp and coming back.


def test_who_enrolls_again_goes_on_where_they_left(student, camp):
    services.record_points(student, camp.cpp, 30)
    enrollments.withdraw(student, by=student.student, at=NOW)

    enrollments.apply(camp, student=student.student, at=NOW)

    assert stages_of(student) == ["foundation", "professional"]
    assert promotions_told(student) == 1


def test_who_enrolls_again_is_still_held_back(student, camp, staff):
    services.hold(student, camp.professional, by=staff, reason="Copied.")
    services.record_points(student, camp.cpp, 30)
    enrollments.withdraw(student, by=student.student, at=NOW)

    enrollments.apply(camp, student=student.student, at=NOW)

    assert stages_of(student) == ["foundation"]


def test_who_enrolls_again_enters_stages_that_are_new(student, camp):
    enrollments.withdraw(student, by=student.student, at=NOW)
    make_stage(camp, "ceremony")

    enrollments.apply(camp, student=student.student, at=NOW)

    assert stages_of(student) == ["foundation", "ceremony"]
