"""The staff side: an organizer signs in where everybody does, sees what waits, decides, and issues a token."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from camp.enrollment.models import Enrollment
from tests.admin_world import World
from tests.factories import PASSWORD, make_enrollment

PAGES = [
    "", "enrollment/enrollment/", "rankings/attempt/", "unlinked-logins/", "camps/camp/{camp}/change/",
    "camps/camp/{camp}/history/", "stages/course/{course}/change/", "stages/itemtick/add/", "camps/staffrole/add/",
]  # fmt: skip


@pytest.fixture
def world(transactional_db):
    return World("Otter")


def sign_in(page, site, user):
    page.goto(f"{site}/admin/")
    page.locator("[name=login]").fill(user.handle)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{site}/admin/")


def choose(page, action):
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").first.select_option(action)
    page.get_by_role("button", name="Go").first.click()


def test_an_organizer_decides_on_an_application(world, page, live_server):
    applicant = make_enrollment(world.camp, status=Enrollment.Status.APPLIED, at=timezone.now())
    sign_in(page, live_server.url, world.organizer)

    page.get_by_role("link", name=re.compile("Applications to decide")).click()
    choose(page, "decline")
    expect(page.get_by_text(str(applicant.student))).to_be_visible()
    page.get_by_label("Reason").fill("The course has begun.")
    page.get_by_role("button", name="Yes, do it").click()

    expect(page.get_by_text("Done for 1.")).to_be_visible()
    applicant.refresh_from_db()
    assert (applicant.status, applicant.reason, applicant.decided_by) == (
        "declined", "The course has begun.", world.organizer,
    )  # fmt: skip


def test_an_organizer_issues_a_token_that_is_shown_once(world, page, live_server):
    course = world.course
    sign_in(page, live_server.url, world.organizer)

    page.goto(f"{live_server.url}/admin/stages/course/{course.pk}/change/")
    page.get_by_role("link", name="Issue an upload token").click()
    page.get_by_role("button", name="Yes, do it").click()
    text = page.locator(".token").inner_text()
    page.get_by_role("link", name="I have copied it").click()

    assert re.fullmatch(r"camp_\w{10}_\w{49}", text)
    expect(page.get_by_text(text)).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_admin_keeps_the_policy_fits_and_is_accessible(world, page, live_server, assert_accessible, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, live_server.url, world.organizer)

    for path in PAGES:
        page.goto(f"{live_server.url}/admin/{path.format(camp=world.camp.pk, course=world.course.pk)}")

        page.wait_for_function("!document.querySelector('.select2-selection[aria-labelledby]')")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert_accessible(page)
