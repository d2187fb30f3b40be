"""What the read API tells whom: of boards, of oneself, of uploads and exercises."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from camp.enrollment import services as enrollment_services
from camp.rankings import boards
from camp.rankings.board_page.board import BoardPage
from camp.rankings.standings import Result
from tests.factories import (
    NOW,
    make_attempt,
    make_course,
    make_enrollment,
    make_requirement,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_user,
)
from tests.rankings.reading import board_rows, get, make_row, told

pytestmark = pytest.mark.django_db
OWN = ["standing", "attempts"]
HOUR = timedelta(hours=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


def test_courses_name_those_with_a_board_and_what_counts(client, course):
    make_course(course.stage, number=2, name="Lectures", max_points=0, counts="proven", proof_from=NOW)

    response = get(client, "courses", course)

    page = course.get_absolute_url()
    assert response.json() == {
        "camp": "Summer camp",
        "courses": [
            {
                "number": 1, "name": "Rust course", "maximum": 30, "has_board": True, "counts": "claimed",
                "proof_from": None, "page": page,
            },
            {
                "number": 2, "name": "Lectures", "maximum": 0, "has_board": False, "counts": "proven",
                "proof_from": "2024-07-24T12:00:00Z", "page": page.replace("/1/", "/2/"),
            },
        ],
    }  # fmt: skip


def test_board_tells_everybody_the_rows(client, course):
    first = make_row(course, points="12.5", login="octo", source="proven")
    make_requirement(make_stage(course.camp, position=10**6), course=course, points=12)

    answer = get(client, "board", course).json()

    assert answer == {
        "course": {
            "number": 1, "name": "Rust course", "maximum": 30, "has_board": True, "counts": "claimed",
            "proof_from": None, "page": course.get_absolute_url(),
        },
        "people": 1, "frozen": False, "frozen_since": None, "next": None,
        "rows": [{
            "rank": 1, "place": 1, "name": str(first.enrollment.student), "login": "octo", "channel": "github",
            "points": 12.5, "reached_at": "2024-07-24T12:00:00Z", "proven": True, "requirement_met": True, "own": False,
            "others_see": None,
        }],
    }  # fmt: skip


def test_empty_board_has_no_rows(client, course):
    answer = get(client, "board", course).json()

    assert (answer["people"], answer["rows"], answer["next"]) == (0, [], None)


def test_hidden_and_nicknamed_people_are_named_as_on_the_page(client, course):
    make_row(course, points=20, appearance={"mode": "hidden"})
    make_row(course, points=10, appearance={"mode": "nickname", "nickname": "Otter"})

    rows = board_rows(client, course)

    named = [(row["name"], row["login"], row["channel"], row["others_see"]) for row in rows]
    assert named == [("Hidden student", None, None, None), ("Otter", None, None, None)]


def test_staff_read_who_it_is_and_what_others_read(client, course):
    hidden = make_row(course, login="octo", appearance={"mode": "hidden"})
    client.force_login(make_staff_role(course.camp).user)

    row = board_rows(client, course)[0]

    told = row["name"], row["login"], row["others_see"]
    assert told == (str(hidden.enrollment.student), "octo", "Hidden student")


def test_one_reads_ones_own_name_and_what_others_read(client, course):
    hidden = make_row(course, appearance={"mode": "hidden"})
    client.force_login(hidden.enrollment.student)

    row = board_rows(client, course)[0]

    told = row["name"], row["own"], row["others_see"]
    assert told == (str(hidden.enrollment.student), True, "Hidden student")


@pytest.mark.parametrize("reader", ["stranger", "oneself", "staff"])
def test_rows_are_those_of_the_board_page(client, course, reader):
    make_row(course, points=20, appearance={"mode": "nickname", "nickname": "Otter"})
    own = make_row(course, points=10, appearance={"mode": "hidden"})
    make_row(course, points=10)
    people = {"oneself": own.enrollment.student, "staff": make_staff_role(course.camp).user}
    if reader in people:
        client.force_login(people[reader])

    page = BoardPage(course, viewer=people.get(reader, AnonymousUser()), to_staff=reader == "staff")

    with translation.override("en"):
        on_page = [(row.rank, row.shown.name, row.shown.login, row.shown.note, row.is_own) for row in page.rows]
    rows = board_rows(client, course)
    assert [
        (row["rank"], row["name"], row["login"] or "", row["others_see"] or "", row["own"]) for row in rows
    ] == on_page


def test_staff_of_another_camp_read_what_everybody_does(client, course):
    make_row(course, appearance={"mode": "hidden"})
    other = make_running_camp("winter", organization=course.camp.organization)
    client.force_login(make_staff_role(other).user)

    assert [row["name"] for row in board_rows(client, course)] == ["Hidden student"]


def freeze_then_climb(course):
    """A board that was frozen an hour ago; since then its only row has gone from 10 to 20 points."""
    row = make_row(course, points=10)
    now = timezone.now()
    boards.freeze(course, by=make_user(), at=now - HOUR)
    board = boards.lock(course, at=now)
    attempt = make_attempt(course, points=20, at=now)
    boards.put(board, row, boards_result(attempt))
    boards.bump(course.pk)
    return row


def boards_result(attempt):
    from_attempt = {"points": attempt.points, "reached_at": attempt.received_at, "best_id": attempt.pk}
    return Result(**from_attempt, adjustment=0)


@pytest.mark.parametrize(("query", "points"), [({}, [10]), ({"board": "live"}, [10])])
def test_students_read_the_frozen_board_whatever_they_ask(client, course, query, points):
    row = freeze_then_climb(course)
    client.force_login(row.enrollment.student)

    answer = get(client, "board", course, query).json()

    assert [row["points"] for row in answer["rows"]] == points
    assert (answer["frozen"], answer["frozen_since"] is None) == (True, False)
    assert get(client, "standing", course).json()["points"] == 10


@pytest.mark.parametrize(("query", "points", "frozen"), [({}, [10], True), ({"board": "live"}, [20], False)])
def test_staff_read_the_live_board_where_they_ask(client, course, query, points, frozen):
    freeze_then_climb(course)
    client.force_login(make_staff_role(course.camp).user)

    answer = get(client, "board", course, query).json()

    assert ([row["points"] for row in answer["rows"]], answer["frozen"]) == (points, frozen)
    assert answer["frozen_since"] is not None


def test_standing_tells_oneself_and_how_others_see_it(client, course):
    make_row(course, points=20)
    make_row(course, points=10)
    own = make_row(course, points=10, login="octo", appearance={"mode": "hidden"})
    client.force_login(own.enrollment.student)

    assert get(client, "standing", course).json() == {
        "rank": 2, "place": 3, "page": 1, "people": 3, "points": 10, "maximum": 30, "adjustment": 0,
        "reached_at": "2024-07-24T12:00:00Z", "proven": False, "requirement_met": False, "frozen": False,
        "others_see": {"name": "Hidden student", "login": None, "channel": None},
    }  # fmt: skip


def test_standing_without_a_score_is_a_404_that_says_so(client, course):
    client.force_login(make_enrollment(course.camp, at=timezone.now()).student)

    assert told(get(client, "standing", course)) == (404, "no_score")


def test_withdrawn_people_have_no_standing(client, course):
    own = make_row(course)
    client.force_login(own.enrollment.student)
    enrollment_services.withdraw(own.enrollment, by=own.enrollment.student)

    assert told(get(client, "standing", course)) == (404, "no_score")


@pytest.mark.parametrize("name", OWN)
def test_what_is_about_oneself_asks_to_sign_in(client, course, name):
    response = get(client, name, course)

    assert told(response) == (401, "sign_in")
    assert response.headers["WWW-Authenticate"] == 'Session realm="Camp"'


def test_a_board_that_was_just_frozen_says_so_before_anything_changes(client, course):
    own = make_row(course)
    boards.freeze(course, by=make_user())
    client.force_login(own.enrollment.student)

    assert [get(client, name, course).json()["frozen"] for name in ("board", "standing")] == [True, True]
