from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.stages import services
from camp.stages.models import RequirementGroup
from camp.stages.queries import history_of, is_in, next_step, stages_of, steps_of
from tests.factories import (
    NOW,
    make_camp,
    make_course,
    make_enrollment,
    make_requirement,
    make_stage,
    make_student,
    make_superuser,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    camp = make_camp()
    foundation = make_stage(camp, "foundation")
    camp.cpp, camp.rust = make_course(foundation, max_points=30), make_course(foundation, max_points=94)
    camp.foundation, camp.professional = (
        foundation,
        make_stage(camp, "professional", group_link="https://chat.example.org/"),
    )
    group = RequirementGroup.objects.create(stage=camp.professional, label="Homework", needed=1)
    make_requirement(camp.professional, group=group, course=camp.cpp)
    make_requirement(camp.professional, group=group, course=camp.rust)
    return camp


def state(step):
    names = ("is_admitted", "is_held", "is_reverted", "is_still_to_reach", "shows_progress", "opens_group")
    return {name for name in names if getattr(step, name)}


def test_steps_tell_what_is_done_and_what_is_missing(camp):
    student = make_enrollment(camp)
    services.record_points(student, camp.cpp, 27)

    _foundation, professional = steps_of(student)

    (group,) = professional.rule.groups
    assert [(line.done, line.needed, line.missing) for line in group.lines] == [
        (27, Decimal(30), 3),
        (0, Decimal(94), 94),
    ]
    assert [line.url for line in group.lines] == [camp.cpp.get_absolute_url(), camp.rust.get_absolute_url()]


def test_steps_tell_the_state_of_the_student(camp):
    staff, student = make_superuser(), make_enrollment(camp)

    def professional():
        return state(steps_of(student)[1])

    assert state(steps_of(student)[0]) == {"is_admitted"}
    assert professional() == {"is_still_to_reach", "shows_progress"}
    services.hold(student, camp.professional, by=staff, reason="Copied.")
    assert professional() == {"is_held", "shows_progress"}
    services.promote(student, camp.professional, by=staff, reason="Cleared.")
    assert professional() == {"is_admitted", "opens_group"}
    services.revert(student, camp.professional, by=staff, reason="Copied.")
    assert professional() == {"is_reverted", "shows_progress"}


def test_step_awaits_staff_when_an_eased_rule_is_met(camp):
    student = make_enrollment(camp)
    services.record_points(student, camp.cpp, 20)
    assert not steps_of(student)[1].awaits_staff

    camp.professional.requirement_groups.get().requirements.filter(course=camp.cpp).update(points=20)

    assert steps_of(student)[1].awaits_staff


def test_stage_entered_by_a_rule_that_is_met_no_more_says_so(camp):
    by_rule, by_staff = make_enrollment(camp), make_enrollment(camp)
    services.record_points(by_rule, camp.cpp, 30)
    services.promote(by_staff, camp.professional, by=make_superuser(), reason="Early.")

    assert [step.stays_unmet for step in steps_of(by_rule)] == [False, False]
    services.record_points(by_rule, camp.cpp, 29)
    assert [step.stays_unmet for step in steps_of(by_rule)] == [False, True]
    assert [step.stays_unmet for step in steps_of(by_staff)] == [False, False]


def test_next_step_is_the_first_not_reached(camp):
    student = make_enrollment(camp)

    assert next_step(steps_of(student)).stage == camp.professional
    services.record_points(student, camp.cpp, 30)
    assert next_step(steps_of(student)) is None


def test_strangers_read_the_rules_without_progress(camp):
    steps = stages_of(camp)

    assert [step.stage for step in steps] == [camp.foundation, camp.professional]
    assert [state(step) for step in steps] == [{"is_still_to_reach"}, {"is_still_to_reach"}]


@pytest.mark.parametrize("question", [lambda student: steps_of(student), lambda student: stages_of(student.camp)])
def test_steps_ask_equally_often_for_many_stages(question, camp):
    student = make_enrollment(camp)

    def ask():
        with CaptureQueriesContext(connection) as asked:
            lines = [line for step in question(student) for group in step.rule.groups for line in group.lines]
        assert all(line.url for line in lines)
        return len(lines), len(asked)

    lines, few = ask()
    for _ in range(3):
        make_requirement(make_stage(camp), course=camp.cpp)

    assert ask() == (lines + 3, few)


def test_is_in_tells_students_of_the_stage_now(camp):
    student = make_enrollment(camp)

    assert is_in(student.student, camp.foundation)
    assert not is_in(student.student, camp.professional)
    assert not is_in(make_student(), camp.foundation)
    student.status = "withdrawn"
    student.save()
    assert not is_in(student.student, camp.foundation)


def test_history_is_of_the_own_decisions_newest_first(camp):
    student, staff = make_enrollment(camp), make_superuser()
    make_enrollment(camp)
    services.promote(student, camp.professional, by=staff, reason="Early.", at=NOW)
    services.revert(student, camp.professional, by=staff, reason="Copied.", at=NOW)

    rows = [(row.stage.key, row.status, row.reason) for row in history_of(student)]

    assert rows == [
        ("professional", "reverted", "Copied."),
        ("professional", "admitted", "Early."),
        ("foundation", "admitted", ""),
    ]
