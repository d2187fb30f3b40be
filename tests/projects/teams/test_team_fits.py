"""A team of another size: its list may not fit it any more, and its members are told so, by mail."""

import pytest

from camp.accounts.models import User
from camp.notices.models import Mail, Notice
from camp.projects import teams
from camp.projects.choosing.fits import Fit, fit_of
from camp.projects.models import Project
from camp.projects.team_staff import admit_to_team
from tests.factories import NOW, make_user
from tests.project_factories import make_preferences, make_project, make_project_student, make_round, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(stage):
    return make_team(stage)


def listed(team, *sizes, **fields):
    """The team's list of projects for so many people at the most."""
    round = make_round(team.project_stage, **fields)
    projects = [make_project(team.project_stage, team_size_max=most) for most in sizes]
    make_preferences(round, team, *projects)
    return projects


def join(team):
    student = make_project_student(team.project_stage)
    User.objects.update(language="en")
    return student, teams.join_team(student, team.project_stage, by=student.student, code=team.code, at=NOW)


def test_members_are_told_by_mail_what_a_new_member_costs(team):
    listed(team, 1, 1, 3)

    join(team)

    notice = Notice.objects.get(kind="projects/team_joined")
    assert notice.recipient == team.lead.student
    assert notice.body.startswith("2 of your team's 3 choices do not fit a team of 2, so they cannot count. While the")
    assert notice.url.endswith("/projects/preferences/")
    assert Mail.objects.get(notice=notice).is_private


def test_without_loss_there_is_no_mail(team):
    listed(team, 3, 3)

    join(team)

    notice = Notice.objects.get(kind="projects/team_joined")
    assert (notice.mail, notice.body) == (None, "The page of your team says who is in it.")
    assert notice.url == team.get_absolute_url()


def test_what_did_not_fit_before_is_no_news(team):
    [large] = listed(team, 3)
    Project.objects.filter(pk=large.pk).update(team_size_min=3)

    join(team)

    assert Notice.objects.get(kind="projects/team_joined").mail is None


def test_leaving_costs_choices_too(team):
    [pair] = listed(team, 3)
    Project.objects.filter(pk=pair.pk).update(team_size_min=2)
    student, _team = join(team)

    teams.leave_team(student, team.project_stage, by=student.student, at=NOW)

    notice = Notice.objects.get(kind="projects/team_left")
    assert notice.body.startswith("1 of your team's 1 choices does not fit a team of 1, so it cannot count.")
    assert notice.mail is not None


def test_whom_the_staff_put_in_after_the_close_costs_choices_too(team):
    listed(team, 1)
    student = make_project_student(team.project_stage)

    admit_to_team(team, enrollment=student, by=make_user(), reason="Asked for.", at=NOW)

    assert Notice.objects.get(kind="projects/team_joined").mail is not None


def test_a_fit_counts_what_is_gone_apart_and_only_what_waits_for_a_result(team):
    projects = listed(team, 1, 3, 3)
    listed(team, 1, number=2, published_at=NOW, published_by=make_user())
    Project.objects.filter(pk=projects[2].pk).update(status=Project.Status.CLOSED)

    assert fit_of(team) == Fit(1, choices=3, misfits=0, gone=1)
    assert fit_of(team, size=2) == Fit(2, choices=3, misfits=1, gone=1)
    assert fit_of(make_team(team.project_stage)).sentence == ""
