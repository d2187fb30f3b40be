"""Copying a board ahead of its freeze: in parts, between which uploads go on, and exactly what was received by then."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camp.notices.events import round_begun
from camp.notices.models import Mail
from camp.rankings import boards, frozen_copy, rebuild, standings
from camp.rankings.models import Board, FrozenStanding, ScoreCount, Standing
from tests.factories import NOW, make_attempt, make_camp, make_course, make_enrollment, make_identity, make_stage
from tests.rankings import plain

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(frozen_copy, "PART", 2)


def scored(course, *points, at=NOW):
    """A student for each of these points."""
    return [upload(course, make_student_of(course), number, at=at) for number in points]


def make_student_of(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login=enrollment.student.handle)
    return enrollment


def upload(course, enrollment, points, *, at):
    standings.improve(enrollment, make_attempt(course, login=enrollment.student.handle, points=points, at=at))
    return enrollment


def frozen(course):
    rows = FrozenStanding.objects.filter(course=course)
    return {row.enrollment_id: plain.Place(row.points, row.reached_at, row.best_id) for row in rows}


def assert_exact(course, *, until):
    assert frozen(course) == plain.Facts().places(course, until=until)
    assert plain.stored_cells(course, is_frozen=True) == plain.cells(FrozenStanding.objects.all(), width=1)
    assert rebuild.rebuild_standings(course.camp, repair=False) == []


def test_parts_come_to_the_whole_board_in_its_order(course, small_parts):
    scored(course, 10, 30, 10, 20, 30)

    board = boards.freeze(course, by=None, at=NOW + MINUTE)

    assert (board.is_copied, board.freezes_at) == (True, NOW + MINUTE)
    live, copied = (list(model.objects.on_board(course)) for model in (Standing, FrozenStanding))
    assert [row.enrollment_id for row in live] == [row.enrollment_id for row in copied]
    assert_exact(course, until=NOW + MINUTE)


@pytest.mark.parametrize("copied", [0, 1, 2])
def test_what_happens_between_two_parts_is_in_the_copy_once(course, small_parts, copied):
    """Whether the copy has passed the place that somebody leaves, the one they come to, both, or neither."""
    first, second, third, _fourth = scored(course, 30, 20, 10, 5)
    board = plan(course)
    key = None
    for _part in range(copied):
        key = frozen_copy.part(board, after=key)

    upload(course, third, 30, at=NOW + MINUTE)
    upload(course, second, 29, at=NOW + MINUTE)
    scored(course, 25, 1, at=NOW + MINUTE)
    leave(first)
    boards.copy_ahead(course, at=NOW + MINUTE)

    assert_exact(course, until=NOW + MINUTE)
    assert Board.objects.get().is_copied


def plan(course):
    """The board of a freeze that is planned, and nothing of it copied yet."""
    board = boards.lock(course, at=NOW)
    Board.objects.update(freezes_at=NOW + 60 * MINUTE)
    frozen_copy.begin(board)
    return board


def leave(enrollment):
    type(enrollment).objects.filter(pk=enrollment.pk).update(status="withdrawn")
    standings.derive_all_of(enrollment.student, at=NOW + MINUTE)


def test_change_after_a_freeze_that_came_amid_the_copying_finishes_it(course, small_parts):
    first, *_others = scored(course, 30, 20, 10, 5)
    frozen_copy.part(plan(course))

    upload(course, first, 30, at=NOW + 59 * MINUTE)
    scored(course, 29, at=NOW + 61 * MINUTE)

    assert FrozenStanding.objects.count() == 4
    assert_exact(course, until=NOW + 60 * MINUTE)


def test_copying_that_was_interrupted_goes_on_with_the_next_round(course, small_parts):
    scored(course, 30, 20, 10)
    frozen_copy.part(plan(course))
    assert FrozenStanding.objects.count() == 2

    round_begun.send(Mail, at=NOW + MINUTE)

    assert Board.objects.get().is_copied
    assert_exact(course, until=NOW + MINUTE)


def test_freeze_that_was_lifted_amid_the_copying_is_not_copied_on(course):
    scored(course, 30)
    plan(course)
    boards.lift(course, by=None, at=NOW + MINUTE)

    boards.copy_ahead(course, at=NOW + MINUTE)

    assert not FrozenStanding.objects.exists()
    assert not ScoreCount.objects.filter(is_frozen=True).exists()


def test_planned_freeze_changes_nothing_that_is_read_before_it(course):
    (student,) = scored(course, 10)
    boards.freeze(course, by=None, moment=timezone.now() + MINUTE)
    upload(course, student, 20, at=NOW + MINUTE)

    assert not boards.edition_for(course).is_frozen
    assert boards.edition_for(course, at=timezone.now() + 2 * MINUTE).is_frozen
    assert [row.points for row in boards.edition_for(course).places] == [20]


def statements(call):
    with CaptureQueriesContext(connection) as queries:
        call()
    return [query["sql"] for query in queries]


def test_copying_asks_as_much_for_many_as_for_one(course):
    scored(course, 10)
    few = statements(lambda: boards.freeze(course, by=None, at=NOW + MINUTE))
    boards.lift(course, by=None, at=NOW + MINUTE)
    scored(course, *range(12))

    many = statements(lambda: boards.freeze(course, by=None, at=NOW + MINUTE))

    assert FrozenStanding.objects.count() == 13
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_more_than_one_part(course, small_parts):
    """Each part is committed, and the board's row free, before the next one begins."""
    with transaction.atomic():
        scored(course, 30, 20, 10, 5)

    asked = statements(lambda: boards.freeze(course, by=None, at=NOW + MINUTE))

    told = [sql for sql in asked if sql.startswith(('INSERT INTO "rankings_frozenstanding"', "COMMIT"))]
    assert ["INSERT" in sql for sql in told] == [False, True, False, True, False, True, False, False]
