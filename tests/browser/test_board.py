"""An open board follows the scores without a flicker: what is equal stays, scroll and focus with it."""

from itertools import count

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from camp.rankings import appearances, boards
from tests.factories import (
    make_course,
    make_enrollment,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
)
from tests.rankings.boards import make_board

ROWS = ".board tbody tr"


@pytest.fixture
def course(transactional_db):
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.fixture
def rowan(course):
    student = make_student("rowan", display_name="Rowan Pike")
    enrollment = make_enrollment(course.camp, student=student, at=course.camp.starts_at)
    make_standing(course, enrollment, points=10)
    return enrollment


@pytest.fixture
def opened(new_context, live_server, course):
    def open_for(user, query="?tab=rank", *, width=1280):
        client, context = Client(), new_context()
        client.force_login(user)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.clock.install(time=timezone.now())
        page.goto(f"{live_server.url}{course.get_absolute_url()}{query}")
        return page

    return open_for


def next_look(page):
    """Let the time pass until the page has asked for the board's version again; the status of the answer."""
    with page.expect_response(lambda response: "/api/v1/" in response.url) as found:
        for waited in count():
            if found.is_done():
                break
            if waited % 40 == 0:  # Again after two seconds: while the last look is still answered, it takes none.
                page.clock.fast_forward(15_000)
            page.wait_for_timeout(50)
    return found.value.status


def test_open_board_takes_over_new_scores_and_keeps_its_place(course, rowan, opened, assert_accessible):
    make_board(course, [(9, n) for n in range(30)])
    page = opened(rowan.student, width=390)
    expect(page.locator(ROWS)).to_have_count(31)
    page.get_by_text("The numbers").click()
    page.get_by_label("Name or login").fill("half a na")
    page.get_by_role("link", name="Jump to me").focus()
    page.evaluate("window.scrollTo(0, 900)")
    page.evaluate("window.untouched = document.querySelector('#place-20').parentElement")

    next_look(page)
    assert next_look(page) == 304
    make_board(course, [(30, 0)])
    assert next_look(page) == 200

    expect(page.locator(ROWS)).to_have_count(32)
    expect(page.locator("#own dd").first).to_have_text("2")
    expect(page.locator("#board-news")).to_have_text("Your rank is 2 now.")
    assert page.evaluate("[scrollY, document.activeElement.textContent, document.querySelector('#q').value]") == [
        900, "Jump to me", "half a na",
    ]  # fmt: skip
    assert page.evaluate("[untouched.isConnected, document.querySelector('details[open] table') !== null]") == [
        True,
        True,
    ]
    assert_accessible(page)


def test_hidden_name_leaves_an_open_board(course, rowan, opened):
    page = opened(make_student())
    expect(page.locator(ROWS)).to_contain_text("Rowan Pike")

    appearances.choose(rowan, mode="hidden")
    next_look(page)

    expect(page.locator(ROWS)).to_contain_text("Hidden student")
    assert "Rowan" not in page.content()


def test_freeze_comes_to_an_open_board(course, rowan, opened):
    page, staff = opened(rowan.student), make_staff_role(course.camp).user
    boards.freeze(course, by=staff)

    next_look(page)

    expect(page.get_by_text("The board is frozen since")).to_be_visible()


SHAPE_OF_ROW = """row => {
  const [rank, name, login] = [...row.children].map(cell => cell.getBoundingClientRect());
  const isInOrder = rank.right <= name.left && name.bottom <= login.top;
  return {height: row.getBoundingClientRect().height, login: login.width, rank: rank.height, isInOrder};
}"""


@pytest.mark.parametrize("width", [360, 390, 600])
def test_rows_on_a_phone_are_short_and_wide(course, opened, width):
    make_board(course, [(9, n) for n in range(120)])
    page = opened(make_student(), "?tab=rank&page=3", width=width)
    expect(page.locator(ROWS)).to_have_count(20)

    shapes = page.locator(ROWS).evaluate_all(f"rows => rows.map({SHAPE_OF_ROW})")

    assert max(shape["height"] for shape in shapes) <= 160
    assert max(shape["rank"] for shape in shapes) <= 32  # One line.
    assert min(shape["login"] for shape in shapes) >= 150
    assert all(shape["isInOrder"] for shape in shapes)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_search_is_left_alone(course, rowan, opened):
    page = opened(rowan.student, "?tab=rank&q=rowan")
    expect(page.locator(ROWS)).to_have_count(1)

    assert page.locator("[data-board]").count() == 0
