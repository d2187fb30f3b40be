"""Facts, rules and promotions: each event, each refusal, rows changed by others, and what happens or fails together."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from camp.enrollment import services as enrollments
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail, Notice
from camp.stages import events, services
from camp.stages.models import Course, CourseProgress, ItemTick, Participation, RequirementGroup
from camp.stages.services import StageError
from tests.factories import (
    NOW,
    make_camp,
    make_course,
    make_enrollment,
    make_requirement,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db
Status = Participation.Status


@pytest.fixture
def camp():
    """A camp whose professional stage needs full marks in C++ or in Rust."""
    camp = make_camp()
    foundation = make_stage(camp, "foundation")
    camp.cpp = make_course(foundation, max_points=30, name="C++")
    camp.rust = make_course(foundation, max_points=94, name="Rust")
    camp.foundation, camp.professional = foundation, make_stage(camp, "professional")
    camp.homework = RequirementGroup.objects.create(stage=camp.professional, label="Homework", needed=1)
    make_requirement(camp.professional, group=camp.homework, course=camp.cpp)
    make_requirement(camp.professional, group=camp.homework, course=camp.rust)
    return camp


@pytest.fixture
def student(camp):
    return make_enrollment(camp)


@pytest.fixture
def staff():
    return make_superuser()


@pytest.fixture
def heard():
    """What stages announced, in order: (what, key of the stage)."""
    said = []

    def note(signal, participation, **kwargs):
        word = "admitted" if signal is events.participation_admitted else "reverted"
        said.append((word, participation.stage.key))

    signals = (events.participation_admitted, events.participation_reverted)
    for signal in signals:
        signal.connect(note, dispatch_uid="heard")
    yield said
    for signal in signals:
        signal.disconnect(dispatch_uid="heard")


def stages_of(enrollment):
    rows = Participation.objects.admitted().filter(enrollment=enrollment)
    return [row.stage.key for row in rows.select_related("stage").order_by("stage__position")]


def promotions_told(enrollment):
    return Notice.objects.of(enrollment.student).filter(kind="stages/promoted").count()


def refusal(call, *args, **kwargs):
    with pytest.raises(StageError) as refused:
        call(*args, **kwargs)
    return str(refused.value)


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


# What staff decide.


def test_promote_admits_whatever_the_rule_says(student, camp, staff, heard):
    heard.clear()

    services.promote(student, camp.professional, by=staff, reason=" Has taught it. ", at=NOW)

    row = Participation.objects.get(enrollment=student, stage=camp.professional)
    assert (row.status, row.decided_by, row.decided_at, row.reason) == (Status.ADMITTED, staff, NOW, "Has taught it.")
    assert promotions_told(student) == 1
    assert heard == [("admitted", "professional")]


def test_hold_keeps_the_rule_from_promoting(student, camp, staff, heard):
    heard.clear()
    services.hold(student, camp.professional, by=staff, reason="Copied.", at=NOW)

    services.record_points(student, camp.cpp, 30)

    row = Participation.objects.get(enrollment=student, stage=camp.professional)
    assert (row.status, row.decided_by, row.reason) == (Status.HELD, staff, "Copied.")
    assert Notice.objects.of(student.student).filter(kind="stages/held").count() == 1
    assert heard == []


def test_revert_keeps_the_rule_from_promoting_again(student, camp, staff, heard):
    services.record_points(student, camp.cpp, 30)
    heard.clear()

    services.revert(student, camp.professional, by=staff, reason="Copied.", at=NOW)
    services.record_points(student, camp.rust, 94)

    row = Participation.objects.get(enrollment=student, stage=camp.professional)
    assert (row.status, row.decided_by, row.decided_at, row.reason) == (Status.REVERTED, staff, NOW, "Copied.")
    assert Notice.objects.of(student.student).filter(kind="stages/reverted").count() == 1
    assert heard == [("reverted", "professional")]


@pytest.mark.parametrize("before", [services.hold, services.revert])
def test_promote_ends_a_hold_and_a_reversal(before, student, camp, staff):
    if before is services.revert:
        services.promote(student, camp.professional, by=staff, reason="Early.")
    before(student, camp.professional, by=staff, reason="Copied.")

    services.promote(student, camp.professional, by=staff, reason="Cleared.")

    assert stages_of(student) == ["foundation", "professional"]
    statuses = Participation.history.filter(stage=camp.professional).order_by("history_id").values_list("status")
    assert [status for (status,) in statuses][-2:] == [
        Status.HELD if before is services.hold else Status.REVERTED,
        Status.ADMITTED,
    ]


@pytest.mark.parametrize("decide", [services.promote, services.hold, services.revert])
class TestEveryDecisionOfStaff:
    def test_needs_a_reason(self, decide, student, camp, staff):
        words = refusal(decide, student, camp.professional, by=staff, reason="  ")

        assert words == "Give a reason; the student reads it."

    def test_is_within_the_camp(self, decide, student, staff):
        words = refusal(decide, student, make_stage(), by=staff, reason="Why not.")

        assert words == "This stage belongs to another camp."

    def test_is_about_enrolled_students(self, decide, student, camp, staff):
        stale = Enrollment.objects.get(pk=student.pk)
        enrollments.withdraw(student, by=student.student, at=NOW)

        words = refusal(decide, stale, camp.foundation, by=staff, reason="Why not.")

        assert words == "This student is not enrolled."


def test_promote_of_somebody_in_the_stage_is_refused(student, camp, staff):
    words = refusal(services.promote, student, camp.foundation, by=staff, reason="Again.")

    assert words == "This student is already in the stage."


def test_hold_of_somebody_in_the_stage_is_refused(student, camp, staff):
    words = refusal(services.hold, student, camp.foundation, by=staff, reason="Copied.")

    assert words == "This student is already in the stage. Revert the promotion instead."


@pytest.mark.parametrize("is_held", [True, False])
def test_revert_of_somebody_not_in_the_stage_is_refused(is_held, student, camp, staff):
    if is_held:
        services.hold(student, camp.professional, by=staff, reason="Copied.")

    words = refusal(services.revert, student, camp.professional, by=staff, reason="Copied.")

    assert words == "This student is not in the stage."


# Items.


def test_tick_item_promotes_at_once(student, camp, staff):
    project = make_stage(camp, "project")
    report = make_requirement(project, kind="item", item="Report")

    tick = services.tick_item(report, student, by=staff, note="Read it.", at=NOW)

    assert (tick.ticked_by, tick.note, tick.ticked_at) == (staff, "Read it.", NOW)
    assert stages_of(student) == ["foundation", "project"]


def test_tick_item_twice_keeps_the_first_tick(student, camp, staff):
    report = make_requirement(camp.professional, kind="item", item="Report")
    first = services.tick_item(report, student, by=staff, note="First.")

    assert services.tick_item(report, student, by=make_superuser(), note="Second.") == first
    assert ItemTick.objects.get().note == "First."


def test_tick_item_of_another_camp_or_kind_is_refused(student, camp, staff):
    elsewhere = make_requirement(make_stage(), kind="item", item="Report")
    points = camp.homework.requirements.first()

    for requirement in (elsewhere, points):
        words = refusal(services.tick_item, requirement, student, by=staff)
        assert words == "This is no item of the student's camp."


# Rules asked again.


def test_apply_rules_after_a_rule_was_eased(camp, student):
    services.record_points(student, camp.cpp, 20)
    held, other = make_enrollment(camp), make_enrollment(camp)
    services.record_points(held, camp.cpp, 20)
    services.hold(held, camp.professional, by=make_superuser(), reason="Copied.")
    camp.homework.requirements.filter(course=camp.cpp).update(points=20)

    promoted = services.apply_rules(camp, at=NOW)

    assert [(row.enrollment, row.stage) for row in promoted] == [(student, camp.professional)]
    assert stages_of(held) == stages_of(other) == ["foundation"]
    assert services.apply_rules(camp, at=NOW) == []


def test_apply_rules_leaves_who_left(camp, student):
    services.record_points(student, camp.cpp, 20)
    enrollments.withdraw(student, by=student.student, at=NOW)
    camp.homework.requirements.filter(course=camp.cpp).update(points=20)

    assert services.apply_rules(camp) == []
