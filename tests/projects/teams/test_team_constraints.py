"""What the database refuses about teams, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from camp.projects.models import Team, TeamMember
from tests.factories import NOW, make_camp
from tests.project_factories import make_project_stage, make_project_student, make_team

pytestmark = pytest.mark.django_db


def refused(call, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        call()


def test_a_name_stands_once_in_a_stage_in_any_case(stage):
    make_team(stage, name="Kernels")

    refused(lambda: make_team(stage, name="kernels"), "team_name_once_per_project_stage")


def test_the_name_of_a_disbanded_team_is_free(stage):
    make_team(stage, name="Kernels", disbanded_at=NOW)

    assert make_team(stage, name="Kernels").pk


def test_another_camp_has_the_name_too(stage):
    make_team(stage, name="Kernels")

    assert make_team(make_project_stage(make_camp("winter")), name="Kernels").pk


@pytest.mark.parametrize("size", [0, 4])
def test_a_team_has_one_person_at_least_and_no_more_than_its_limit(stage, size):
    team = make_team(stage, size_limit=3)

    refused(lambda: Team.objects.filter(pk=team.pk).update(size=size), "team_size_within_its_limit")


def test_a_limit_does_not_fall_under_the_size(stage):
    team = make_team(stage, members=[make_project_student(stage)])

    refused(lambda: Team.objects.filter(pk=team.pk).update(size_limit=1), "team_size_within_its_limit")


def test_a_code_leads_to_one_team(stage):
    team = make_team(stage)

    refused(lambda: make_team(stage, code=team.code), "code")


def test_a_student_is_in_one_team_of_a_stage(stage):
    student = make_project_student(stage)
    make_team(stage, lead=student)
    other = make_team(stage)

    refused(
        lambda: TeamMember.objects.create(team=other, project_stage=stage, enrollment=student),
        "student_in_one_team_of_a_project_stage|teammember.project_stage_id, projects_teammember.enrollment_id",
    )


def test_a_place_is_taken_while_there_is_one(stage):
    team = make_team(stage, size_limit=2)

    taken = [Team.objects.take_place(team.pk) for _ in range(2)]

    team.refresh_from_db()
    assert (taken, team.size) == ([True, False], 2)


def test_no_place_is_taken_in_a_disbanded_team(stage):
    assert Team.objects.take_place(make_team(stage, disbanded_at=NOW).pk) is False


def test_the_last_place_is_not_given_back(stage):
    team = make_team(stage, members=[make_project_student(stage)])

    released = [Team.objects.release_place(team.pk) for _ in range(2)]

    team.refresh_from_db()
    assert (released, team.size) == ([True, False], 1)
