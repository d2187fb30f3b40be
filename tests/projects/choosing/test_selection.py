"""A team's list: given, changed, taken back and refused."""

from datetime import timedelta

import pytest
from django.utils import translation

from camp.accounts.models import User
from camp.notices.models import Mail, Notice
from camp.projects.choosing import selection
from camp.projects.errors import ProjectError
from camp.projects.models import Preference, PreferenceList, Project, Team
from camp.stages.models import Participation
from tests.factories import NOW
from tests.project_factories import (
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def round(stage):
    return make_round(stage)


@pytest.fixture
def team(stage):
    return make_team(stage, members=[make_project_student(stage)])


def submit(round, team, *projects, based_on=0, by=None, at=NOW):
    by = by or team.lead.student
    return selection.submit_list(round, team, list(projects), by=by, based_on=based_on, at=at)


def refusal(*args, **words):
    with pytest.raises(ProjectError) as caught:
        submit(*args, **words)
    return caught.value


def stored(team):
    return [line.project for line in Preference.objects.filter(team=team).order_by("rank")]


def test_a_list_counts_and_leaves_a_receipt(stage, round, team):
    first, second = make_project(stage, title="First"), make_project(stage, title="Second")

    receipt = submit(round, team, second, first)

    assert stored(team) == [second, first]
    assert (receipt.version, receipt.submitted_by, receipt.submitted_at) == (1, team.lead.student, NOW)
    assert [choice["title"] for choice in receipt.choices] == ["Second", "First"]


def test_every_member_gets_the_list_with_its_time_by_mail(stage, round, team):
    projects = [make_project(stage, title="Kernels"), make_project(stage, title="Compilers")]
    User.objects.update(language="en", time_zone="Europe/Berlin")

    submit(round, team, *projects)

    people = [member.enrollment.student for member in team.members.all()]
    mails = Mail.objects.filter(subject__contains="has arrived").order_by("pk")
    assert sorted(mail.to for mail in mails) == sorted(person.email for person in people)
    numbers = [project.number for project in projects]
    assert f"1. Kernels (project {numbers[0]})\n2. Compilers (project {numbers[1]})" in mails[0].body
    assert (
        "Your time: Wed 24 Jul 2024, 14:00 (Berlin)\nTime of the camp: Wed 24 Jul 2024, 20:00 (Shanghai)"
        in mails[0].body
    )
    assert "can change it until Thu 25 Jul 2024, 14:00 (Berlin); the last version counts." in mails[0].body
    assert [mail.is_private for mail in mails] == [True, True]
    assert Notice.objects.filter(kind="projects/preferences_received").count() == 2


def test_a_new_list_takes_the_place_of_the_old_one_and_both_receipts_stay(stage, round, team):
    first, second = make_project(stage), make_project(stage)
    submit(round, team, first)

    submit(round, team, second, first, based_on=1, by=team.members.last().enrollment.student)

    assert stored(team) == [second, first]
    assert [len(one.choices) for one in PreferenceList.objects.order_by("version")] == [1, 2]


def test_the_second_of_two_members_is_told_and_nothing_is_lost(stage, round, team):
    first, second = make_project(stage), make_project(stage)
    submit(round, team, first)

    error = refusal(round, team, second, by=team.members.last().enrollment.student)

    assert (type(error), error.status) == (selection.StaleError, 409)
    assert stored(team) == [first]


def test_the_button_pressed_twice_gives_one_list(stage, round, team):
    project = make_project(stage)

    assert submit(round, team, project) == submit(round, team, project)
    assert PreferenceList.objects.count() == 1


def test_the_list_that_counts_sent_again_is_no_new_version_and_tells_nobody(stage, round, team):
    project, other = make_project(stage), make_project(stage)
    first = submit(round, team, project, other)
    told = Notice.objects.count()

    assert submit(round, team, project, other, based_on=1, by=team.members.last().enrollment.student) == first
    assert (PreferenceList.objects.count(), Notice.objects.count()) == (1, told)
    assert submit(round, team, other, project, based_on=1).version == 2


def test_a_list_is_taken_back(stage, round, team):
    submit(round, team, make_project(stage))

    receipt = submit(round, team, based_on=1)

    assert (receipt.choices, stored(team)) == ([], [])


def test_an_empty_list_is_not_the_first(round, team):
    assert str(refusal(round, team)) == "There is no project on your list yet. Add one first."


def test_a_list_after_the_close_is_refused_with_the_time(stage, round, team):
    error = refusal(round, team, make_project(stage), at=round.closes_at)

    assert error.status == 403
    assert str(error).startswith("This round closed on Thu 25 Jul 2024, 20:00")


def test_a_list_before_the_opening_is_refused_with_the_time(stage, round, team):
    error = refusal(round, team, make_project(stage), at=round.opens_at - timedelta(seconds=1))

    assert error.status == 403
    assert str(error).startswith("This round opens on Tue 23 Jul 2024, 20:00")


@pytest.mark.parametrize("status", [Project.Status.CLOSED, Project.Status.WITHDRAWN])
def test_a_closed_project_is_refused_by_name(stage, round, team, status):
    error = refusal(round, team, make_project(stage), make_project(stage, title="Gone", status=status))

    assert str(error) == "“Gone” is closed, so it cannot be chosen. Take it off the list."
    assert stored(team) == []


def test_a_project_withdrawn_afterwards_stays_on_the_list(stage, round, team):
    gone, other = make_project(stage), make_project(stage)
    submit(round, team, gone)
    Project.objects.filter(pk=gone.pk).update(status=Project.Status.WITHDRAWN)

    submit(round, team, other, gone, based_on=1)

    assert stored(team) == [other, gone]


@pytest.mark.parametrize("make", [lambda stage: make_project(), lambda stage: Project(pk=2**62),
                                  lambda stage: make_project(stage, status=Project.Status.DRAFT)])  # fmt: skip
def test_a_project_of_elsewhere_is_refused(stage, round, team, make):
    error = refusal(round, team, make(stage))

    assert str(error) == "One of these projects is not in this camp. Take it off the list."


def test_a_project_on_the_list_twice_is_refused_by_name(stage, round, team):
    project = make_project(stage, title="Twice")

    assert str(refusal(round, team, project, project)) == "“Twice” is on your list twice. Keep one of them."


def test_a_project_for_larger_teams_is_refused(stage, round, team):
    project = make_project(stage, title="Large", team_size_min=3, team_size_max=4)

    assert str(refusal(round, team, project)) == (
        "“Large” is for teams of 3 to 4 people; yours has 2. Take it off the list."
    )


@pytest.mark.parametrize("seats", [0, 1])
def test_a_project_without_a_free_seat_is_refused(stage, round, team, seats):
    project = make_project(stage, title="Full", seats=seats)
    make_placement(round, make_team(stage), project)

    assert str(refusal(round, team, project)) == "“Full” has no free seat. Take it off the list."


def test_a_team_with_a_project_gives_no_list(stage, round, team):
    make_placement(round, team, make_project(stage))
    second = make_round(stage, number=2)

    error = refusal(second, team, make_project(stage))

    assert (error.status, str(error)) == (403, "Your team has a project already, so it needs no list.")


def test_a_team_left_over_gives_a_list_in_the_second_round(stage, round, team):
    make_placement(round, team)
    project = make_project(stage)

    submit(make_round(stage, number=2, method="assignment"), team, project)

    assert stored(team) == [project]


def test_somebody_of_no_team_or_of_another_one_cannot_submit(stage, round, team):
    other = make_team(stage)

    error = refusal(round, team, make_project(stage), by=other.lead.student)

    assert (error.status, str(error)) == (403, "You are not in this team now, so you cannot give its list.")


def test_a_member_who_was_taken_out_of_the_stage_cannot_submit(stage, round, team):
    Participation.objects.filter(enrollment=team.lead).delete()

    assert refusal(round, team, make_project(stage)).status == 403


def test_a_stale_team_and_a_stale_round_are_read_again(stage, round, team):
    Team.objects.filter(pk=team.pk).update(disbanded_at=NOW)

    assert refusal(round, team, make_project(stage)).status == 403

    type(round).objects.filter(pk=round.pk).update(closes_at=NOW)
    assert str(refusal(round, team, make_project(stage))).startswith("This round closed on")


def test_who_has_no_team_becomes_a_team_of_one(stage, round):
    student, project = make_project_student(stage), make_project(stage)

    receipt = selection.submit_own_list(round, student, [project], by=student.student, based_on=0, at=NOW)

    assert (receipt.team.lead, receipt.team.size) == (student, 1)
    assert stored(receipt.team) == [project]


def test_a_refused_list_leaves_no_team_behind(stage, round):
    student = make_project_student(stage)

    with pytest.raises(ProjectError):
        selection.submit_own_list(round, student, [], by=student.student, based_on=0, at=NOW)

    assert Team.objects.count() == 0


def test_the_round_to_show_is_the_open_one_then_the_latest_closed_then_the_next(stage):
    assert selection.current_round(stage, NOW) is None
    day = timedelta(days=1)
    second = make_round(stage, number=2, at=NOW + 10 * day)
    assert selection.current_round(stage, NOW) == second
    first = make_round(stage, number=1)
    assert [selection.current_round(stage, NOW + n * day) for n in (0, 5, 10, 20)] == [first, first, second, second]
