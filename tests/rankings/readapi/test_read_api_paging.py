"""Paging through the read API: by cursors, to a place, with ties across the edges, and with bad parameters."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from camp.rankings import boards
from camp.rankings.models import Standing
from camp.rankings.readapi import parameters
from tests.factories import NOW, make_attempt, make_course, make_identity, make_running_camp, make_stage, make_student
from tests.rankings.boards import make_board, plain_ranks
from tests.rankings.reading import board_rows, get, pages, told

pytestmark = pytest.mark.django_db
TIED = [(30, 0), (20, 0), (20, 0), (20, 0), (20, 0), (20, 1), (3, 0), (3, 0), (0, 5)]


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1)


@pytest.fixture
def tied(course):
    make_board(course, TIED)
    return course


def names_with_ranks(course):
    ranks = plain_ranks(course)
    ordered = Standing.objects.on_board(course).select_related("enrollment__student")
    return [(str(standing.enrollment.student), ranks[standing.pk]) for standing in ordered]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 8, 9, 200])
def test_pages_of_any_length_give_everybody_once_with_the_true_rank(client, tied, limit):
    rows = board_rows(client, tied, limit=limit)

    assert [(row["name"], row["rank"]) for row in rows] == names_with_ranks(tied)


def test_pages_of_a_frozen_board_give_everybody_once(client, tied):
    now = timezone.now()
    boards.freeze(tied, by=None, at=now - timedelta(hours=1))
    boards.lock(tied, at=now)

    rows = board_rows(client, tied, limit=2)

    assert [(row["name"], row["rank"]) for row in rows] == names_with_ranks(tied)


@pytest.mark.parametrize("place", range(1, 10))
def test_a_page_begins_at_any_place(client, tied, place):
    answer = get(client, "board", tied, {"place": place, "limit": 2}).json()

    told = [(row["name"], row["rank"]) for row in answer["rows"]]
    assert told == names_with_ranks(tied)[place - 1 : place + 1]


@pytest.mark.parametrize("place", [10, 10**9])
def test_there_is_nothing_behind_the_last_place(client, tied, place):
    answer = get(client, "board", tied, {"place": place}).json()

    assert (answer["rows"], answer["next"], answer["people"]) == ([], None, 9)


def test_a_cursor_still_works_when_its_row_has_moved(client, tied):
    first = get(client, "board", tied, {"limit": 1}).json()
    Standing.objects.on_board(tied).first().delete()

    rows = get(client, "board", tied, {"after": first["next"]}).json()["rows"]

    assert [row["points"] for row in rows] == [20, 20, 20, 20, 20, 3, 3, 0]


@pytest.fixture
def octo(course):
    """Somebody with five uploads, three of them at the same moment."""
    student = make_student()
    make_identity(student, login="octo")
    for points, seconds in [(1, 0), (2, 1), (3, 1), (4, 1), (5, 2)]:
        make_attempt(course, login="octo", points=points, at=NOW + timedelta(seconds=seconds))
    return student


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_attempts_page_from_the_newest_to_the_first(client, course, octo, limit):
    client.force_login(octo)

    told = [one["points"] for page in pages(client, "attempts", course, limit=limit) for one in page["attempts"]]

    assert told == [5, 4, 3, 2, 1]


def signed(*parts, kind="board", course):
    """A cursor as we would sign it."""
    return signing.Signer(salt=f"camp.rankings.readapi:{kind}:{course.pk}", sep=".").sign_object(list(parts))


FORGED = [
    lambda course: "",
    lambda course: "x",
    lambda course: "x" * 301,
    lambda course: "\x00",
    lambda course: "名",
    lambda course: signed("20", NOW.isoformat(), "1", course=course)[:-1],
    lambda course: "A" + signed("20", NOW.isoformat(), "1", course=course),
    lambda course: signed("20", NOW.isoformat(), "1", course=make_course()),
    lambda course: signed("20", NOW.isoformat(), "1", kind="attempts", course=course),
    lambda course: signed("NaN", NOW.isoformat(), "1", course=course),
    lambda course: signed("1e999", "soon", "1", course=course),
    lambda course: signed("20", "2024-07-24T12:00:00", "1", course=course),
    lambda course: signed("20", NOW.isoformat(), "one", course=course),
    lambda course: signed("20", NOW.isoformat(), course=course),
    lambda course: signed("20", NOW.isoformat(), None, course=course),
]


@pytest.mark.parametrize("forge", FORGED)
def test_what_is_no_cursor_of_this_list_is_refused(client, course, forge):
    assert told(get(client, "board", course, {"after": forge(course)})) == (400, "bad_parameter")


def test_a_cursor_of_another_list_is_refused(client, tied, octo):
    client.force_login(octo)
    board, attempts = (get(client, name, tied, {"limit": 1}).json()["next"] for name in ("board", "attempts"))

    answers = [
        told(get(client, name, tied, {"after": after})) for name, after in [("board", attempts), ("attempts", board)]
    ]

    assert answers == [(400, "bad_parameter")] * 2


LIMITS = ["0", "201", "-1", "x", "", "1.0", "1e2", "%2B5", "1_0", "%D9%A5", "9" * 30]
PLACES = ["0", "-1", "x", "", "1000000001", "NaN"]
MISNAMED = [("limt=5", "limt"), ("page=2", "page"), ("%00=1", "\x00"), ("%FF=%FF", "\ufffd")]
WRONG = [("board=dead", "board"), ("board=", "board"), ("limit=1&limit=2", "limit"), ("place=1&after=x", "after")]
BAD = [("limit", bad) for bad in LIMITS] + [("place", bad) for bad in PLACES]
MISTAKES = [(f"{name}={bad}", name) for name, bad in BAD] + MISNAMED + WRONG


@pytest.mark.parametrize(("query", "name"), MISTAKES)
def test_bad_parameters_are_refused_by_name(client, course, query, name):
    response = get(client, "board", course, query)

    assert told(response) == (400, "bad_parameter")
    assert f"“{name}”" in response.json()["error"]["message"]


@pytest.mark.parametrize("name", ["courses", "standing", "exercises"])
def test_what_has_no_parameters_takes_none(client, course, name):
    make_board(course, [(30, 0)])
    client.force_login(Standing.objects.get().enrollment.student)

    assert told(get(client, name, course, {"limit": 1})) == (400, "bad_parameter")


def test_more_parameters_than_can_be_read_are_refused(client, course):
    assert told(get(client, "board", course, "&".join(f"a{n}=1" for n in range(5001)))) == (400, "bad_request")


def test_the_sentence_about_limit_names_the_most_rows():
    assert f"from 1 to {parameters.MOST_ROWS}" in parameters._sentences()["limit"]
