"""A board as CSV: what is in it, who gets it, and that no cell of it computes."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.rankings import appearances, boards, standings
from camp.rankings.board_page import board_csv
from camp.rankings.board_page.board_csv import defused
from camp.rankings.models import Standing
from tests.factories import (
    NOW,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
)
from tests.rankings.boards import make_board, plain_ranks

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1)


@pytest.fixture
def teacher(course):
    return make_staff_role(course.camp, role=StaffRole.Role.TEACHER).user


def address(course):
    return reverse("rankings:export", args=[*course.camp.address, course.number])


def stands(course, handle, points, *, at=NOW, source="claimed", **fields):
    enrollment = make_enrollment(course.camp, student=make_student(handle, **fields), at=course.camp.starts_at)
    make_standing(course, enrollment, points=points, at=at, source=source)
    return enrollment


def export(client, course, **query):
    response = client.get(address(course), query, headers=ENGLISH)
    text = b"".join(response.streaming_content).decode()
    return response, list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_export_says_all_of_each_row(client, course, teacher):
    make_requirement(make_stage(course.camp, position=10**6), course=course, points=20)
    first = stands(course, "rowan", "27.5", display_name="Rowan Pike", source="proven")
    make_identity(first.student, login="rowan-codes")
    make_identity(first.student, login="rowan", channel="gitee")
    make_identity(first.student, login="former", unlinked_at=NOW)
    second = stands(course, "wren", 10, display_name="Wren Marsh")
    Standing.objects.filter(enrollment=second).update(adjustment=Decimal("-3"))
    appearances.choose(second, mode="nickname", nickname="Heron")
    client.force_login(teacher)

    response, lines = export(client, course)

    assert lines == [
        ["rank", "name", "handle", "logins", "points", "maximum", "reached at", "source", "adjusted by",
         "requirement met", "shown as"],
        ["1", "Rowan Pike", "rowan", "gitee:rowan, github:rowan-codes", "27.5", "30", "2024-07-24T20:00:00+08:00",
         "proven", "0", "yes", "Rowan Pike"],
        ["2", "Wren Marsh", "wren", "", "10", "30", "2024-07-24T20:00:00+08:00", "claimed", "-3", "no", "Heron"],
    ]  # fmt: skip
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_export_begins_with_the_mark_that_spreadsheets_need(client, course, teacher):
    client.force_login(teacher)

    assert client.get(address(course)).getvalue().startswith('\ufeff"名次"'.encode()[:3])


def test_ranks_of_all_chunks_equal_a_plain_sort(client, course, teacher, monkeypatch):
    monkeypatch.setattr(board_csv, "CHUNK", 3)
    make_board(course, [(30, 0), (29, 0), (20, 0), (20, 0), (20, 0), (20, 1), (3, 0)])
    by_handle = {row.enrollment.student.handle: rank for row in Standing.objects.select_related("enrollment__student")
                 for pk, rank in plain_ranks(course).items() if pk == row.pk}  # fmt: skip
    client.force_login(teacher)

    _response, lines = export(client, course)

    assert {line[2]: int(line[0]) for line in lines[1:]} == by_handle


def test_export_costs_the_same_for_one_row_and_for_three(client, course, teacher, django_assert_num_queries):
    make_board(course, [(30, 0)])
    client.force_login(teacher)
    client.get("/healthz")
    with django_assert_num_queries(11):
        export(client, course)
    make_board(course, [(29, 0), (28, 0)])

    with django_assert_num_queries(11):
        export(client, course)


def test_frozen_board_is_exported_live_unless_asked(client, course, teacher):
    now = timezone.now()
    enrollment = stands(course, "rowan", 10, at=now - timedelta(hours=2))
    boards.freeze(course, by=teacher, at=now - timedelta(hours=1))
    board = boards.lock(course, at=now)
    standing = Standing.objects.get()
    boards.put(board, standing, standings.Result(Decimal(20), now, standing.best_id, Decimal(0)))
    boards.bump(course.pk)
    client.force_login(teacher)

    live, live_lines = export(client, course)
    frozen, frozen_lines = export(client, course, board="frozen")

    assert [lines[1][4] for lines in (live_lines, frozen_lines)] == ["20", "10"]
    assert "-1-board-live-" in live.headers["Content-Disposition"]
    assert "-1-board-frozen-" in frozen.headers["Content-Disposition"]
    assert enrollment.student.handle == live_lines[1][2]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\rx", "＝1+1", "＋1", "－1+2", "＠x", "﹦1", "−1+1",
     " =1", '"=1', "'=1", " \" '=1", "\u200b=1", "\u3000＝1", "“=1"],
)  # fmt: skip
def test_formula_is_defused(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "cell"), [("x;=1+1;y", "x;'=1+1;y"), ("x, @y", "x,' @y"), ("a|-b", "a|'-b"), ("=a;+b", "'=a;'+b")]
)
def test_formula_behind_another_delimiter_is_defused(text, cell):
    assert defused(text) == cell


@pytest.mark.parametrize("text", ["", "Rowan", "Pike, Rowan", "-3", "-3.5", "a=1", "林小满", "O'Brien", "3 = 3", " "])
def test_other_text_stays_as_it_is(text):
    assert defused(text) == text


def test_names_are_defused_in_the_file(client, course, teacher):
    stands(course, "rowan", 10, display_name="=HYPERLINK(0)")
    client.force_login(teacher)

    _response, lines = export(client, course)

    assert (lines[1][1], lines[1][10]) == ("'=HYPERLINK(0)", "'=HYPERLINK(0)")


def test_export_is_for_who_teaches_the_course(client, course):
    student = make_enrollment(course.camp, at=course.camp.starts_at).student
    mentor = make_staff_role(course.camp, role=StaffRole.Role.MENTOR).user
    narrowed = make_staff_role(course.camp, role=StaffRole.Role.TEACHER)
    make_course(course.stage).staff.add(narrowed)
    organizer = make_staff_role(course.camp).user
    answers = {}
    for name, user in (("stranger", make_student()), ("student", student), ("mentor", mentor), ("organizer", organizer),
                       ("narrowed", narrowed.user)):  # fmt: skip
        client.force_login(user)
        answers[name] = client.get(address(course)).status_code
    client.logout()

    assert answers == {"stranger": 404, "student": 403, "mentor": 403, "organizer": 200, "narrowed": 404}
    assert client.get(address(course)).status_code == 302


def test_course_without_homework_has_no_export(client, course, teacher):
    course.max_points = 0
    course.save()
    client.force_login(teacher)

    assert client.get(address(course)).status_code == 404


def test_page_links_the_export_for_who_teaches(client, course, teacher):
    before = client.get(course.get_absolute_url(), {"tab": "rank"}).text
    client.force_login(teacher)

    assert address(course) not in before
    assert address(course) in client.get(course.get_absolute_url(), {"tab": "rank"}).text
