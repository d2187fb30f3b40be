"""Joining a team by its link or its code."""

import pytest
from django.utils import timezone

from camp.notices.models import Notice
from tests.admin_world import in_english
from tests.factories import make_running_camp
from tests.project_factories import make_preferences, make_project, make_project_stage, make_round
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


def test_a_link_shows_whose_team_it_is_before_joining(client, stage, student):
    team = make_team(stage, name="Kernels", lead=make_student_of(stage, "Grace"), size_limit=3)

    page = text(client.get(team.join_url))

    assert f'<input type="hidden" name="code" value="{team.code}">' in page
    assert [word in page for word in ("Join the team Kernels?", "<dd>Grace</dd>", "1 of at most 3 people")] == [
        True
    ] * 3
    assert "choices on its list" not in page
    assert not team.members.filter(enrollment=student).exists()


def test_a_typed_code_shows_the_team_too(client, stage, student):
    team = make_team(stage, name="Kernels")

    assert 'method="get"' in text(client.get(address(stage, "team_join")))
    assert "Join the team Kernels?" in text(client.get(address(stage, "team_join"), {"code": team.code.upper()}))
    page = text(client.get(address(stage, "team_join"), {"code": "nonsense"}), 400)
    assert "No team has this code now. Ask its lead for the current code." in page
    assert 'value="nonsense"' in page


def test_a_full_team_is_shown_without_a_button(client, stage, student):
    page = text(client.get(make_team(stage, size_limit=1).join_url))

    assert "none: the team is full" in page
    assert '<button class="button">Join the team' not in page


def test_what_joining_does_to_the_list_is_said_before(client, stage, student):
    team = make_team(stage)
    projects = [make_project(stage, team_size_max=most) for most in (1, 1, 3)]
    make_preferences(make_round(stage, at=timezone.now()), team, *projects)

    page = text(client.get(team.join_url))

    assert "With you it is a team of 2: 2 of the 3 choices on its list do not take that many people" in page


@pytest.mark.parametrize("form", ["{url}", " Join us: {url}&from=chat ", "{code}"])
def test_the_whole_link_is_a_code_too(client, stage, student, form):
    team = make_team(stage)

    client.post(address(stage, "team_join"), {"code": form.format(url=team.join_url, code=team.code)})

    assert team.members.filter(enrollment=student).exists()


def test_a_second_press_of_the_button_is_no_error(client, stage, student):
    team = make_team(stage)
    told = Notice.objects.filter(kind="projects/team_joined").count
    answers = [client.post(address(stage, "team_join"), {"code": team.code}, follow=True) for _press in range(2)]

    assert ["You are in the team now." in text(answer) for answer in answers] == [True, True]
    assert (team.members.count(), told()) == (2, 1)
    assert client.get(team.join_url).url == address(stage)


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


@pytest.mark.parametrize("code", ["", "  ", "\x00", "---", "x" * 301, "x" * 200_000])
def test_what_is_no_code_is_refused(client, stage, student, code):
    response = client.post(address(stage, "team_join"), {"code": code})

    assert (response.status_code, list(response.context["form"].errors)) == (400, ["code"])


def test_codes_are_not_found_by_trying(client, stage, student):
    team = make_team(stage)
    for n in range(20):
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
