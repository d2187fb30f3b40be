"""From a project to one's own: added to the list on its page, saved on its card without leaving the list."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from camp.projects.choosing import selection
from camp.projects.models import Preference, PreferenceList, Project, SavedProject, Team
from tests.factories import make_enrollment, make_running_camp, make_user
from tests.project_factories import (
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
BUTTON = "Add to my list"
NOW = datetime.now(UTC)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def project(stage):
    return make_project(stage, title="Kernels")


@pytest.fixture
def student(stage, client):
    student = make_project_student(stage, at=NOW)
    client.force_login(student.student)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return student


def at(stage, name="list", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def html(client, project):
    return client.get(project.get_absolute_url()).content.decode()


def choose(client, project, **words):
    return client.post(at(project.project_stage, "choose", project.number), **words)


def test_a_project_is_added_to_the_list_from_its_page(client, stage, student, project):
    round, other = make_round(stage, at=NOW), make_project(stage)
    selection.submit_own_list(round, student, [other], by=student.student, based_on=0)
    assert BUTTON in html(client, project)

    page = choose(client, project, follow=True).content.decode()

    assert "“Kernels” is number 2 on your list. A mail brings the receipt." in page
    assert "This project is number 2 on your list." in page
    assert BUTTON not in page
    assert [line.project for line in Preference.objects.order_by("rank")] == [other, project]
    choose(client, project)
    assert PreferenceList.objects.count() == 2


def test_who_has_no_team_becomes_one_with_it(client, stage, student, project):
    make_round(stage, at=NOW)

    choose(client, project)

    assert Team.objects.get().lead == student
    assert Preference.objects.get().project == project


def test_the_button_is_for_students_whose_round_is_open(client, stage, student, project):
    assert BUTTON not in html(client, project)
    round = make_round(stage, at=NOW)
    assert BUTTON in html(client, project)

    client.force_login(make_enrollment(stage.camp, at=NOW).student)
    assert BUTTON not in html(client, project)
    assert choose(client, project).status_code == 403
    client.force_login(make_user())
    assert choose(client, project).status_code == 404
    placed = make_team(stage, at=NOW)
    make_placement(round, placed, make_project(stage))
    client.force_login(placed.lead.student)
    assert BUTTON not in html(client, project)
    assert choose(client, project).status_code == 403
    client.logout()
    assert choose(client, project).status_code == 302
    assert PreferenceList.objects.count() == 0


@pytest.mark.parametrize("fields", [{"status": Project.Status.CLOSED}, {"team_size_min": 2}, {"seats": 0}])
def test_what_cannot_be_chosen_says_why_and_is_refused(client, stage, student, project, fields):
    make_round(stage, at=NOW)
    Project.objects.update(**fields)

    page, sent = html(client, project), choose(client, project)

    assert BUTTON not in page
    assert "“Kernels” " in page
    assert sent.status_code == 400
    assert 'role="alert"><p>“Kernels” ' in sent.content.decode()
    assert PreferenceList.objects.count() == 0


def test_after_the_close_nothing_is_added(client, stage, student, project):
    make_round(stage, at=NOW, closes_at=NOW - timedelta(hours=1))

    response = choose(client, project)

    assert response.status_code == 403
    assert "This round closed on" in response.content.decode()


def test_without_a_round_there_is_nothing_to_add_to(client, stage, student, project):
    assert choose(client, project).status_code == 404


def test_a_card_is_saved_where_it_stands(client, stage, student, project):
    back = f"{at(stage)}?difficulty=intermediate&page=1"
    assert f'name="back" value="{back.replace("&", "&amp;")}"' in client.get(back).content.decode()

    response = client.post(at(stage, "save", project.number), {"back": back})

    assert response.url == f"{back}#project-{project.number}"
    assert "“Kernels” is saved." in client.get(back).content.decode()


@pytest.mark.parametrize(
    "back", ["", "https://elsewhere.example/", "//elsewhere.example/", "x", "javascript:x", "\x00"]
)
def test_saving_leads_nowhere_else(client, stage, student, project, back):
    response = client.post(at(stage, "save", project.number), {"back": back})

    assert response.url == project.get_absolute_url()


def test_htmx_gets_the_button_and_the_badges_alone(client, stage, student, project):
    for name, said, button in (("save", "is saved.", "unsave"), ("unsave", "is not saved any more.", "save")):
        response = client.post(at(stage, name, project.number), {"back": at(stage)}, headers={"HX-Request": "true"})
        part = response.content.decode()
        assert "<html" not in part
        assert f'role="status">“Kernels” {said}</span>' in part
        assert f'hx-post="{at(stage, button, project.number)}"' in part
        assert f'id="badges-{project.number}" hx-swap-oob="true"' in part
    assert SavedProject.objects.count() == 0
