"""Founding, joining and leaving a team."""

import pytest

from camp.notices.models import Notice
from camp.projects import teams
from camp.projects.memberships import LockedError, NameTakenError
from camp.projects.models import Proposal, Team, TeamMember
from camp.stages.models import Participation
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_enrollment, make_student
from tests.project_factories import (
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_proposal,
    make_round,
    make_team,
)
from tests.projects.team_events import lock, people, refusal, told

pytestmark = pytest.mark.django_db
LOCKED = "The teams were locked at {} (Shanghai). If yours has to change, write to the organizers."


@pytest.fixture
def student(stage):
    return make_project_student(stage)


def join(student, team, *, code=None, at=NOW):
    code = team.code if code is None else code
    return teams.join_team(student, team.project_stage, by=student.student, code=code, at=at)


def leave(student, stage, *, at=NOW):
    return teams.leave_team(student, stage, by=student.student, at=at)


def create(student, stage, name="Kernels", *, at=NOW, **fields):
    return teams.create_team(student, stage, by=student.student, name=name, at=at, **fields)


def ensure(student, stage, *, at=NOW):
    return teams.ensure_team(student, stage, by=student.student, at=at)


def test_founding_a_team_makes_its_founder_the_lead(stage, student):
    team = create(student, stage, is_looking=True, looking_for="Somebody who knows CUDA")

    assert (team.name, team.lead, team.size_limit, team.created_at) == ("Kernels", student, 3, NOW)
    assert (team.is_looking, team.looking_for) == (True, "Somebody who knows CUDA")
    assert people(team) == ([student.pk], 1)


def test_a_second_team_is_refused_and_the_first_named(stage, student):
    create(student, stage)

    assert refusal(lambda: create(student, stage, "Others")) == "You are in the team “Kernels” already. Leave it first."


def test_a_name_is_taken_once_in_any_case(stage, student):
    make_team(stage, name="KERNELS")

    said = refusal(lambda: create(student, stage), NameTakenError)

    assert said == "Another team has this name. Choose another."
    assert Team.objects.count() == 1


def test_a_team_takes_the_limit_that_holds_now(stage, student):
    type(stage).objects.filter(pk=stage.pk).update(team_size_limit=2)

    assert create(student, stage).size_limit == 2


def test_who_needs_a_team_gets_one_of_their_own_name(stage):
    student = make_project_student(stage, student=make_student(display_name="Ada"))

    team = ensure(student, stage)

    assert (team.name, team.lead) == ("Ada", student)
    assert people(team) == ([student.pk], 1)


def test_who_has_a_team_keeps_it(stage, student):
    team = make_team(stage, members=[student])

    assert ensure(student, stage) == team
    assert Team.objects.count() == 1


def test_who_has_no_team_is_one_alone_after_the_lock(stage, student):
    lock(stage)

    team = ensure(student, stage)

    assert (team.lead, team.size) == (student, 1)


def test_who_has_a_team_keeps_it_after_the_lock(stage, student):
    team = make_team(stage, lead=student)
    lock(stage)

    assert ensure(student, stage) == team


def test_namesakes_get_a_number(stage):
    namesakes = [make_project_student(stage, student=make_student(display_name="Li Wei" * 10)) for _ in range(3)]

    names = [ensure(one, stage).name for one in namesakes]

    assert names == ["Li Wei" * 10, f"{('Li Wei' * 10)[:57]} 2", f"{('Li Wei' * 10)[:57]} 3"]


def test_joining_takes_a_place_and_tells_the_members(stage, student):
    team = make_team(stage)

    joined = join(student, team)

    assert joined == team
    assert people(team) == ([team.lead_id, student.pk], 2)
    assert told() == {("projects/team_joined", team.lead.student_id)}


@pytest.mark.parametrize("write", [str.upper, lambda code: f" {code[:5]}-{code[5:]} ", lambda code: " ".join(code)])
def test_a_code_is_taken_however_it_is_written(stage, student, write):
    team = make_team(stage)

    assert join(student, team, code=write(team.code)) == team


@pytest.mark.parametrize("code", ["", "nonsense", "\x00", "ａｂｃ", "x" * 5000])
def test_a_wrong_code_is_refused(stage, student, code):
    team = make_team(stage)

    said = refusal(lambda: join(student, team, code=code), teams.WrongCodeError)

    assert said == "No team has this code now. Ask its lead for the current code."
    assert people(team) == ([team.lead_id], 1)


