"""What is made of a board is made once, shown for as long as it holds, and never after somebody wants to be hidden."""

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.urls import reverse
from django.utils.html import escape

from camp.accounts.models import User
from camp.enrollment import services as enrollment_services
from camp.rankings import appearances
from camp.rankings.models import Board
from tests.factories import (
    make_course,
    make_enrollment,
    make_requirement,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
    make_superuser,
)
from tests.rankings.boards import make_board

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.fixture
def rowan(course):
    student = make_student("rowan", display_name="Rowan Pike")
    enrollment = make_enrollment(course.camp, student=student, at=course.camp.starts_at)
    make_standing(course, enrollment, points=10)
    return enrollment


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr("camp.rankings.board_page.board.PER_PAGE", 3)


def read(client, course, *, etag=None, headers=ENGLISH, **query):
    asked = headers | ({"If-None-Match": etag} if etag else {})
    return client.get(course.get_absolute_url(), {"tab": "rank"} | query, headers=asked)


def rename_behind_its_back(enrollment, name):
    """As no service does: nothing hears of it, so what was rendered before is recognized."""
    User.objects.filter(pk=enrollment.student_id).update(display_name=name)


def test_rows_are_rendered_once_for_all_who_see_the_same(client, course, rowan):
    read(client, course)
    rename_behind_its_back(rowan, "Wren Marsh")

    assert "Rowan Pike" in read(client, course).text
    client.force_login(make_student())
    assert "Rowan Pike" in read(client, course).text
    assert "Wren Marsh" in read(client, course, headers={"Accept-Language": "zh-hans"}).text


def test_staff_are_shown_rows_of_their_own(client, course, rowan):
    appearances.choose(rowan, mode="hidden")
    client.force_login(make_staff_role(course.camp).user)
    assert "Rowan Pike" in read(client, course).text
    client.logout()

    assert "Rowan Pike" not in read(client, course).text


def test_reader_in_another_zone_is_shown_rows_of_their_own(client, course, rowan):
    read(client, course)
    client.cookies["camp_time_zone"] = "Europe/London"

    assert "London" in read(client, course).text


def test_own_row_is_put_in_its_place_and_into_no_other_page(client, course, rowan):
    make_board(course, [(30, 0), (5, 0)])
    read(client, course)
    client.force_login(rowan.student)
    own = read(client, course).text
    client.logout()

    assert own.count('id="me"') == 1
    assert own.index('id="place-1"') < own.index('id="me"') < own.index('id="place-3"')
    assert 'id="me"' not in read(client, course).text


def test_change_is_seen_at_once_without_a_moment_of_grace(client, course, rowan):
    read(client, course)
    make_board(course, [(30, 0)])

    assert [line.count('class="rank"') for line in [read(client, course).text]] == [2]


def test_rows_of_a_moment_ago_may_be_shown_while_scores_come_in(client, course, rowan, settings):
    settings.BOARD_ROWS_SECONDS = 60
    first = read(client, course)
    make_board(course, [(30, 0)])

    second = read(client, course)

    assert second.text.count('class="rank"') == 1
    assert "data-is-old" in read(client, course, part="rows").text
    settings.BOARD_ROWS_SECONDS = 0
    assert read(client, course, etag=second.headers["ETag"]).text.count('class="rank"') == 2
    assert first.headers["ETag"] != second.headers["ETag"]


def test_own_new_score_is_in_the_own_row_at_once(client, course, rowan, settings):
    settings.BOARD_ROWS_SECONDS = 60
    client.force_login(rowan.student)
    read(client, course)
    rowan.standings.all().delete()
    make_standing(course, rowan, points=27)

    text = read(client, course).text

    assert '27 <span class="quiet">/ 30' in text[text.index('id="me"') :]


def hide(enrollment):
    appearances.choose(enrollment, mode="hidden")


def withdraw(enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student)


@pytest.mark.parametrize("leave", [hide, withdraw])
def test_who_leaves_or_hides_is_gone_at_once_even_within_the_moment(client, course, rowan, settings, leave):
    settings.BOARD_ROWS_SECONDS = 60
    etag = read(client, course).headers["ETag"]

    leave(rowan)

    response = read(client, course, etag=etag)
    assert response.status_code == 200
    assert "Rowan" not in response.text


def test_rows_left_by_an_earlier_state_of_the_rules_are_not_shown(client, course, rowan):
    read(client, course)
    make_requirement(make_stage(course.camp, position=10**6), course=course, points=10)

    assert "requirement met" in read(client, course).text


def test_new_name_is_seen_after_the_commit(client, course, rowan, django_capture_on_commit_callbacks):
    read(client, course)
    client.force_login(rowan.student)
    profile = {"display_name": "Wren Marsh", "occupation": "studying", "time_zone": "Asia/Shanghai"}

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("accounts:profile"), profile).status_code == 302
    client.logout()

    assert "Wren Marsh" in read(client, course).text


