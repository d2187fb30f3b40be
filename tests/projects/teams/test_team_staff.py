"""What organizers do with teams, locked or not, and what follows when somebody drops out."""

import pytest

from camp.enrollment import services as enrollment_services
from camp.projects import team_staff
from camp.projects.models import Placement, TeamMember
from camp.stages import services as stage_services
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_enrollment, make_stage, make_user
from tests.project_factories import (
    make_participation,
    make_placement,
    make_project,
    make_project_student,
    make_round,
    make_team,
)
from tests.projects.team_events import lock, people, refusal, told

pytestmark = pytest.mark.django_db


def withdraw(enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student, at=NOW)


def expel(enrollment):
    enrollment_services.remove(enrollment, by=make_user(), reason="Plagiarism.", at=NOW)


def revert(enrollment):
    stage_services.revert(enrollment, enrollment.camp.project_stage.stage, by=make_user(), reason="By mistake.", at=NOW)


ENDS = pytest.mark.parametrize("end", [withdraw, expel, revert])


@ENDS
def test_who_drops_out_leaves_a_locked_team_and_the_lead_passes_on(team, other, stage, end):
    lock(stage)

    end(team.lead)

    assert people(team) == ([other.pk], 1)
    assert team.lead == other
    assert ("projects/team_left", other.student_id) in told()


@ENDS
def test_a_team_is_disbanded_with_who_drops_out_last(stage, end):
    student = make_project_student(stage)
    team = make_team(stage, lead=student)

    end(student)

    team.refresh_from_db()
    assert (team.disbanded_at, team.lead) == (NOW, student)
    assert not TeamMember.objects.exists()


@ENDS
def test_a_placement_stays_when_somebody_drops_out(team, other, stage, end):
    make_placement(make_round(stage), team, make_project(stage))

    end(other)

    assert people(team) == ([team.lead_id], 1)
    assert Placement.objects.placed().filter(team=team).exists()
    assert TeamMember.history.filter(enrollment_id=other.pk, history_type="-").exists()


@ENDS
def test_who_has_no_team_drops_out_without_one(team, stage, end):
    end(make_project_student(stage))

    assert people(team)[1] == 2


def test_another_stage_taken_back_changes_no_team(team, other, stage):
    elsewhere = make_stage(other.camp)
    make_participation(other, elsewhere)

    stage_services.revert(other, elsewhere, by=make_user(), reason="By mistake.", at=NOW)

    assert people(team)[1] == 2


def admit(team, enrollment, reason="You asked for it."):
    return team_staff.admit_to_team(team, enrollment=enrollment, by=make_user(), reason=reason, at=NOW)


def take_out(team, enrollment, reason="You asked for it."):
    return team_staff.take_out_of_team(team, enrollment=enrollment, by=make_user(), reason=reason, at=NOW)


def disband(team, reason="Nobody is left."):
    return team_staff.disband_team(team, by=make_user(), reason=reason, at=NOW)


def test_organizers_put_somebody_into_a_locked_team(team, other, stage):
    student = make_project_student(stage)
    lock(stage)

    admit(team, student)

    assert people(team) == ([team.lead_id, other.pk, student.pk], 3)
    assert told() == {
        ("projects/team_admitted", student.student_id), ("projects/team_joined", other.student_id),
        ("projects/team_joined", team.lead.student_id),
    }  # fmt: skip
    assert TeamMember.history.first().history_change_reason == "You asked for it."


def test_organizers_put_nobody_into_a_full_team(stage, other):
    team = make_team(stage, name="Kernels", size_limit=1)

    assert refusal(lambda: admit(team, other)).startswith("The team “Kernels” is full.")


def test_organizers_put_nobody_into_a_disbanded_team(stage, other):
    team = make_team(stage, name="Kernels")
    disband(team)

    assert refusal(lambda: admit(team, other)) == "The team “Kernels” has been disbanded."


def test_organizers_put_nobody_into_two_teams(team, other, stage):
    assert refusal(lambda: admit(make_team(stage), other)) == f"{other.student} is in the team “Kernels” already."


def test_organizers_put_only_students_of_the_stage_into_teams(team):
    outside = make_enrollment(team.project_stage.camp)

    assert refusal(lambda: admit(team, outside)) == "Teams are for the students of the stage “Project”."


def test_organizers_take_somebody_out_of_a_locked_team(team, other, stage):
    lock(stage)

    take_out(team, team.lead)

    assert people(team) == ([other.pk], 1)
    assert team.lead == other


def test_organizers_take_nobody_out_who_is_not_in_it(team, stage):
    student = make_project_student(stage)

    assert refusal(lambda: take_out(team, student)) == f"{student.student} is not in this team."


def test_organizers_disband_a_team_and_its_members_read_why(team, other):
    disband(team)

    team.refresh_from_db()
    assert (team.disbanded_at, team.is_looking) == (NOW, False)
    assert not TeamMember.objects.exists()
    assert told() == {
        ("projects/team_disbanded", other.student_id), ("projects/team_disbanded", team.lead.student_id)
    }  # fmt: skip


def test_a_team_is_disbanded_once(team):
    disband(team)

    assert refusal(lambda: disband(team)) == "This team has been disbanded already."


@pytest.mark.parametrize("act", [
    lambda team, other: admit(team, make_project_student(team.project_stage), ""),
    lambda team, other: take_out(team, other, " "),
    lambda team, other: disband(team, ""),
])  # fmt: skip
def test_organizers_give_a_reason(team, other, act):
    assert refusal(lambda: act(team, other)) == "Give a reason; the student reads it."


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [
    lambda team, other: take_out(team, other), lambda team, other: disband(team),
    lambda team, other: withdraw(other), lambda team, other: admit(team, make_project_student(team.project_stage)),
])  # fmt: skip
def test_what_organizers_do_waits_for_the_team(team, other, act):
    with row_held(team):
        assert waits(lambda: act(team, other))
