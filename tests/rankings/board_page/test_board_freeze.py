"""What students and staff see while a board is frozen: the page, the own card, who met the requirement, /my/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from camp.rankings import boards, standings
from camp.rankings.board_page.board_views import board_for
from camp.rankings.models import Attempt
from camp.stages import services as stages
from camp.stages.models import Participation
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.fixture
def staff(course):
    return make_staff_role(course.camp).user


def student_of(course, login):
    enrollment = make_enrollment(course.camp, student=make_student(display_name=login), at=course.camp.starts_at)
    make_identity(enrollment.student, login=login)
    return enrollment


def upload(enrollment, course, points, at):
    login = enrollment.student.identities.get().login
    standings.improve(enrollment, make_attempt(course, login=login, points=points, at=at))


@pytest.fixture
def frozen(course, staff):
    """Two students; the board froze an hour ago, and the second has overtaken the first since."""
    now = timezone.now()
    first, second = student_of(course, "first"), student_of(course, "second")
    upload(first, course, 20, now - 90 * MINUTE)
    upload(second, course, 10, now - 80 * MINUTE)
    boards.freeze(course, by=staff, at=now - 60 * MINUTE)
    upload(second, course, 30, now - 30 * MINUTE)
    return first, second


def read(client, course, **query):
    return client.get(course.get_absolute_url(), {"tab": "rank"} | query, headers=ENGLISH)


def board_of(response, course):
    """The board that this reader was shown, made anew."""
    return board_for(response.wsgi_request, course)


def rows(response, course):
    shown = board_of(response, course).rows
    return [(row.rank, str(row.standing.enrollment.student), row.standing.points) for row in shown]


def test_students_and_the_public_see_the_frozen_board_and_why(client, course, frozen):
    public = read(client, course)
    client.force_login(frozen[1].student)
    own = read(client, course)

    for response in (public, own):
        assert rows(response, course) == [(1, "first", 20), (2, "second", 10)]
        assert "The board is frozen since" in response.text
        assert sum(b.count for b in board_of(response, course).bins if b.label == "30") == 0
    own_row = board_of(own, course).own_row
    assert (own_row.rank, own_row.standing.points) == (2, 10)
    assert "What you have uploaded since counts" in own.text


def test_live_board_cannot_be_asked_for_by_students(client, course, frozen):
    client.force_login(frozen[1].student)

    assert rows(read(client, course, board="live"), course)[0] == (1, "first", 20)


def test_staff_see_the_live_board_with_a_badge_and_the_frozen_one_when_asked(client, course, frozen, staff):
    client.force_login(staff)

    live, as_students = read(client, course), read(client, course, board="frozen")

    assert rows(live, course) == [(1, "second", 30), (2, "first", 20)]
    assert rows(as_students, course) == [(1, "first", 20), (2, "second", 10)]
    assert "Frozen for students since" in live.text
    assert "Frozen for students since" in as_students.text
    assert "board=frozen" in live.text
    assert 'name="board" value="frozen"' in as_students.text


def test_first_score_after_the_freeze_does_not_tell_that_there_is_none(client, course, frozen):
    late = student_of(course, "late")
    upload(late, course, 30, timezone.now())
    client.force_login(late.student)

    response = read(client, course)

    assert "You are not on the board as it was frozen." in response.text
    assert board_of(response, course).own_row is None


def test_lifted_freeze_shows_the_live_board(client, course, frozen, staff):
    read(client, course)
    boards.lift(course, by=staff)

    response = read(client, course)

    assert rows(response, course) == [(1, "second", 30), (2, "first", 20)]
    assert "frozen" not in response.text


def test_board_that_will_freeze_says_so(client, course, staff):
    boards.freeze(course, by=staff, moment=timezone.now() + 60 * MINUTE)

    assert "The board will freeze:" in read(client, course).text


def test_freeze_that_falls_due_is_told_without_any_change_of_the_board(client, course, staff, monkeypatch):
    boards.freeze(course, by=staff, moment=timezone.now() + 60 * MINUTE)
    read(client, course)
    etag = read(client, course).headers["ETag"]
    later = timezone.now() + 61 * MINUTE
    monkeypatch.setattr(timezone, "now", lambda: later)

    response = client.get(course.get_absolute_url(), {"tab": "rank"}, headers=ENGLISH | {"If-None-Match": etag})

    assert response.status_code == 200
    assert "The board is frozen since" in response.text


def test_frozen_board_marks_who_had_met_the_requirement_when_it_froze(client, course, frozen, staff):
    make_requirement(make_stage(course.camp, position=10**6), course=course, points=15)

    public = [row.is_enough for row in board_of(read(client, course), course).rows]
    client.force_login(staff)

    assert public == [True, False]
    assert [row.is_enough for row in board_of(read(client, course), course).rows] == [True, True]


def test_board_of_a_sibling_course_does_not_tell_who_was_promoted_since(client, course, frozen):
    """Promoted by points that the frozen board does not show yet."""
    stage, sibling = make_stage(course.camp, position=10**6), make_course(course.stage, number=2)
    group = make_requirement(stage, course=course).group
    make_requirement(stage, group=group, course=sibling)
    upload(frozen[0], sibling, 29, timezone.now() - 100 * MINUTE)
    before = read(client, sibling)

    stages.promote_where_met(frozen[0])
    upload(frozen[0], course, 30, timezone.now() - 20 * MINUTE)

    assert Participation.objects.admitted().filter(stage=stage, enrollment=frozen[0]).exists()
    again = client.get(sibling.get_absolute_url(), {"tab": "rank"}, headers=ENGLISH | {"If-None-Match": before["ETag"]})
    assert again.status_code == 304
    assert "requirement met" not in before.text


def test_my_page_says_which_boards_stand_still(client, course, frozen):
    client.force_login(frozen[1].student)

    text = client.get("/my/", headers=ENGLISH).text

    assert "The board of Rust course is frozen since" in text
    assert "rank 2" in text


def test_best_without_an_upload_is_named_as_given_by_staff(client, course, staff):
    enrollment = student_of(course, "given")
    board = boards.lock(course, at=timezone.now())
    result = standings.Result(5, timezone.now(), None, 5)
    boards.put(board, boards.Standing(course=course, enrollment=enrollment), result)
    boards.bump(course.pk)

    assert "given by staff" in read(client, course).text
    assert not Attempt.objects.exists()
