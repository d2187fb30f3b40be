"""A 403 of the project stage has the ways on."""

import pytest
from django.utils import timezone

from tests.admin_world import in_english
from tests.factories import make_enrollment, make_running_camp
from tests.project_factories import make_project_stage, make_project_student
from tests.projects.team_pages import address, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=timezone.now())


def ways(client, stage, user, name):
    client.force_login(user)
    page = text(in_english(client).get(address(stage, name)), 403)
    main = page[page.index("<main") :]
    return [f'href="{way}"' in main for way in (address(stage), address(stage, "list"), stage.camp.get_absolute_url())]


def test_a_student_is_led_to_their_team(client, stage):
    student = make_project_student(stage, at=timezone.now()).student

    assert ways(client, stage, student, "team_edit") == [True, True, True]
    assert ways(client, stage, student, "mentor") == [True, True, True]


def test_somebody_of_the_camp_is_led_to_the_projects_that_are_published(client, stage):
    person = make_enrollment(stage.camp, at=timezone.now()).student

    assert ways(client, stage, person, "team") == [False, True, True]
    type(stage).objects.update(topics_published_at=None)
    assert ways(client, stage, person, "team") == [False, False, True]
