"""The staff's side of teams: found by name and member, changed by actions with a reason."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from camp.projects.models import Team, TeamMember
from tests.admin_world import in_english
from tests.concurrency import row_held, waits
from tests.factories import make_enrollment, make_running_camp, make_staff_role, make_student, make_user
from tests.project_factories import make_project_stage, make_project_student, make_team

pytestmark = pytest.mark.django_db
TEAMS, MEMBERS = (reverse(f"admin:projects_{model}_changelist") for model in ("team", "teammember"))


@pytest.fixture
def stage():
    """The teams are locked."""
    now = timezone.now()
    return make_project_stage(make_running_camp(), at=now, teams_lock_at=now - timedelta(days=1))


@pytest.fixture
def client(client, stage):
    client.force_login(make_staff_role(stage.camp).user)
    return in_english(client)


def make_student_of(stage, **fields):
    return make_project_student(stage, student=make_student(**fields), at=timezone.now())


def decide(client, page, rows, action, **answers):
    chosen = {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    return client.post(page, chosen | ({"confirmed": "yes"} | answers if answers else {}), follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def people(team):
    return list(team.members.values_list("enrollment", flat=True))


@pytest.mark.parametrize("query", ["kern", "Grace", "gracious"])
def test_a_team_is_found_by_its_name_and_its_members(client, stage, query):
    team = make_team(stage, name="Kernels", lead=make_student_of(stage, handle="gracious", display_name="Grace"))
    make_team(stage, name="Others")

    response = client.get(TEAMS, {"q": query})

    assert list(response.context["cl"].queryset) == [team]


def test_a_student_is_put_into_a_locked_team(client, stage):
    team, student = make_team(stage, name="Kernels"), make_student_of(stage)

    response = decide(client, TEAMS, [team], "admit", enrollment=student.pk, reason="You asked for it.")

    assert said(response) == ["Done for 1."]
    assert people(team) == [team.lead_id, student.pk]


def test_only_students_without_a_team_are_offered(client, stage):
    team, free = make_team(stage), make_student_of(stage)
    make_enrollment(stage.camp, at=timezone.now())
    make_student_of(make_project_stage(make_running_camp("other"), at=timezone.now()))

    response = decide(client, TEAMS, [team], "admit")

    assert list(response.context["form"].fields["enrollment"].queryset) == [free]


@pytest.mark.parametrize("pk", ["", "x", "\x00", str(2**63), "0"])
def test_nobody_is_put_into_a_team_by_a_strange_id(client, stage, pk):
    team = make_team(stage)

    response = decide(client, TEAMS, [team], "admit", enrollment=pk, reason="x")

    assert list(response.context["form"].errors) == ["enrollment"]
    assert people(team) == [team.lead_id]


def test_a_full_team_is_told(client, stage):
    team = make_team(stage, name="Kernels", size_limit=1)

    response = decide(client, TEAMS, [team], "admit", enrollment=make_student_of(stage).pk, reason="x")

    assert said(response) == ["Kernels: The team “Kernels” is full. Found a team, or join another."]


def test_teams_are_disbanded_with_a_reason(client, stage):
    team = make_team(stage)

    asked = decide(client, TEAMS, [team], "disband", reason="")
    response = decide(client, TEAMS, [team], "disband", reason="Nobody came.")

    assert list(asked.context["form"].errors) == ["reason"]
    assert said(response) == ["Done for 1."]
    assert Team.objects.get().is_disbanded


def test_somebody_is_taken_out_of_a_locked_team(client, stage):
    other = make_student_of(stage)
    team = make_team(stage, members=[other])

    response = decide(client, MEMBERS, [team.members.get(enrollment=team.lead)], "take_out", reason="You asked.")

    team.refresh_from_db()
    assert said(response) == ["Done for 1."]
    assert (team.lead, people(team)) == (other, [other.pk])


def test_an_organizer_raises_the_limit_but_not_under_the_size(client, stage):
    team = make_team(stage, members=[make_student_of(stage)])
    page = reverse("admin:projects_team_change", args=[team.pk])
    form = {"name": "Kernels", "looking_for": ""} | {
        f"members-{name}": count for name, count in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }

    raised = client.post(page, form | {"size_limit": "5"})
    lowered = client.post(page, form | {"size_limit": "1"})

    team.refresh_from_db()
    assert (raised.status_code, lowered.status_code) == (302, 200)
    assert (team.name, team.size_limit, team.size) == ("Kernels", 5, 2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_change_by_hand_waits_for_the_team(client, stage):
    team = make_team(stage)

    with row_held(team):
        assert waits(lambda: client.post(reverse("admin:projects_team_change", args=[team.pk]), {}))


def test_mentors_see_teams_without_their_codes_and_decide_nothing(client, stage):
    team = make_team(stage, name="Kernels")
    page = reverse("admin:projects_team_change", args=[team.pk])
    shown = client.get(page).content.decode()
    client.force_login(make_staff_role(stage.camp, user=make_user(), role="mentor").user)

    hidden = client.get(page).content.decode()
    decide(client, TEAMS, [team], "disband", reason="x")

    assert (team.code in shown, "Kernels" in hidden, team.code in hidden) == (True, True, False)
    assert not Team.objects.get().is_disbanded


def test_organizers_of_another_camp_see_no_team(client, stage):
    team = make_team(stage)
    client.force_login(make_staff_role(make_running_camp("other")).user)

    decide(client, MEMBERS, [team.members.get()], "take_out", reason="x")

    assert list(client.get(TEAMS).context["cl"].queryset) == []
    assert TeamMember.objects.count() == 1
