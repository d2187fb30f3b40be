"""Running an allocation again without some projects."""

import pytest
from django.urls import reverse

from camp.projects.allocation import runs
from camp.projects.models import AllocationRun, Project
from tests.factories import make_user
from tests.projects.running import make_run, url_of

pytestmark = pytest.mark.django_db


def test_closing_an_under_filled_project_asks_and_names_it(staff, round, rivals, small):
    run = make_run(round)
    page = staff.get(url_of(run)).text
    assert "under its minimum of 2" in page
    assert f'href="{url_of(run, "again")}?close={small.pk}"' in page

    asked = staff.get(url_of(run, "again"), {"close": small.pk})

    assert "Close “Small” and run again with the same seed?" in asked.text
    assert asked.context["form"]["closed"].value() == [small.pk]
    assert AllocationRun.objects.count() == 1


def test_an_under_filled_project_is_closed_for_a_run_of_the_same_seed(staff, round, rivals, small):
    run = make_run(round)

    response = staff.post(f"{url_of(run, 'again')}?close={small.pk}", {"closed": [small.pk]})

    again = AllocationRun.objects.get(number=2)
    assert (again.closed, again.seed) == ([small.pk], run.seed)
    assert response.url == url_of(again)
    page = staff.get(url_of(again)).text
    assert ("under its minimum" in page, "Closed in this run: “Small”." in page) == (False, True)


def test_running_again_keeps_what_is_closed(staff, round, rivals, small):
    run = make_run(round, closed=[small.pk])

    asked = staff.get(url_of(run, "again"))

    assert "Closed in run 1: “Small”." in asked.text
    assert asked.context["form"]["closed"].value() == [small.pk]


def test_allocating_a_round_with_closed_projects_asks_about_them(staff, round, rivals, small):
    run = make_run(round, closed=[small.pk])

    response = staff.post(reverse("admin:projects_allocationrun_allocate"), {"round": round.pk})

    assert response.url == url_of(run, "again")
    assert AllocationRun.objects.count() == 1


def test_a_closed_project_is_offered_again(staff, round, rivals, small):
    run = make_run(round, closed=[small.pk])
    assert f'href="{url_of(run, "again")}?offer={small.pk}"' in staff.get(url_of(run)).text

    asked = staff.get(url_of(run, "again"), {"offer": small.pk})
    response = staff.post(f"{url_of(run, 'again')}?offer={small.pk}", follow=True)

    assert "Offer “Small” again and run again with the same seed?" in asked.text
    assert asked.context["form"]["closed"].value() == []
    assert AllocationRun.objects.get(number=2).closed == []
    assert "Offered again in this run: “Small”." in response.text


@pytest.mark.parametrize("pk", ["x", "\x00", "9" * 30])
def test_closing_what_is_no_project_makes_no_run(staff, round, small, pk):
    run = make_run(round)

    assert staff.get(url_of(run, "again"), {"close": pk}).status_code in (200, 400)
    assert staff.post(url_of(run, "again"), {"closed": pk}).status_code == 400
    assert AllocationRun.objects.count() == 1


def test_any_open_project_can_be_closed_for_a_run_the_under_filled_first(staff, round, rivals, small):
    run, dear = make_run(round), Project.objects.get(title="Dear")
    Project.objects.filter(pk=small.pk).update(number=dear.number + 1)
    assert f'href="{url_of(run, "again")}?close={dear.pk}"' in staff.get(url_of(run)).text

    asked = staff.get(url_of(run, "again"), {"close": dear.pk})
    staff.post(f"{url_of(run, 'again')}?close={dear.pk}", {"closed": [dear.pk]})

    labels = [label for _value, label in asked.context["form"].fields["closed"].choices]
    assert labels == [f"{dear.number + 1} · Small (under its minimum of 2)", f"{dear.number} · Dear"]
    assert asked.context["form"]["closed"].value() == [dear.pk]
    assert AllocationRun.objects.get(number=2).closed == [dear.pk]


def test_a_published_round_is_not_run_again(staff, round, rivals):
    run = make_run(round)
    runs.publish(run, by=make_user())

    asked, published = staff.get(url_of(run, "again")), staff.get(url_of(run, "publish"))

    assert asked.status_code == published.status_code == 409
    assert "The result of this round is published, so nothing is computed any more." in asked.text
    assert "<form method" not in asked.text.partition('id="content"')[2]
    assert url_of(run, "again") not in published.text
    assert staff.post(url_of(run, "again")).status_code == 302
    assert AllocationRun.objects.count() == 1
