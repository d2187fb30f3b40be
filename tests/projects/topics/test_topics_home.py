"""From the camp's home to its projects."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests.factories import make_course, make_enrollment, make_running_camp, make_staff_role, make_stage, make_superuser
from tests.project_factories import make_project_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    return make_running_camp()


def offers(client, camp):
    page = client.get(camp.get_absolute_url())
    assert page.status_code == 200
    return f'href="{reverse("projects:list", args=camp.address)}"' in page.content.decode()


def test_the_home_leads_to_published_topics(client, camp):
    assert not offers(client, camp)

    make_project_stage(camp, at=datetime.now(UTC))

    assert offers(client, camp)
    client.force_login(make_enrollment(camp, at=datetime.now(UTC)).student)
    assert offers(client, camp)


@pytest.mark.parametrize("published_at", [None, datetime.now(UTC) + timedelta(days=1)])
def test_before_they_are_published_only_the_staff_are_led_there(client, camp, published_at):
    make_project_stage(camp, at=datetime.now(UTC), topics_published_at=published_at)

    assert not offers(client, camp)
    client.force_login(make_enrollment(camp, at=datetime.now(UTC)).student)
    assert not offers(client, camp)
    client.force_login(make_staff_role(make_running_camp("other")).user)
    assert not offers(client, camp)
    for person in (make_staff_role(camp, role="assistant").user, make_superuser()):
        client.force_login(person)
        assert offers(client, camp)


def test_a_course_of_the_project_stage_leads_to_its_topics(client, camp):
    stage = make_project_stage(camp, at=datetime.now(UTC))
    link = f'href="{stage.get_absolute_url()}"'

    def leads(course):
        return link in client.get(course.get_absolute_url()).text

    course, other = make_course(stage.stage, number=1), make_course(make_stage(camp), number=2)
    assert (leads(course), leads(other)) == (True, False)
    type(stage).objects.update(topics_published_at=None)
    assert not leads(course)
    stage.delete()
    assert not leads(course)