def test_profile_without_a_new_name_leaves_the_boards_alone(client, course, rowan, django_capture_on_commit_callbacks):
    version = Board.objects.get().version
    client.force_login(rowan.student)
    profile = {"display_name": "Rowan Pike", "occupation": "working", "time_zone": "Asia/Shanghai"}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:profile"), profile)

    assert Board.objects.get().version == version


def test_new_name_given_by_a_superuser_is_seen(client, course, rowan, django_capture_on_commit_callbacks):
    client.force_login(make_superuser())
    fields = {name: getattr(rowan.student, name) for name in ("handle", "email", "occupation", "affiliation", "city")}
    address = reverse("admin:accounts_user_change", args=[rowan.student_id])

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, fields | {"display_name": "Wren Marsh", "is_active": "on"})

    assert response.status_code == 302
    assert "Wren Marsh" in read(client, course).text


@pytest.mark.parametrize("part", [{}, {"part": "rows"}])
def test_board_answers_304_while_nothing_changes(client, course, rowan, part):
    client.force_login(rowan.student)
    read(client, course, **part)
    first = read(client, course, **part)

    again = read(client, course, etag=first.headers["ETag"], **part)
    make_board(course, [(30, 0)])
    changed = read(client, course, etag=first.headers["ETag"], **part)

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert again.headers["ETag"] == first.headers["ETag"] != changed.headers["ETag"]
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "private, no-cache"


def test_page_with_a_message_is_not_kept_and_follows_the_board_all_the_same(client, course, rowan):
    client.force_login(rowan.student)
    client.post(
        reverse("rankings:appearance", args=course.camp.address),
        {"mode": "name", "nickname": ""},
        headers={"Accept-Language": "en"},
    )

    response = read(client, course)

    assert "Saved." in response.text
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "private, no-cache"
    rows = read(client, course, part="rows")
    assert f'data-etag="{escape(rows.headers["ETag"])}"' in response.text
    assert "Saved." not in rows.text


def test_nobody_is_answered_304_for_what_another_reader_has(client, course, rowan):
    client.force_login(rowan.student)
    read(client, course)
    etag = read(client, course).headers["ETag"]
    client.force_login(make_student())

    assert read(client, course, etag=etag).status_code == 200
    assert read(client, course, etag=etag, headers={"Accept-Language": "zh-hans"}).status_code == 200


def test_rows_alone_have_no_frame_and_links_to_whole_pages(client, course, rowan, short_pages):
    make_board(course, [(30, i) for i in range(3)])

    text = read(client, course, part="rows").text

    assert "<html" not in text
    assert 'href="?tab=rank&amp;page=2"' in text
    assert f'data-version="{reverse("rankings:api_board", args=[*course.camp.address, 1])}?limit=1"' in text
    assert 'data-rows="?tab=rank&amp;page=1&amp;part=rows"' in text


def test_page_costs_the_same_for_few_rows_and_for_a_full_page_and_less_when_rendered(
    client, course, rowan, short_pages, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(rowan.student)
    client.get("/healthz")
    with django_assert_max_num_queries(19) as first:
        read(client, course)
    make_board(course, [(30, i) for i in range(4)])
    with django_assert_num_queries(len(first)):
        read(client, course)
    with django_assert_num_queries(len(first) - 3):
        read(client, course)


@pytest.mark.parametrize(("rank", "number"), [("1", 1), ("3", 1), ("4", 2), ("5", 2)])
def test_rank_leads_to_the_page_that_holds_it(client, course, short_pages, rank, number):
    make_board(course, [(30, 0), (29, 0)] + [(20, 0)] * 3)

    response = read(client, course, rank=rank)

    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"{course.get_absolute_url()}?tab=rank&page={number}#place-{rank}",
    )
    assert f'id="place-{rank}"' in read(client, course, page=str(number)).text


@pytest.mark.parametrize("rank", ["0", "4", "-1", "1.5", "x", "", "９", "9" * 40])
def test_what_is_no_rank_is_answered_with_those_that_are(client, course, rank):
    make_board(course, [(30, 0), (20, 0), (20, 0)])

    response = read(client, course, rank=rank)

    assert response.status_code == 200
    assert ("This board has the ranks 1 to 3." in response.text) == (rank != "")
    assert rank in response.text


def test_boards_are_kept_apart_from_rate_limits():
    caches["default"].set("a-limit", 1)
    for number in range(400):
        caches["boards"].set(f"page-{number}", number)

    assert caches["default"].get("a-limit") == 1
    assert django_settings.BOARD_ROWS_SECONDS == 0
