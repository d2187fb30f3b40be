"""Who is named how on a board: to everybody, to staff, to oneself; and who is found by what."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.rankings import appearances
from camp.rankings.board_page import search
from camp.rankings.board_page.board import BoardPage
from tests.factories import (
    make_course,
    make_enrollment,
    make_identity,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1)


@pytest.fixture
def named(course):
    return stands(course, "rowan", 30, display_name="Rowan Pike")


@pytest.fixture
def nicknamed(course):
    enrollment = stands(course, "wren", 20, display_name="Wren Marsh")
    appearances.choose(enrollment, mode="nickname", nickname="Heron")
    return enrollment


@pytest.fixture
def hidden(course):
    enrollment = stands(course, "finch", 10, display_name="Finch Reed")
    appearances.choose(enrollment, mode="hidden")
    return enrollment


@pytest.fixture
def everybody(named, nicknamed, hidden):
    return named, nicknamed, hidden


def stands(course, handle, points, **fields):
    student = make_student(handle, **fields)
    enrollment = make_enrollment(course.camp, student=student, at=course.camp.starts_at)
    make_identity(student, login=f"{handle}-codes")
    make_identity(student, login=f"{handle}-other")
    make_standing(course, enrollment, points=points, login=f"{handle}-codes")
    return enrollment


def read(client, course, **query):
    return client.get(course.get_absolute_url(), {"tab": "rank"} | query, headers=ENGLISH)


def names(course, viewer=None, **options):
    rows = BoardPage(course, viewer=viewer or AnonymousUser(), **options).rows
    return [(row.rank, row.shown.name, row.shown.login, row.shown.note) for row in rows]


def test_others_read_the_choice_and_nothing_else(course, everybody):
    rows = names(course)

    assert rows[:2] == [(1, "Rowan Pike", "rowan-codes", ""), (2, "Heron", "", "")]
    assert (rows[2][0], *rows[2][2:]) == (3, "", "")
    assert "Finch" not in rows[2][1]


def test_page_holds_nothing_of_who_does_not_want_it(client, course, everybody):
    for query in ({}, {"part": "rows"}, {"q": "e"}):
        text = read(client, course, **query).text

        assert [word for word in ("Wren", "wren", "Finch", "finch") if word in text] == []
    assert "Hidden student" in read(client, course).text


def test_staff_read_who_it_is_and_what_others_see(client, course, everybody):
    client.force_login(make_staff_role(course.camp).user)

    text = read(client, course).text

    assert [word for word in ("Wren Marsh", "wren-codes", "Finch Reed", "finch-codes") if word not in text] == []
    assert text.count("others see: Heron") == text.count("others see: Hidden student") == 1


def test_own_row_is_shown_to_oneself_with_what_others_see(client, course, everybody):
    client.force_login(everybody[2].student)

    response = read(client, course)

    own_card = response.text[response.text.index('id="own"') : response.text.index('id="spread"')]
    assert "<dd>3</dd>" in own_card
    assert "Finch Reed" in response.text
    assert response.text.count("others see: Hidden student") == 1
    assert "Others see you as “Hidden student”" in response.text
    assert "Wren" not in response.text
    assert reverse("rankings:appearance", args=course.camp.address) in response.text


@pytest.mark.parametrize(
    ("text", "found"),
    [("pike", [1]), ("rowan-c", [1]), ("rowan-other", []), ("heron", [2]), ("wren", []), ("finch", []), ("zzz", [])],
)
def test_search_finds_by_what_is_shown(course, everybody, text, found):
    assert [rank for rank, *_ in names(course, search=text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("rowan", [1]), ("rowan-other", [1]), ("heron", [2]), ("Wren M", [2]), ("finch-codes", [3]), ("reed", [3])],
)
def test_search_of_staff_finds_by_everything(course, everybody, text, found):
    staff = make_staff_role(course.camp).user

    assert [rank for rank, *_ in names(course, viewer=staff, to_staff=True, search=text)] == found


def test_own_row_is_found_by_oneself(course, everybody):
    assert [rank for rank, *_ in names(course, viewer=everybody[2].student, search="finch")] == [3]


@pytest.mark.parametrize(
    ("text", "found"), [("rowan-codes", [1]), ("Rowan-CODES", [1]), ("heron", [2]), ("her", []), ("wren", [])]
)
def test_large_board_is_searched_by_whole_names(course, everybody, monkeypatch, text, found):
    monkeypatch.setattr("camp.rankings.board_page.board.MANY", 2)

    assert search.MANY > 2
    assert [rank for rank, *_ in names(course, search=text)] == found


def test_staff_of_other_courses_read_what_everybody_reads(client, course, everybody):
    role = make_staff_role(course.camp, role=StaffRole.Role.TEACHER)
    make_course(course.stage).staff.add(role)
    client.force_login(role.user)

    assert "Wren" not in read(client, course).text


def test_search_costs_the_same_for_one_and_for_many(course, everybody, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as one:
        found_one = names(course, search="pike")
    with django_assert_max_num_queries(len(one)):
        found_many = names(course, search="e")

    assert (len(found_one), len(found_many)) == (1, 2)
