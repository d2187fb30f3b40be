"""A classroom as its people use it. The clock of the server and that of every browser are set by the test."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from camp.camps.models import Reveal, StaffRole
from camp.classrooms.models import CheckIn, Question
from camp.notices.models import Notice
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_meeting,
    make_recording,
    make_staff_role,
    make_stage,
    make_student,
    make_user,
)

MINUTE = timedelta(minutes=1)
STARTS_AT = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(
    hours=3
)  # As sessions last a month.


class Clock:
    """What time it is for the server and for the browsers that were opened."""

    def __init__(self, now):
        self.now, self.pages = now, []

    def __call__(self):
        return self.now

    def set(self, moment):
        """Let the time pass up to the moment: what pages do by themselves in between, they do."""
        passed, self.now = moment - self.now, moment
        for page in self.pages:
            page.clock.fast_forward(int(passed.total_seconds() * 1000))


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(STARTS_AT - 60 * MINUTE)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def lesson(transactional_db, clock):
    times = {"registration_opens_at": clock.now - timedelta(days=9), "registration_closes_at": clock.now + timedelta(9)}
    camp = make_camp(starts_at=clock.now - timedelta(days=5), ends_at=clock.now + timedelta(days=60), **times)
    course = make_course(make_stage(camp), number=1, name="C++")
    return make_meeting(
        course=course, key="lesson-1", title="The first lesson", starts_at=STARTS_AT,
        join_url="https://meet.example.org/the-room", number="405 408", passcode="pass-42",
    )  # fmt: skip


@pytest.fixture
def opened(new_context, live_server, clock):
    """Opens a browser in which somebody is signed in, on a page of the site."""

    def open_for(user, path, *, width=1280):
        client = Client()
        client.force_login(user)
        context = new_context()
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.clock.install(time=clock.now)
        clock.pages.append(page)
        page.goto(f"{live_server.url}{path}")
        return page

    return open_for


@pytest.fixture
def student(lesson, clock):
    return make_enrollment(lesson.camp, student=make_student("ada"), at=clock.now).student


def join_button(page):
    return page.get_by_role("button", name="Join the meeting")


def test_student_joins_in_the_window_only_and_watches_afterwards(lesson, student, opened, clock, assert_accessible):
    page = opened(student, lesson.get_absolute_url(), width=390)
    expect(page.get_by_text("The join button appears here at")).to_be_visible()
    expect(join_button(page)).to_have_count(0)
    assert_accessible(page)

    clock.set(STARTS_AT - 15 * MINUTE)
    expect(join_button(page)).to_be_visible()
    assert "meet.example.org" not in page.content()
    assert_accessible(page)

    clock.set(STARTS_AT + 10 * MINUTE)
    join_button(page).click()
    expect(page.get_by_role("link", name="Open the meeting")).to_have_attribute("href", lesson.join_url)
    expect(page.get_by_role("main")).to_contain_text("You are checked in.")
    expect(page.locator("#join-number")).to_have_value("405 408")
    expect(page.locator("#join-passcode")).to_have_value("pass-42")
    assert_accessible(page)
    assert [(row.user, row.revealed_at) for row in Reveal.objects.all()] == [(student, clock.now)]
    assert [(row.enrollment.student, row.how) for row in CheckIn.objects.all()] == [(student, "join")]

    page.get_by_role("link", name="Back to the meeting").click()
    make_recording(lesson, url="https://video.example.org/the-film", passcode="pass-43")
    clock.set(lesson.ends_at)
    page.reload()
    expect(join_button(page)).to_have_count(0)
    assert "video.example.org" not in page.content()
    page.get_by_role("button", name="Watch").click()
    expect(page.get_by_role("link", name="Open the recording")).to_have_attribute(
        "href", "https://video.example.org/the-film"
    )
    expect(page.locator("#recording-passcode")).to_have_value("pass-43")
    page.get_by_role("link", name="All videos of the course").click()
    expect(page.get_by_role("main")).to_contain_text("1 of 1 recording opened")
    assert_accessible(page)


def type_code(page, code):
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Check in", exact=True).click()


def shown_code(page):
    expect(page.locator(".code-digits")).to_be_visible()
    return page.locator(".code-digits").inner_text().replace(" ", "").replace("\n", "")


def test_two_students_and_a_teacher_use_the_code_at_once(lesson, student, opened, clock, watch, assert_accessible):
    other = make_enrollment(lesson.camp, student=make_student("grace"), at=clock.now).student
    teacher = make_staff_role(lesson.camp, user=make_user("teacher"), role=StaffRole.Role.TEACHER).user
    clock.set(STARTS_AT)
    live = opened(teacher, f"{lesson.get_absolute_url()}live/")
    screen = opened(teacher, f"{lesson.get_absolute_url()}code/", width=1440)
    ada, grace = opened(student, lesson.get_absolute_url()), opened(other, lesson.get_absolute_url())
    for page in (live, screen):
        assert_accessible(page)
    first = shown_code(screen)
    assert first == shown_code(live)

    type_code(ada, f"{first[:3]} {first[3:]}")
    expect(ada.get_by_role("main")).to_contain_text("You are checked in.")
    clock.set(clock.now + timedelta(seconds=6))
    expect(live.locator("#show-present")).to_contain_text("1")
    expect(live.locator("#attendance")).to_contain_text("Ada")
    assert "Ada" not in screen.content()

    clock.set(STARTS_AT + timedelta(seconds=60))
    expect(screen.locator(".code-digits")).not_to_have_text(f"{first[:3]}{first[3:]}")
    watch.expect("status of 400")
    type_code(grace, first)
    expect(grace.get_by_role("main")).to_contain_text("This is not the code on the screen")
    expect(grace.locator("input[name=code]")).to_have_value(first)
    type_code(grace, shown_code(screen))
    expect(grace.get_by_role("main")).to_contain_text("You are checked in.")
    clock.set(clock.now + timedelta(seconds=6))
    expect(live.locator("#show-present")).to_contain_text("2")
    expect(live.locator("#live-questions")).to_contain_text("Grace")

    live.locator("#attendance").get_by_role("link", name=re.compile("was not here.*Grace")).click()
    live.locator("[name=reason]").fill("Left after a minute.")
    live.get_by_role("button", name="Count as absent").click()
    expect(live.locator("#show-present")).to_contain_text("1")
    assert {(row.enrollment.student.handle, row.is_present) for row in CheckIn.objects.all()} == {
        ("ada", True),
        ("grace", False),
    }


def test_question_votes_and_answer(lesson, student, opened, clock, live_server, assert_accessible):
    other = make_enrollment(lesson.camp, student=make_student("grace"), at=clock.now).student
    teacher = make_staff_role(lesson.camp, user=make_user("teacher"), role=StaffRole.Role.TEACHER).user
    tab = f"{lesson.course.get_absolute_url()}?tab=qa"
    ada, grace, staff = opened(student, tab), opened(other, tab), opened(teacher, tab)

    ada.get_by_role("link", name="Ask a question").click()
    ada.locator("[name=title]").fill("Why does `auto` not compile?")
    ada.locator("[name=text]").fill("In **exercise 7**:\n\n```cpp\nauto x;\n```")
    ada.locator("[name=is_anonymous]").check()
    assert_accessible(ada)
    ada.get_by_role("button", name="Ask", exact=True).click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Why does `auto` not compile?")
    question = Question.objects.get()

    grace.reload()
    assert "Ada" not in grace.content()
    grace.locator(f"#vote-{question.pk}").click()
    expect(grace.locator(f"#vote-{question.pk}")).to_have_attribute("aria-pressed", "true")
    expect(grace.locator(f"#vote-{question.pk}")).to_contain_text("1")
    grace.locator(f"#vote-{question.pk}").click()
    expect(grace.locator(f"#vote-{question.pk}")).to_have_attribute("aria-pressed", "false")
    grace.locator(f"#vote-{question.pk}").click()
    expect(grace.locator(f"#vote-{question.pk}")).to_have_attribute("aria-pressed", "true")
    assert_accessible(grace)
    assert Question.objects.get().votes == 1

    staff.goto(f"{live_server.url}{question.get_absolute_url()}")
    expect(staff.get_by_role("main")).to_contain_text("Ada")
    staff.locator("[name=text]").fill("It needs a value: `auto x = 1;`")
    staff.get_by_role("button", name="Answer", exact=True).click()
    expect(staff.get_by_role("main")).to_contain_text("It needs a value")
    assert_accessible(staff)

    ada.goto(f"{live_server.url}/my/notices/")
    expect(ada.get_by_role("main")).to_contain_text("Why does `auto` not compile?")
    assert Notice.objects.filter(recipient=student, kind="classrooms/question_answered").count() == 1
    grace.goto(f"{live_server.url}{question.get_absolute_url()}")
    expect(grace.get_by_role("main")).to_contain_text("It needs a value")
    assert "Ada" not in grace.content()
