"""What leads change of their team, and how members leave it."""

import pytest
from django.utils import timezone

from camp.projects.models import Team
from tests.admin_world import in_english
from tests.factories import make_running_camp
from tests.project_factories import make_project_stage
from tests.projects.team_pages import address, lock, make_student_of, make_team, text

pytestmark = pytest.mark.django_db
LEAD_PAGES = ["team_edit", "team_lead", "team_code"]


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=timezone.now())


@pytest.fixture
def student(stage, client):
    """Who looks at the pages."""
    student = make_student_of(stage, "Ada")
    client.force_login(student.student)
    return student


def test_the_lead_changes_the_team(client, stage, student):
    team = make_team(stage, lead=student)

    response = client.post(
        address(stage, "team_edit"), {"name": "Compilers", "is_looking": "on", "looking_for": "Rust"}
    )

    team.refresh_from_db()
    assert response.url == address(stage)
    assert (team.name, team.is_looking, team.looking_for) == ("Compilers", True, "Rust")


def test_the_form_of_a_team_begins_with_what_it_is(client, stage, student):
    make_team(stage, lead=student, name="Kernels", looking_for="Rust")

    page = text(client.get(address(stage, "team_edit")))

    assert ('value="Kernels"' in page, 'value="Rust"' in page) == (True, True)


def test_leaving_asks_first(client, stage, student):
    team = make_team(stage, name="Kernels", lead=student, members=[make_student_of(stage, "Grace")])

    page = text(client.get(address(stage, "team_leave")))

    assert ("Leave the team Kernels?" in page, "Grace leads it then." in page) == (True, True)
    assert team.members.filter(enrollment=student).exists()


def test_leaving_alone_says_that_the_team_ends(client, stage, student):
    make_team(stage, lead=student)

    assert "You are the last one: the team is disbanded then" in text(client.get(address(stage, "team_leave")))


def test_leaving_leads_to_the_ways_to_a_team(client, stage, student):
    team = make_team(stage, members=[student])

    response = client.post(address(stage, "team_leave"))

    assert response.url == address(stage)
    assert not team.members.filter(enrollment=student).exists()


def test_leaving_after_the_lock_is_refused(client, stage, student):
    team = make_team(stage, members=[student])
    lock(stage)

    assert client.post(address(stage, "team_leave")).status_code == 403
    assert team.members.filter(enrollment=student).exists()


def test_the_lead_is_handed_over(client, stage, student):
    other = make_student_of(stage)
    team = make_team(stage, lead=student, members=[other])
    member = team.members.get(enrollment=other)

    response = client.post(address(stage, "team_lead"), {"to": str(member.pk)})

    team.refresh_from_db()
    assert (response.url, team.lead) == (address(stage), other)


@pytest.mark.parametrize("to", ["", "x", "\x00", str(2**63), "-1", "0"])
def test_the_lead_goes_to_members_only(client, stage, student, to):
    team = make_team(stage, lead=student, members=[make_student_of(stage)])

    response = client.post(address(stage, "team_lead"), {"to": to})

    team.refresh_from_db()
    assert (response.status_code, team.lead) == (400, student)


def test_the_code_is_renewed_when_asked(client, stage, student):
    team = make_team(stage, lead=student)
    text(client.get(address(stage, "team_code")))
    assert Team.objects.get().code == team.code

    response = client.post(address(stage, "team_code"))

    assert response.url == address(stage)
    assert Team.objects.get().code != team.code


def test_a_member_is_taken_out_with_a_reason(client, stage, student):
    other = make_student_of(stage, "Grace")
    team = make_team(stage, lead=student, members=[other])
    page = address(stage, "team_remove", team.members.get(enrollment=other).pk)

    asked, empty = client.get(page), client.post(page, {"reason": ""})
    response = client.post(page, {"reason": "We never met you."})

    assert "Take Grace out of" in text(asked)
    assert (empty.status_code, response.url) == (400, address(stage))
    assert not team.members.filter(enrollment=other).exists()


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_who_is_not_in_the_team_is_not_found(client, stage, student, pk):
    make_team(stage, lead=student)

    assert client.post(address(stage, "team_remove", pk), {"reason": "x"}).status_code == 404


def test_members_of_another_team_are_not_found(client, stage, student):
    make_team(stage, lead=student)
    other = make_team(stage)

    page = address(stage, "team_remove", other.members.get().pk)

    assert client.post(page, {"reason": "x"}).status_code == 404
    assert other.members.count() == 1


@pytest.mark.parametrize("name", LEAD_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_members_do_not_do_what_leads_do(client, stage, student, name, method):
    make_team(stage, members=[student])

    page = text(getattr(client, method)(address(stage, name)), 403)

    assert "Only the lead of the team does this, and you do not lead it now." in page


@pytest.mark.parametrize("name", LEAD_PAGES)
def test_who_has_no_team_changes_none(client, stage, student, name):
    assert "You are in no team now." in text(client.post(address(stage, name)), 403)
