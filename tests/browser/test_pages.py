"""The pages of a student at phone and laptop size, light and dark, in both languages.

No sideways scrolling, no serious axe finding, no error in the console.
"""

import pytest
from django.utils import timezone

from camp.demo import cast, classroom, population
from camp.demo.reference import load_reference_camp
from tests.factories import PASSWORD, make_superuser

CAMP = "/InfiniTensor/camp/2024summer"
BOARD = f"{CAMP}/stage/1/?tab=rank"
EXERCISES = f"{CAMP}/stage/1/?tab=exercises"
PUBLIC = [
    "/",
    "/InfiniTensor/",
    f"{CAMP}/",
    f"{CAMP}/stage/1/",
    f"{CAMP}/stage/1/?tab=video",
    f"{CAMP}/stage/1/?tab=qa",
    f"{CAMP}/meetings/opening/",
    BOARD,
    EXERCISES,
    f"{CAMP}/stage/6/?tab=rank",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]
STUDENT = [
    "/my/",
    "/my/edit/",
    "/my/identities/",
    "/my/notices/",
    "/my/calendar/",
    "/my/calendar/new/",
    f"{CAMP}/",
    f"{CAMP}/stage/1/",
    f"{CAMP}/stage/1/?tab=video",
    f"{CAMP}/stage/1/?tab=qa",
    f"{CAMP}/stage/1/questions/",
    f"{CAMP}/meetings/opening/",
    f"{CAMP}/meetings/question-hour-now/",
    f"{CAMP}/register/",
    f"{CAMP}/register/withdraw/",
    f"{CAMP}/stages/",
    BOARD,
    f"{BOARD}&q=a",
    EXERCISES,
    f"{CAMP}/appearance/",
    "/my/uploads/",
    "/my/uploads/login/",
    "/my/uploads/check/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/2fa/",
]
RUNNING = f"{CAMP}/meetings/{classroom.QUESTION_HOUR}"
TEACHER = [
    "/my/",
    "/my/teaching/",
    f"{RUNNING}/",
    f"{RUNNING}/live/",
    f"{RUNNING}/live/?show=absent",
    f"{RUNNING}/code/",
    BOARD,
    f"{CAMP}/stage/1/exercises/",
]
SHAPES = [(390, "light", "zh-CN"), (1280, "dark", "en-GB")]


@pytest.fixture
def season(transactional_db):
    now = timezone.now()
    camp = load_reference_camp(now=now)
    users = population.populate(camp, students=12, now=now, tell=lambda line: None)
    logins = cast.make(camp, now=now)
    classroom.fill(camp, teacher=cast.teacher(), students=users, now=now)
    return {login.role: login for login in logins}


def sign_in(page, site, login, password):
    page.goto(f"{site}/accounts/login/")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("main form button.button").first.click()
    page.wait_for_url(f"{site}/my/")


def look_at(page, site, addresses, assert_accessible):
    for address in addresses:
        response = page.goto(f"{site}{address}")

        assert (address, response.status) == (address, 200)
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert (address, widths[0]) == (address, widths[1])
        assert_accessible(page)


@pytest.mark.parametrize(("width", "scheme", "locale"), SHAPES)
def test_pages_fit_and_are_accessible(season, page, live_server, assert_accessible, width, scheme, locale):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": locale})

    look_at(page, live_server.url, PUBLIC, assert_accessible)
    student = season[cast.STUDENT]
    sign_in(page, live_server.url, student.email, student.password)
    look_at(page, live_server.url, STUDENT, assert_accessible)


@pytest.mark.parametrize(("width", "scheme", "locale"), SHAPES)
def test_pages_of_teachers_fit_and_are_accessible(season, page, live_server, assert_accessible, width, scheme, locale):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": locale})
    teacher = season[cast.TEACHER]
    sign_in(page, live_server.url, teacher.email, teacher.password)

    look_at(page, live_server.url, TEACHER, assert_accessible)


def test_the_page_of_the_api_fits_and_is_accessible(transactional_db, page, live_server, assert_accessible):
    """It is long, and says the same to everybody: once is enough."""
    page.set_viewport_size({"width": 390, "height": 800})

    look_at(page, live_server.url, ["/api/v1/"], assert_accessible)


@pytest.mark.parametrize("address", ["/nowhere/", f"{CAMP}/stage/99/", f"{BOARD}&page=99"])
def test_pages_that_do_not_exist_say_so(season, page, live_server, watch, address):
    watch.expect("status of 404")
    sign_in(page, live_server.url, make_superuser().email, PASSWORD)

    response = page.goto(f"{live_server.url}{address}")

    assert response.status == 404
    assert page.get_by_role("heading", level=1).inner_text() != ""
