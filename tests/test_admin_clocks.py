"""Lists and forms of the admin name the zone by whose clock they go."""

import pytest
from django.urls import reverse

from camp.accounts.models import Identity
from camp.camps.models import Camp
from camp.classrooms.models import Meeting
from camp.enrollment.models import Enrollment
from tests.admin_world import World, address, in_english
from tests.factories import make_superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = World("Otter")
    Camp.objects.filter(pk=world.camp.pk).update(time_zone="Europe/London")
    return world


@pytest.fixture
def staff(client, world):
    world.organizer.time_zone = "Asia/Tokyo"
    world.organizer.save()
    client.force_login(world.organizer)
    return in_english(client)


def listed(client, model, **query):
    return client.get(reverse(address(model, "changelist")), query)


def form(client, row):
    return client.get(reverse(address(type(row), "change"), args=[row.pk])).text


def heads(response):
    return [str(getattr(column, "short_description", column)) for column in response.context["cl"].list_display]


def test_the_heads_of_a_list_name_the_zone_of_the_reader(staff):
    assert heads(listed(staff, Camp))[2:4] == ["starts at (Tokyo)", "ends at (Tokyo)"]


def test_a_list_can_still_be_put_in_order_by_a_moment(staff, world):
    page = listed(staff, Enrollment, o="5")

    assert (page.status_code, "column-applied_at sorted ascending" in page.text) == (200, True)


def test_a_form_names_the_zone_of_the_camp(staff, world):
    text = "Times are on the camp's clock (London)."

    assert form(staff, world.camp).count(text) == 1
    assert form(staff, Enrollment.objects.filter(camp=world.camp).first()).count(text) >= 1


def test_a_form_that_belongs_to_no_camp_names_the_zone_of_the_reader(client, world):
    client.force_login(make_superuser(time_zone="Asia/Tokyo"))

    assert "Times go by the clock of Tokyo." in form(in_english(client), Identity.objects.first())


def test_a_form_whose_fields_name_the_zone_does_not_say_it_twice(staff, world):
    page = form(staff, Meeting.objects.filter(camp=world.camp).first())

    assert ("On the camp's clock: London." in page, "Times are on the camp" in page) == (True, False)
