"""The staff's side in the admin, as an organizer does it in an evening before a deadline."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from camp.demo import cast, population
from camp.demo.reference import load_reference_camp
from camp.enrollment.models import Enrollment
from camp.stages.models import Participation
from tests.factories import make_camp, make_enrollment


@pytest.fixture
def season(transactional_db):
    now = timezone.now()
    camp = load_reference_camp(now=now)
    population.populate(camp, students=12, now=now, tell=lambda line: None)
    make_enrollment(make_camp("elsewhere", name="Another camp"))
    return camp, {login.role: login for login in cast.make(camp, now=now)}


def sign_in(page, site, login):
    page.goto(f"{site}/admin/")
    page.locator("[name=login]").fill(login.email)
    page.locator("[name=password]").fill(login.password)
    page.locator("main form button.button").first.click()
    page.wait_for_url(f"{site}/admin/")


def run_action(page, site, path, *, row, action):
    page.goto(f"{site}{path}")
    page.get_by_role("row", name=row).get_by_role("checkbox").check()
    page.locator("select[name=action]").first.select_option(action)
    page.get_by_role("button", name="Go").first.click()


def test_organizer_promotes_issues_a_token_and_sees_only_the_own_camp(season, page, live_server, assert_accessible):
    camp, logins = season
    site, course = live_server.url, camp.courses.get(number=1)
    sign_in(page, site, logins[cast.ORGANIZER])
    assert_accessible(page)
    expect(page.get_by_role("main")).not_to_contain_text("Another camp")

    page.goto(f"{site}/admin/enrollment/enrollment/?all=")
    expect(page.get_by_role("main")).to_contain_text("林小满")
    expect(page.get_by_role("main")).not_to_contain_text("Another camp")

    run_action(page, site, "/admin/enrollment/enrollment/", row="林小满", action="promote")
    page.locator("select[name=stage]").select_option(str(camp.stages.get(key="professional").pk))
    page.locator("[name=reason]").fill("Showed the last exercise in the question hour.")
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_role("main")).to_contain_text("1")
    participation = Participation.objects.get(enrollment__student__handle=cast.STUDENT, stage__key="professional")
    assert (participation.is_admitted, participation.decided_by.handle) == (True, cast.ORGANIZER)

    page.goto(f"{site}/admin/stages/course/{course.pk}/token/")
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"camp_\w{10}_\w{49}"))
    assert course.upload_tokens.count() == 1


def test_organizer_removes_a_student_with_a_reason(season, page, live_server):
    camp, logins = season
    sign_in(page, live_server.url, logins[cast.ORGANIZER])

    run_action(page, live_server.url, "/admin/enrollment/enrollment/", row="林小满", action="remove")
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.locator(".errors")).to_have_count(1)
    page.locator("[name=reason]").fill("Asked to leave.")
    page.get_by_role("button", name="Yes, do it").click()

    page.wait_for_url("**/enrollment/enrollment/**")
    enrollment = Enrollment.objects.get(student__handle=cast.STUDENT)
    assert (enrollment.status, enrollment.reason) == ("removed", "Asked to leave.")
