"""How the read API speaks HTTP: who gets a 404, which methods, in which language, and 304 while nothing has changed."""

import pytest
from django.test import Client

from camp.rankings import boards
from camp.rankings.models import Board
from camp.stages.models import Course
from tests.factories import (
    NOW,
    make_attempt,
    make_course,
    make_exercises,
    make_identity,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
)
from tests.rankings.reading import address, get, make_row, told

pytestmark = pytest.mark.django_db
LISTS = ["board", "standing", "attempts", "exercises"]


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.mark.parametrize("name", ["courses", "board", "exercises"])
def test_an_unpublished_camp_is_there_for_its_staff_alone(client, course, name):
    course.camp.is_published = False
    course.camp.save()
    staff, stranger = Client(), Client()
    staff.force_login(make_staff_role(course.camp).user)
    stranger.force_login(make_student())

    answers = [get(reader, name, course).status_code for reader in (client, stranger, staff)]

    assert answers == [404, 404, 200]


@pytest.mark.parametrize("name", ["board", "standing"])
def test_a_course_without_homework_has_no_board(client, course, name):
    Course.objects.update(max_points=0)
    client.force_login(make_student())

    assert told(get(client, name, course)) == (404, "no_board")


@pytest.mark.parametrize(
    "change", [("courses/1", "courses/9"), ("summer", "winter"), ("board", "gossip"), ("board", "board/"),
               ("courses/1/board", f"courses/{10**30}/board"), ("courses/1/board", ""), ("board", "%00")]
)  # fmt: skip
def test_every_404_is_json_and_no_redirect(client, course, change):
    response = client.get(address("board", course).replace(*change))

    assert told(response) == (404, "not_found")
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused_as_json(course, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(address("board", course))

    assert told(response) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD"


def test_head_answers_with_the_headers_alone(client, course):
    read, asked = get(client, "board", course), client.head(address("board", course), headers={"Accept-Language": "en"})

    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["ETag"] == read.headers["ETag"]


def test_refusals_speak_the_readers_language_and_are_not_kept(client, course):
    response = get(client, "board", course, {"limit": "x"})

    assert response.json()["error"]["message"] == "“limit” must be a whole number from 1 to 200."
    assert response.headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in response.headers["Vary"]


def asked_again(client, name, course, response, query=None):
    headers = {"If-None-Match": response.headers["ETag"]}
    return get(client, name, course, query, **headers)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_sent_again_while_nothing_has_changed(client, course, name):
    own = make_row(course)
    client.force_login(own.enrollment.student)
    first = get(client, name, course)

    again = asked_again(client, name, course, first)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["board", "standing"])
def test_any_change_of_the_board_is_sent(client, course, name):
    own = make_row(course)
    client.force_login(own.enrollment.student)
    first = get(client, name, course)
    make_row(course, points=20)

    assert asked_again(client, name, course, first).status_code == 200


def test_a_new_attempt_is_sent(client, course):
    octo = make_identity(login="octo").user
    client.force_login(octo)
    first = get(client, "attempts", course)
    make_attempt(course, login="octo")

    assert asked_again(client, "attempts", course, first).status_code == 200


@pytest.mark.parametrize("change", [{"max_points": 40}, {"name": "Another"}, {"counts": "proven"}, {"proof_from": NOW}])
def test_a_changed_course_is_sent(client, course, change):
    first = get(client, "board", course)
    Course.objects.update(**change)

    assert asked_again(client, "board", course, first).status_code == 200


def test_another_page_language_or_reader_has_another_tag(client, course):
    make_row(course)
    staff = Client()
    staff.force_login(make_staff_role(course.camp).user)

    tags = [
        get(client, "board", course).headers["ETag"],
        get(client, "board", course, {"limit": "2"}).headers["ETag"],
        get(client, "board", course, **{"Accept-Language": "zh-hans"}).headers["ETag"],
        get(staff, "board", course).headers["ETag"],
    ]

    assert len(set(tags)) == 4


def test_a_304_of_a_board_reads_no_row(client, course, django_assert_num_queries):
    make_row(course)
    first = get(client, "board", course)

    with django_assert_num_queries(4):  # The camp, the course, the board, the stage that it leads to.
        asked_again(client, "board", course, first)


def test_a_version_that_is_used_up_begins_again_with_another_tag(client, course):
    make_row(course)
    full = dict.fromkeys(("version", "frozen_version", "calls_back"), Board.MOST)
    Board.objects.filter(course=course).update(**full)
    first = get(client, "board", course)

    boards.bump(course.pk, live=True, frozen=True, at_once=True)

    board = Board.objects.get(course=course)
    assert (board.version, board.frozen_version, board.calls_back) == (0, 0, 0)
    assert asked_again(client, "board", course, first).status_code == 200


@pytest.mark.parametrize("version", [0, Board.MOST])
@pytest.mark.parametrize("is_frozen", [False, True])
def test_what_names_a_version_is_a_short_plain_word(version, is_frozen):
    board = Board(course_id=2**31 - 1, version=version, frozen_version=version)

    tag = boards.Edition(board, is_frozen=is_frozen, has_freeze=is_frozen).tag

    assert tag.isascii()
    assert tag.isalnum()
    assert len(tag) <= 27  # Memcached takes keys of 250 bytes.


@pytest.mark.parametrize("name", LISTS)
def test_an_answer_costs_the_same_for_one_row_and_for_many(
    client, course, name, django_assert_num_queries, django_assert_max_num_queries
):
    own = make_row(course, login="octo")
    make_identity(own.enrollment.student, login="octo")
    client.force_login(own.enrollment.student)
    client.get("/healthz")
    with django_assert_max_num_queries(20) as one:
        get(client, name, course)
    for points in (20, 10, 10):
        make_row(course, points=points)
        make_attempt(course, login="octo", points=points)
    make_exercises(course, 3)

    with django_assert_num_queries(len(one)):
        get(client, name, course)
