"""Finding and choosing projects in a browser: nothing that is not submitted yet gets lost on the way."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from camp.projects.models import SavedProject
from tests.factories import make_running_camp
from tests.project_factories import make_project, make_project_stage, make_project_student, make_round


@pytest.fixture
def stage(transactional_db):
    stage = make_project_stage(make_running_camp(), at=timezone.now())
    make_round(stage, at=timezone.now())
    for title, description in (("Kernels", ""), ("Models", "Uses ＣＵＤＡ."), ("Boards", "")):
        make_project(stage, title=title, description=description)
    return stage


@pytest.fixture
def page(stage, new_context, live_server):
    """A student's, on the list of projects."""
    client, context = Client(), new_context()
    client.force_login(make_project_student(stage, at=timezone.now()).student)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{stage.get_absolute_url()}")
    return page


def titles(page, part):
    return page.locator(f"[data-{part}] > li:visible .pick-words a")


def test_a_search_keeps_the_order_that_is_not_submitted(page):
    page.goto(f"{page.url}preferences/")
    page.get_by_role("button", name="Add Boards").click()
    address = page.url

    page.get_by_role("searchbox").fill("cuda")

    expect(titles(page, "rest")).to_have_text(["Models"])
    page.get_by_role("searchbox").press("Enter")
    assert page.url == address
    page.get_by_role("searchbox").fill("nothing like this")
    expect(page.get_by_text("No other project")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(titles(page, "rest")).to_have_text(["Kernels", "Models"])
    expect(titles(page, "mine")).to_have_text(["Boards"])


def test_a_card_is_saved_where_it_stands(page):
    address = page.url
    models = page.locator("article", has_text="Models")

    models.get_by_role("button", name="Save for later").click()

    expect(models.get_by_role("status")).to_have_text("“Models” is saved.")
    expect(models.locator(".project-badges")).to_contain_text("saved")
    expect(models.get_by_role("button")).to_be_focused()
    assert (page.url, SavedProject.objects.get().project.title) == (address, "Models")
