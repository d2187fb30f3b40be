"""The staff's side of topics and proposals: what they enter, and what they decide by actions."""

import pytest
from django.urls import reverse

from camp.camps.models import StaffRole, SupportProject
from camp.projects import proposals
from camp.projects.models import Criterion, Mentor, Project, ProjectStage, Proposal
from tests.concurrency import row_held, waits
from tests.factories import make_organization, make_running_camp, make_staff_role, make_user
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_project,
    make_project_stage,
    make_proposal,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
OPEN, CLOSED, WITHDRAWN, DRAFT = (Project.Status[name] for name in ("OPEN", "CLOSED", "WITHDRAWN", "DRAFT"))
MODELS = [ProjectStage, Mentor, Criterion, Project, Proposal]
NEW = {
    "number": "", "title": "Kernels", "summary": "Quicker.", "description": "", "difficulty": "starter",
    "skills": "Rust，CUDA", "support_project": "", "deliverables": "", "mentor": "", "seats": "2", "least_teams": "0",
    "team_size_min": "1", "team_size_max": "3",
}  # fmt: skip


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp())


@pytest.fixture
def organizer(stage):
    return make_staff_role(stage.camp).user


@pytest.fixture
def staff(client, organizer):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(organizer)
    return client


def address(model, view, *args):
    return reverse(f"admin:projects_{model._meta.model_name}_{view}", args=args)


def act(client, row, action, **answers):
    data = {"action": action, "_selected_action": [row.pk], "confirmed": "yes"} | answers
    return client.post(address(type(row), "changelist"), data, follow=True)


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("publish", DRAFT, OPEN), ("close", OPEN, CLOSED), ("withdraw", CLOSED, WITHDRAWN), ("reopen", WITHDRAWN, OPEN)],
)
def test_the_state_of_a_project_is_an_action(staff, stage, organizer, action, before, after):
    project = make_project(stage, status=before)

    act(staff, project, action, reason="The server is gone.")

    project.refresh_from_db()
    reason = "The server is gone." if after in (CLOSED, WITHDRAWN) else ""
    assert (project.status, project.status_reason) == (after, reason)
    assert project.history.first().history_user == organizer


@pytest.mark.parametrize("action", ["close", "withdraw"])
def test_closing_and_withdrawing_ask_for_the_reason(staff, stage, action):
    project = make_project(stage)

    response = act(staff, project, action, reason="")

    project.refresh_from_db()
    assert (response.context["form"].errors != {}, project.status) == (True, OPEN)


def test_a_refusal_is_shown_with_the_project(staff, stage):
    project = make_project(stage, status=CLOSED)

    response = act(staff, project, "close", reason="x")

    assert [str(message) for message in response.context["messages"]] == [
        f"{project}: Only an open project can be closed."
    ]


@pytest.mark.parametrize(
    ("action", "after"), [("accept", "accepted"), ("ask_for_changes", "changes_asked"), ("decline", "declined")]
)
def test_a_proposal_is_decided_by_an_action(staff, stage, organizer, action, after):
    proposal = make_proposal(make_team(stage))

    act(staff, proposal, action, reason="Say how.", seats="2")

    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason, proposal.decided_by) == (after, "Say how.", organizer)
    assert [project.seats for project in Project.objects.all()] == ([2] if action == "accept" else [])


def test_a_decided_proposal_is_not_decided_again(staff, stage, organizer):
    proposal = make_proposal(make_team(stage))
    proposals.decline_proposal(proposal, by=organizer, reason="x")

    act(staff, proposal, "accept", reason="", seats="1")

    assert Project.objects.count() == 0


def test_a_proposal_is_only_read(staff, stage):
    proposal = make_proposal(make_team(stage))
    page = staff.get(address(Proposal, "change", proposal.pk))

    response = staff.post(address(Proposal, "change", proposal.pk), {"status": "accepted", "title": "x"})

    assert (page.context["has_change_permission"], response.status_code) == (False, 403)


def test_a_new_project_gets_the_next_number_and_is_a_draft(staff, stage):
    make_project(stage, number=7)

    staff.post(address(Project, "add"), NEW | {"project_stage": stage.pk})

    project = Project.objects.get(title="Kernels")
    assert (project.number, project.status, project.skills, project.seats) == (8, DRAFT, ["Rust", "CUDA"], 2)