def test_the_code_of_another_camps_team_is_wrong(stage, student):
    other = make_team(make_project_stage())

    refusal(lambda: teams.join_team(student, stage, by=student.student, code=other.code, at=NOW), teams.WrongCodeError)

    assert people(other) == ([other.lead_id], 1)


def test_the_code_of_a_disbanded_team_is_wrong(stage, student):
    team = make_team(stage)
    leave(team.lead, stage)

    refusal(lambda: join(student, team), teams.WrongCodeError)


def test_a_full_team_says_so(stage, student):
    team = make_team(stage, name="Kernels", size_limit=1)

    said = refusal(lambda: join(student, team))

    assert said == "The team “Kernels” is full. Found a team, or join another."
    assert people(team) == ([team.lead_id], 1)


def test_who_is_in_a_team_does_not_join_another(stage, student):
    make_team(stage, name="Kernels", lead=student)
    other = make_team(stage)

    assert refusal(lambda: join(student, other)) == "You are in the team “Kernels” already. Leave it first."
    assert people(other) == ([other.lead_id], 1)


def test_leaving_frees_the_place_and_tells_the_others(stage, student):
    team = make_team(stage, members=[student])

    leave(student, stage)

    assert people(team) == ([team.lead_id], 1)
    assert told() == {("projects/team_left", team.lead.student_id)}


def test_a_lead_who_leaves_is_followed_by_the_longest_member(stage):
    first = make_project_student(stage)
    second = make_project_student(stage, student=make_student(language="en"))
    team = make_team(stage, members=[first, second])

    leave(team.lead, stage)

    assert people(team) == ([first.pk, second.pk], 2)
    assert team.lead == first
    assert Notice.objects.get(kind="projects/team_left", recipient=second.student).body.startswith(
        f"{first.student} leads the team now."
    )


def test_the_last_one_disbands_the_team_which_is_kept(stage, student):
    team = make_team(stage, lead=student)
    proposal, accepted = make_proposal(team), make_proposal(team, status="accepted", project=make_project(stage))

    leave(student, stage)

    team.refresh_from_db()
    assert (team.disbanded_at, team.lead, team.size) == (NOW, student, 1)
    assert not TeamMember.objects.exists()
    assert list(Proposal.objects.order_by("pk").values_list("pk", "status")) == [
        (proposal.pk, "withdrawn"), (accepted.pk, "accepted"),
    ]  # fmt: skip
    assert create(student, stage, team.name).pk != team.pk


def test_who_is_in_no_team_has_none_to_leave(stage, student):
    assert refusal(lambda: leave(student, stage)) == "You are in no team."


def test_who_has_a_project_stays(stage, student):
    team = make_team(stage, members=[student])
    make_placement(make_round(stage), team, make_project(stage))

    said = refusal(lambda: leave(student, stage))

    assert said == "Your team has its project. If somebody has to leave it, write to the organizers."


@pytest.mark.parametrize("call", [
    lambda student, other, stage: create(student, stage),
    lambda student, other, stage: join(student, other),
    lambda student, other, stage: leave(other.lead, stage),
])  # fmt: skip
def test_after_the_lock_nobody_founds_joins_or_leaves(stage, student, call):
    other = make_team(stage)
    lock(stage)

    said = refusal(lambda: call(student, other, stage), LockedError)

    assert said == LOCKED.format("Wed 24 Jul 2024, 19:00")
    assert people(other) == ([other.lead_id], 1)


@pytest.mark.parametrize("act", [create, ensure, lambda student, stage: join(student, make_team(stage))])
def test_teams_are_for_students_of_the_stage(stage, act):
    outside = make_enrollment(stage.camp)

    assert refusal(lambda: act(outside, stage)) == "Teams are for the students of the stage “Project”."


@pytest.mark.parametrize("act", [create, ensure, lambda student, stage: join(student, make_team(stage))])
def test_who_was_taken_out_meanwhile_is_refused(stage, student, act):
    Participation.objects.filter(enrollment=student).update(status=Participation.Status.REVERTED)

    refusal(lambda: act(student, stage))

    assert not TeamMember.objects.filter(enrollment=student).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [create, ensure, leave, lambda student, stage: join(student, make_team(stage))])
def test_what_a_student_does_waits_for_the_enrollment(act):
    stage = make_project_stage()
    student = make_project_student(stage)

    with row_held(student):
        assert waits(lambda: act(student, stage))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [leave, lambda student, stage: join(make_project_student(stage), Team.objects.get())])
def test_joining_and_leaving_wait_for_the_team(act):
    stage = make_project_stage()
    student = make_project_student(stage)
    team = make_team(stage, members=[student])

    with row_held(team):
        assert waits(lambda: act(student, stage))
