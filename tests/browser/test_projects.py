"""The project stage as its people live it: from published topics to a certificate that anybody can verify.

Two students, a mentor and an organizer, each in a browser of their own. Between the steps the dates of the round are
moved, as days pass.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from camp.projects.models import Certificate, Project, SelectionRound
from tests.factories import make_running_camp, make_staff_role, make_student, make_user
from tests.project_factories import (
    make_criterion,
    make_mentor,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def stage(transactional_db):
    """Topics are still drafts, a round is open, and the rubric has one criterion."""
    now = datetime.now(UTC)
    stage = make_project_stage(make_running_camp(name="Winter camp"), at=now)
    make_round(stage, at=now)
    make_criterion(stage, "quality", max_points=5)
    mentor = make_mentor(stage, user=make_user(display_name="Mentor Zhou"))
    for title in ("A quicker kernel", "A smaller model"):
        make_project(stage, title=title, mentor=mentor, status=Project.Status.DRAFT, seats=1, deliverables="A report.")
    return stage


@pytest.fixture
def browser_of(new_context, live_server):
    """Opens a browser that is signed in as this person."""

    def open_browser(user):
        client, context = Client(), new_context()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return context.new_page()

    return open_browser


class People:
    def __init__(self, stage, browser_of):
        ann, bo = (make_project_student(stage, student=make_student(display_name=name)) for name in ("Ann", "Bo"))
        organizer = make_staff_role(stage.camp, user=make_user(display_name="Organizer Lin")).user
        self.ann, self.bo = browser_of(ann.student), browser_of(bo.student)
        self.mentor, self.organizer = browser_of(stage.mentors.get().user), browser_of(organizer)


@pytest.fixture
def people(stage, browser_of):
    return People(stage, browser_of)


def days_pass(**dates):
    SelectionRound.objects.update(**{name: datetime.now(UTC) + offset for name, offset in dates.items()})


def staff_act(page, site, model, action):
    """An action of the admin over all rows, confirmed on its page."""
    page.goto(f"{site}/admin/projects/{model}/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").first.select_option(action)
    page.get_by_role("button", name="Go").first.click()
    page.get_by_role("button", name="Yes, do it").click()


def publish_topics(organizer, ann, site, home):
    staff_act(organizer, site, "project", "publish")
    ann.goto(home)
    expect(ann.get_by_role("main")).to_contain_text("A quicker kernel")


def form_a_team(ann, bo, home):
    ann.goto(f"{home}team/new/")
    ann.locator("main [name=name]").fill("Night owls")
    ann.locator("main form button.button").click()
    code = ann.locator("#team-code").input_value()
    bo.goto(f"{home}team/join/?code={code}")
    bo.locator("main form button.button").click()
    bo.goto(f"{home}team/")
    expect(bo.get_by_role("main")).to_contain_text("Night owls")
    expect(bo.get_by_role("main")).to_contain_text("Ann")


def is_asked_before_leaving(page):
    """Whether the page asks when it is left now."""
    return page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def give_a_list(ann, bo, home):
    ann.goto(f"{home}preferences/")
    for title in ("A smaller model", "A quicker kernel"):
        ann.get_by_role("button", name=f"Add {title}").click()
    ann.get_by_role("button", name="Move A quicker kernel up").click()
    expect(ann.locator(".pick-bar [data-changed]")).to_be_visible()
    assert is_asked_before_leaving(ann)
    ann.get_by_role("button", name="Submit the list").click()
    assert not is_asked_before_leaving(ann)
    bo.goto(f"{home}preferences/")
    picks = bo.locator("[data-mine] .pick-words a")
    expect(picks).to_have_text(["A quicker kernel", "A smaller model"])


def rank_the_team(mentor, home):
    mentor.goto(f"{home}mentor/")
    expect(mentor.get_by_role("main")).not_to_contain_text("Night owls")
    days_pass(opens_at=-3 * HOUR, closes_at=-2 * HOUR)
    mentor.reload()
    mentor.get_by_role("button", name="Add Night owls").click()
    mentor.locator("[name=act][value=submit]").click()
    expect(mentor.locator("[data-mine] .pick-words").first).to_contain_text("Night owls")


def allocate(organizer, bo, site, home):
    days_pass(mentors_close_at=-HOUR)
    organizer.goto(f"{site}/admin/projects/allocationrun/allocate/")
    organizer.locator("#content form [type=submit]").click()
    expect(organizer.locator("#projects + .results")).to_contain_text("Night owls")
    bo.goto(f"{home}result/")
    expect(bo.get_by_role("main")).not_to_contain_text("A quicker kernel")

    organizer.get_by_role("link", name="Publish…").click()
    organizer.get_by_role("button", name="Yes, publish and send the mails").click()
    bo.reload()
    expect(bo.locator(".result")).to_contain_text("A quicker kernel")
    expect(bo.locator(".result")).to_contain_text("your 1st choice")


def hand_in(ann, bo, home):
    ann.goto(f"{home}work/")
    ann.locator("[name=repository_url]").fill("ftp://example.org/owls")
    ann.locator("[name=note]").fill("Twice as quick.")
    ann.locator("#form form button").click()
    expect(ann.locator("[name=note]")).to_have_value("Twice as quick.")
    ann.locator("[name=repository_url]").fill("https://example.org/owls")
    ann.locator("#form form button").click()
    bo.goto(f"{home}work/")
    expect(bo.locator("#handed-in")).to_contain_text("https://example.org/owls")


def evaluate(mentor, bo, home):
    mentor.goto(f"{home}work/teams/")
    mentor.get_by_role("main").get_by_role("link", name="Night owls").first.click()
    mentor.locator("[name=points-quality]").fill("5")
    mentor.locator("[name=grade][value=excellent]").check()
    mentor.locator("[name=comment]").fill("Clear and quick.")
    mentor.get_by_role("button", name="Propose these grades").click()
    bo.goto(f"{home}work/")
    expect(bo.get_by_role("main")).not_to_contain_text("Clear and quick.")


def certify(organizer, site):
    for action in ("confirm", "publish", "issue"):
        staff_act(organizer, site, "evaluation", action)


def verify(ann, stranger, site, home):
    ann.goto(f"{home}work/")
    expect(ann.locator("#grade")).to_contain_text("excellent")
    code = Certificate.objects.get(holder_name="Ann").code
    document = ann.request.get(f"{site}/verify/{code}/certificate-zh.pdf")
    assert (document.status, document.body()[:5]) == (200, b"%PDF-")
    refused = stranger.request.get(f"{site}/verify/{code}/certificate-zh.pdf", max_redirects=0)
    assert (refused.status, refused.headers["location"].partition("?")[0]) == (302, "/accounts/login/")
    stranger.goto(f"{site}/verify/{code.upper()}/")
    for words in ("Ann", "Winter camp", "A quicker kernel", "excellent", "Genuine and valid"):
        expect(stranger.get_by_role("main")).to_contain_text(words)


def test_two_students_go_from_published_topics_to_a_verified_certificate(
    stage, people, new_context, live_server, assert_accessible, watch
):
    watch.expect("status of 400")  # A hand-in that is refused.
    site = live_server.url
    home = f"{site}{stage.get_absolute_url()}"
    publish_topics(people.organizer, people.ann, site, home)
    assert_accessible(people.ann)
    form_a_team(people.ann, people.bo, home)
    give_a_list(people.ann, people.bo, home)
    assert_accessible(people.bo)
    rank_the_team(people.mentor, home)
    assert_accessible(people.mentor)
    allocate(people.organizer, people.bo, site, home)
    assert_accessible(people.organizer)
    assert_accessible(people.bo)
    hand_in(people.ann, people.bo, home)
    evaluate(people.mentor, people.bo, home)
    certify(people.organizer, site)
    stranger = new_context().new_page()
    verify(people.ann, stranger, site, home)
    assert_accessible(people.ann)
    assert_accessible(stranger)


def test_certificate_that_is_revoked_says_so_to_everybody(stage, people, new_context, live_server):
    site, home = live_server.url, f"{live_server.url}{stage.get_absolute_url()}"
    publish_topics(people.organizer, people.ann, site, home)
    form_a_team(people.ann, people.bo, home)
    give_a_list(people.ann, people.bo, home)
    days_pass(opens_at=-3 * HOUR, closes_at=-2 * HOUR, mentors_close_at=-HOUR)
    allocate(people.organizer, people.bo, site, home)
    evaluate(people.mentor, people.bo, home)
    certify(people.organizer, site)

    people.organizer.goto(f"{site}/admin/projects/certificate/")
    people.organizer.get_by_role("row", name="Bo").get_by_role("checkbox").check()
    people.organizer.locator("select[name=action]").first.select_option("revoke")
    people.organizer.get_by_role("button", name="Go").first.click()
    people.organizer.locator("[name=reason]").fill("The work was not their own.")
    people.organizer.get_by_role("button", name="Yes, do it").click()

    page = new_context().new_page()
    page.goto(f"{site}/verify/{Certificate.objects.get(holder_name='Bo').code}/")
    expect(page.get_by_role("main")).to_contain_text("Revoked")
    expect(page.get_by_role("main")).not_to_contain_text("not their own")