def test_a_project_keeps_its_number_and_skills_when_saved(staff, stage):
    project = make_project(stage, number=7, skills=["Rust"])
    page = staff.get(address(Project, "change", project.pk)).content.decode()
    assert 'name="skills" value="Rust"' in page

    staff.post(address(Project, "change", project.pk), NEW | {"number": "7", "seats": "0"})

    project.refresh_from_db()
    assert (project.number, project.title, project.seats, project.status) == (7, "Kernels", 0, OPEN)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "7"}, "__all__"), ({"number": "0"}, "number"), ({"number": str(2**63)}, "number"),
        ({"seats": "-1"}, "seats"), ({"seats": str(2**63)}, "seats"), ({"seats": "1001"}, "seats"),
        ({"seats": "99999999"}, "seats"), ({"least_teams": "3"}, "__all__"), ({"team_size_max": "51"}, "team_size_max"),
        ({"team_size_min": "0"}, "__all__"), ({"team_size_min": "4"}, "__all__"), ({"skills": "x" * 41}, "skills"),
        ({"title": ""}, "title"), ({"mentor": "x"}, "mentor"),
    ],
)  # fmt: skip
def test_what_makes_no_project_is_refused(staff, stage, changes, field):
    make_project(stage, number=7)

    response = staff.post(address(Project, "add"), NEW | {"project_stage": stage.pk} | changes)

    assert list(response.context["adminform"].form.errors) == [field]
    assert Project.objects.count() == 1


def test_seats_are_not_fewer_than_the_teams_that_have_one(staff, stage):
    project, round = make_project(stage, number=7, seats=3), make_round(stage)
    for _team in range(2):
        make_placement(round, make_team(stage), project)

    refused = staff.post(address(Project, "change", project.pk), NEW | {"number": "7", "seats": "1"})
    done = staff.post(address(Project, "change", project.pk), NEW | {"number": "7", "seats": "2"})

    assert refused.context["adminform"].form.errors == {
        "seats": ["2 teams have a seat already. Write at least that many."]
    }
    assert (done.status_code, Project.objects.get().seats) == (302, 2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_change_by_hand_waits_for_who_gives_the_seats(staff, stage):
    project = make_project(stage)

    with row_held(project):
        assert waits(lambda: staff.post(address(Project, "change", project.pk), {}))


def test_what_belongs_to_others_is_refused(staff, stage, organizer):
    other = make_project_stage(make_running_camp(organization=make_organization()))
    StaffRole.objects.create(camp=other.camp, user=organizer, role="organizer")
    own = SupportProject.objects.create(organization=other.camp.organization, name="X", url="https://example.org")
    words = {"project_stage": stage.pk, "mentor": make_mentor(other).pk, "support_project": own.pk}

    response = staff.post(address(Project, "add"), NEW | words)

    assert set(response.context["adminform"].form.errors) == {"mentor", "support_project"}


def test_a_stage_of_another_kind_makes_no_project_stage(staff, stage):
    stage.stage.kind = "foundation"
    stage.stage.save()
    data = {"stage": stage.stage.pk, "team_size_limit": "3"}

    response = staff.post(address(ProjectStage, "change", stage.pk), data)

    assert "Choose a stage of the kind “project”." in response.content.decode()


def test_a_mentor_reads_what_concerns_projects_and_changes_nothing(client, stage):
    mentor = make_mentor(stage)
    proposal, project = make_proposal(make_team(stage)), make_project(stage)
    client.force_login(mentor.user)

    assert [client.get(address(model, "changelist")).status_code for model in MODELS] == [200] * 5
    assert [client.get(address(model, "add")).status_code for model in MODELS] == [403] * 5
    act(client, project, "close", reason="x")
    act(client, proposal, "decline", reason="x")
    assert (Project.objects.get().status, Proposal.objects.get().status) == (OPEN, "submitted")
    assert client.get(reverse("admin:enrollment_enrollment_changelist")).status_code == 403


def test_a_mentor_is_told_which_proposals_wait(client, stage):
    make_proposal(make_team(stage))
    make_proposal(make_team())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(make_mentor(stage).user)

    needs = {str(need.title): need for need in client.get(reverse("admin:index")).context["needs"]}

    assert needs["Proposals to decide"].count == 1
    assert client.get(needs["Proposals to decide"].url).context["cl"].result_count == 1


def test_a_teacher_has_no_proposals_to_decide(client, stage):
    client.force_login(make_staff_role(stage.camp, role="teacher").user)

    assert client.get(address(Proposal, "changelist")).status_code == 403


def test_who_has_no_role_in_the_camp_is_no_mentor(staff, stage):
    response = staff.post(address(Mentor, "add"), {"project_stage": stage.pk, "user": make_user().pk, "capacity": ""})

    assert list(response.context["adminform"].form.errors) == ["user"]
    assert Mentor.objects.count() == 0
