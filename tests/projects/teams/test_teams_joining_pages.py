"""Joining a team by its link or its code."""

import pytest
from django.utils import timezone

from tests.admin_world import in_english
from tests.factories import make_running_camp
from tests.project_factories import make_project_stage
from tests.projects.team_pages import address, lock, make_student_of, make_team, refused, text

pytestmark = pytest.mark.django_db


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


def test_a_link_fills_the_code_in(client, stage, student):
    team = make_team(stage)

    response = client.get(team.join_url)

    assert f'value="{team.code}"' in text(response)
    assert not team.members.filter(enrollment=student).exists()


def test_a_link_leads_there_after_signing_in(client, stage):
    link = make_team(stage).join_url.removeprefix("http://127.0.0.1:8000")

    response = client.get(link)

    assert (response.status_code, link.partition("=")[2] in response.url) == (302, True)


def test_joining_leads_to_the_team(client, stage, student):
    team = make_team(stage)

    response = client.post(address(stage, "team_join"), {"code": f" {team.code.upper()} "})

    assert response.url == address(stage)
    assert team.members.filter(enrollment=student).exists()


def test_a_wrong_code_is_kept_in_the_form(client, stage, student):
    form = refused(
        client.post(address(stage, "team_join"), {"code": "nonsense"}),
        400, "No team has this code now. Ask its lead for the current code.",
    )  # fmt: skip

    assert form["code"].value() == "nonsense"


@pytest.mark.parametrize("code", ["", "  ", "\x00", "---", "x" * 41, "x" * 200_000])
def test_what_is_no_code_is_refused(client, stage, student, code):
    response = client.post(address(stage, "team_join"), {"code": code})

    assert (response.status_code, list(response.context["form"].errors)) == (400, ["code"])


def test_codes_are_not_found_by_trying(client, stage, student):
    team = make_team(stage)
    for n in range(10):
        text(client.post(address(stage, "team_join"), {"code": f"wrong{n}"}), 400)

    response = client.post(address(stage, "team_join"), {"code": team.code})

    refused(response, 429, "You have tried many codes. Wait a minute, then try again.")
    assert not team.members.filter(enrollment=student).exists()


def test_a_code_used_after_the_lock_is_refused_with_its_time(client, stage, student):
    team = make_team(stage)
    lock(stage)

    response = client.post(address(stage, "team_join"), {"code": team.code})

    [said] = response.context["form"].non_field_errors()
    assert (response.status_code, said.startswith("The teams were locked at ")) == (403, True)


def test_a_full_team_says_so(client, stage, student):
    team = make_team(stage, name="Kernels", size_limit=1)

    response = client.post(address(stage, "team_join"), {"code": team.code})

    refused(response, 409, "The team “Kernels” is full. Found a team, or join another.")


def test_who_has_a_team_is_told_which(client, stage, student):
    make_team(stage, name="Kernels", lead=student)
    other = make_team(stage)

    shown = text(client.get(other.join_url))
    response = client.post(address(stage, "team_join"), {"code": other.code})

    assert "You are in the team “Kernels” already. Leave it first." in shown
    refused(response, 409, "You are in the team “Kernels” already. Leave it first.")
    assert [page.count("already. Leave it first.") for page in (shown, text(response, 409))] == [1, 1]
    assert ['name="code"' in page for page in (shown, text(response, 409))] == [False, False]
