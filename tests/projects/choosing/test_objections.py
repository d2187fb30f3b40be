"""What a list is refused for, all of it at once; and what closed or withdrawn projects may still do on one."""

from datetime import timedelta

import pytest

from camp.projects.choosing import selection
from camp.projects.errors import ProjectError
from camp.projects.models import Preference, PreferenceList, Project, Team
from tests.factories import NOW
from tests.project_factories import (
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
MOVED = "“Gone” counts no more, so leave it where it was, or take it off the list."


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def round(stage):
    return make_round(stage)


@pytest.fixture
def team(stage):
    return make_team(stage)


def submit(round, team, *projects, based_on=0, at=NOW):
    return selection.submit_list(round, team, list(projects), by=team.lead.student, based_on=based_on, at=at)


def refusal(*args, **words):
    with pytest.raises(ProjectError) as caught:
        submit(*args, **words)
    return str(caught.value)


def stored(team):
    return [line.project for line in Preference.objects.filter(team=team).order_by("rank")]


def test_everything_that_is_wrong_is_named(stage, round, team):
    large = make_project(stage, title="Large", team_size_min=3)
    gone = make_project(stage, title="Gone", status=Project.Status.CLOSED)
    good = make_project(stage, title="Twice")

    assert refusal(round, team, large, good, gone, good, make_project()) == (
        "“Large” is for teams of 3 to 3 people; yours has 1. “Gone” is closed, so it cannot be chosen. "
        "Take them off the list. “Twice” is on your list twice. Keep one of them. "
        "One of these projects is not in this camp. Take it off the list."
    )
    assert PreferenceList.objects.count() == 0


@pytest.mark.parametrize("status", [Project.Status.CLOSED, Project.Status.WITHDRAWN])
def test_what_counts_no_more_does_not_move_up(stage, round, team, status):
    first, gone, last = make_project(stage), make_project(stage, title="Gone"), make_project(stage)
    submit(round, team, first, gone, last)
    Project.objects.filter(pk=gone.pk).update(status=status)

    assert refusal(round, team, gone, first, last, based_on=1) == MOVED
    for version, order in enumerate([[first, last, gone], [last, first, gone], [last, gone], [gone]], start=1):
        submit(round, team, *order, based_on=version)
        assert stored(team) == order


def test_what_was_taken_off_is_not_put_back_once_it_is_closed(stage, round, team):
    gone, other = make_project(stage, title="Gone"), make_project(stage)
    submit(round, team, gone, other)
    submit(round, team, other, based_on=1)
    Project.objects.filter(pk=gone.pk).update(status=Project.Status.CLOSED)

    assert refusal(round, team, other, gone, based_on=2).startswith("“Gone” is closed")


def test_a_late_list_is_refused_with_what_counts(stage, round, team):
    late = round.closes_at
    project = make_project(stage)

    assert refusal(round, team, project, at=late).endswith(", and you had given no list. Write to the organizers.")
    make_preferences(round, team, project)
    assert refusal(round, team, project, at=late).endswith("The list that your team gave until then counts.")


def test_a_student_without_a_team_reads_the_same_after_the_close(stage, round):
    student = make_project_student(stage)

    with pytest.raises(selection.ClosedError, match="you had given no list"):
        selection.submit_own_list(
            round, student, [make_project(stage)], by=student.student, based_on=0, at=round.closes_at
        )

    assert Team.objects.count() == 0


def test_a_project_is_added_behind_the_others(stage, round, team):
    first, second = make_project(stage), make_project(stage)

    def add(project, by):
        return selection.add_choice(round, team.lead, project, by=by, at=NOW)

    receipts = [add(project, team.lead.student) for project in (first, second, first)]

    assert stored(team) == [first, second]
    assert [one.version for one in receipts] == [1, 2, 2]


def test_whoever_adds_a_project_without_a_team_becomes_one(stage, round):
    student, project = make_project_student(stage), make_project(stage)

    receipt = selection.add_choice(round, student, project, by=student.student, at=NOW)

    assert (receipt.team.lead, stored(receipt.team)) == (student, [project])


def test_nothing_is_added_that_cannot_be_chosen_or_after_the_close(stage, round, team):
    large, good = make_project(stage, title="Large", team_size_min=3), make_project(stage)

    for project, at, words in ((large, NOW, "“Large” is for"), (good, NOW + timedelta(days=2), "closed on")):
        with pytest.raises(ProjectError, match=words):
            selection.add_choice(round, team.lead, project, by=team.lead.student, at=at)

    assert stored(team) == []
