"""What staff decide on the way through the stages: each event, each refusal, and rules asked again."""

import pytest

from camp.enrollment import services as enrollments
from camp.enrollment.models import Enrollment
from camp.notices.models import Notice
from camp.stages import services
from camp.stages.models import ItemTick, Participation
from tests.factories import NOW, make_enrollment, make_requirement, make_stage, make_superuser
from tests.stages.steps import promotions_told, refusal, stages_of

pytestmark = pytest.mark.django_db
Status = Participation.Status

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
