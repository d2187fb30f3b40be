"""What happens to topics: published, closed, withdrawn, opened again, saved."""

import pytest

from camp.accounts.models import User
from camp.notices.models import Mail, Notice
from camp.projects import topics as services
from camp.projects.errors import ProjectError
from camp.projects.models import Project, SavedProject
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_student, make_user
from tests.project_factories import (
    make_placement,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
DRAFT, OPEN, CLOSED, WITHDRAWN = Project.Status


@pytest.fixture
def staff():
    return make_user()


@pytest.fixture
def project():
    return make_project()


def state_of(project):
    project = Project.objects.get(pk=project.pk)
    return project.status, project.status_reason


def told(kind="project_withdrawn"):
    return set(Notice.objects.filter(kind=f"projects/{kind}").values_list("recipient", flat=True))


def act(service, project, by):
    reason = {} if service in (services.publish_project, services.reopen_project) else {"reason": "The server is gone."}
    return service(project, by=by, at=NOW, **reason)


def test_a_draft_is_published(staff):
    project = make_project(status=DRAFT)

    published = services.publish_project(project, by=staff, at=NOW)

    assert published == project
    assert state_of(project) == (OPEN, "")
    record = project.history.order_by("history_id").last()
    assert (record.history_user, record.history_date) == (staff, NOW)


def test_an_open_project_is_closed_with_a_reason(project, staff):
    services.close_project(project, by=staff, reason="  It is full. ", at=NOW)

    assert state_of(project) == (CLOSED, "It is full.")


def test_a_closed_project_is_opened_again_and_the_reason_goes(staff):
    project = make_project(status=CLOSED, status_reason="It is full.")

    services.reopen_project(project, by=staff)

    assert state_of(project) == (OPEN, "")


@pytest.mark.parametrize(
    ("service", "status"),
    [
        (services.publish_project, OPEN), (services.publish_project, CLOSED), (services.publish_project, WITHDRAWN),
        (services.close_project, DRAFT), (services.close_project, CLOSED), (services.close_project, WITHDRAWN),
        (services.withdraw_project, DRAFT), (services.withdraw_project, WITHDRAWN),
        (services.reopen_project, DRAFT), (services.reopen_project, OPEN),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_state_is_refused(staff, service, status):
    project = make_project(status=status)

    with pytest.raises(ProjectError):
        act(service, project, staff)

    assert state_of(project) == (status, "")


@pytest.mark.parametrize("service", [services.close_project, services.withdraw_project])
def test_a_reason_is_required(project, staff, service):
    with pytest.raises(ProjectError, match="Give a reason"):
        service(project, by=staff, reason=" \n")

    assert state_of(project) == (OPEN, "")


def test_a_stale_instance_is_read_again(project, staff):
    services.close_project(Project.objects.get(pk=project.pk), by=staff, reason="x")

    with pytest.raises(ProjectError, match="Only an open project"):
        services.close_project(project, by=staff, reason="y")

    assert state_of(project) == (CLOSED, "x")


def test_the_members_of_teams_that_chose_a_withdrawn_project_are_told(staff):
    stage = make_project_stage()
    project, other = make_project(stage), make_project(stage)
    round, member = make_round(stage), make_project_student(stage)
    team = make_team(stage, members=[member])
    make_preferences(round, team, other, project)
    make_preferences(round, make_team(stage), other)
    User.objects.update(language="en")

    services.withdraw_project(project, by=staff, reason="The server is gone.", at=NOW)

    assert told() == {team.lead.student_id, member.student_id}
    notice = Notice.objects.get(kind="projects/project_withdrawn", recipient=member.student)
    assert notice.title == f"The project “{project}” is withdrawn"
    assert notice.body.startswith("The staff wrote: The server is gone.\n")
    assert notice.url.endswith("/projects/preferences/")
    assert Mail.objects.filter(notice__kind="projects/project_withdrawn").count() == 2


def test_the_members_of_teams_that_chose_a_closed_project_are_told_by_mail(staff):
    stage = make_project_stage()
    project, team = make_project(stage), make_team(stage, members=[make_project_student(stage)])
    make_preferences(make_round(stage), team, project)
    make_preferences(make_round(stage, number=2, published_at=NOW), make_team(stage), project)
    User.objects.update(language="en")

    services.close_project(project, by=staff, reason="It is full.", at=NOW)

    assert told("project_closed") == set(team.members.values_list("enrollment__student", flat=True))
    notice = Notice.objects.filter(kind="projects/project_closed").first()
    assert notice.title == f"The project “{project}” is closed"
    assert notice.body.startswith("The staff wrote: It is full.\n\nIt is on your team's list and counts there no more.")
    assert Mail.objects.filter(notice__kind="projects/project_closed").count() == 2


def test_lists_stay_as_they_are_when_a_project_is_withdrawn(staff):
    stage = make_project_stage()
    project, other = make_project(stage), make_project(stage)
    round, team = make_round(stage), make_team(stage)
    make_preferences(round, team, project, other)

    services.withdraw_project(project, by=staff, reason="x")

    assert list(team.preferences.values_list("project", "rank")) == [(project.pk, 1), (other.pk, 2)]


def test_teams_are_told_once_however_many_rounds_they_are_in(staff):
    stage = make_project_stage()
    project, team = make_project(stage), make_team(stage)
    for number in (1, 2):
        make_preferences(make_round(stage, number=number), team, project)

    services.withdraw_project(project, by=staff, reason="x")

    assert Notice.objects.filter(kind="projects/project_withdrawn").count() == 1


def test_teams_of_a_published_round_and_disbanded_ones_are_not_told(staff):
    stage = make_project_stage()
    project = make_project(stage)
    make_preferences(make_round(stage, published_at=NOW), make_team(stage), project)
    make_preferences(make_round(stage, number=2), make_team(stage, disbanded_at=NOW), project)

    services.withdraw_project(project, by=staff, reason="x")

    assert told() == set()


def test_a_project_that_teams_work_on_is_not_withdrawn(staff):
    stage = make_project_stage()
    project = make_project(stage)
    make_placement(make_round(stage), make_team(stage), project)

    with pytest.raises(ProjectError, match="Teams work on this project"):
        services.withdraw_project(project, by=staff, reason="x")

    assert state_of(project) == (OPEN, "")


def test_a_project_is_saved_once_and_unsaved(project):
    student = make_student()

    services.save_project(project, by=student, at=NOW)
    services.save_project(project, by=student)

    assert list(SavedProject.objects.values_list("project", "user", "saved_at")) == [(project.pk, student.pk, NOW)]

    services.unsave_project(project, by=make_student())
    assert SavedProject.objects.count() == 1

    services.unsave_project(project, by=student)
    services.unsave_project(project, by=student)
    assert SavedProject.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("service", "status"),
    [
        (services.publish_project, DRAFT), (services.close_project, OPEN),
        (services.withdraw_project, OPEN), (services.reopen_project, CLOSED),
    ],
)  # fmt: skip
def test_the_project_is_locked_first(staff, service, status):
    project = make_project(status=status)

    with row_held(project):
        assert waits(lambda: act(service, project, staff))


@pytest.mark.parametrize("end", [services.close_project, services.withdraw_project])
def test_teams_whose_list_has_it_are_told_when_a_project_opens_again(staff, end):
    stage = make_project_stage()
    project, team = make_project(stage), make_team(stage)
    make_preferences(make_round(stage), team, project)
    User.objects.update(language="en")
    end(project, by=staff, reason="x")

    services.reopen_project(project, by=staff)

    notice = Notice.objects.get(kind="projects/project_reopened")
    assert (notice.recipient, notice.title) == (team.lead.student, f"The project “{project}” is open again")
    assert "It is on your team's list and counts there as before." in notice.body
