"""What changes on a board: who stands where, its version, its freeze. All of it under the lock of the board's row.

Enrollments are locked before boards, never after: that is the order in which nobody waits in a ring.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.compiled import Compiled, CompiledUpdate, Given
from camp.rankings import frozen_copy, histogram
from camp.rankings.models import Attempt, Board, FrozenStanding, Standing
from camp.rankings.uploads import upload_queries

LONGEST_WAIT = timedelta(days=366)  # Until a planned freeze; a later one is a slip of the pen.


class BoardError(Exception):
    """A refusal in a sentence for the reader."""


@dataclass(frozen=True)
class Edition:
    """The board of a course as one kind of reader sees it: the live standings or the frozen ones.

    `is_frozen` says which table and cells are read; `has_freeze` whether the board is frozen at all, which the
    reader is told: where a planned freeze found no copy, both are the same until the first change after it.
    """

    board: Board
    is_frozen: bool
    has_freeze: bool

    @property
    def places(self):
        model = FrozenStanding if self.is_frozen else Standing
        return model.objects.on_board(self.board.course_id)

    @property
    def version(self):
        return self.board.frozen_version if self.is_frozen else self.board.version

    @property
    def tag(self):
        """What tells one state of this edition from every other, short: for an ETag or a key of a cache."""
        return f"{self.board.course_id}{'f' if self.is_frozen else 'l'}{self.version:x}"

    @property
    def people(self):
        return self.board.frozen_people if self.is_frozen else self.board.live_people

    def scores(self, *, edges):
        """(points, people), as exact as it takes to part them at these edges."""
        board = self.board
        return histogram.scores_on(board.course_id, is_frozen=self.is_frozen, width=board.range_width, edges=edges)


def edition_for(course, *, live=False, at=None):
    """What of a board is shown: to staff who ask for it the live one, to everybody else the frozen one while it is."""
    board = _board.first(course=course.pk) or _empty()
    board.course = course
    has_freeze = board.is_frozen(at)
    return Edition(board, is_frozen=has_freeze and board.is_copied and not live, has_freeze=has_freeze)


def _empty():
    """The board of a course without a single standing so far."""
    board = Board()
    board.live_people = board.frozen_people = 0
    return board


def lock(course, *, at):
    """The board's row, locked and there. Where a freeze has fallen due by `at`, it is carried out before anything."""
    return _with_due_freeze(_locked(course), course, at=at)


def lock_and_count(course, *, at):
    """The same, and one change of the board counted: in one statement, since all uploads queue up here.

    A change that was received before the freeze is one of the frozen board too.
    """
    board = _counted_on.first_changed(course=course.pk, received_at=at)
    if board is None:
        _created(course)
        return lock_and_count(course, at=at)
    return _with_due_freeze(board, course, at=at)


def _with_due_freeze(board, course, *, at):
    board.course = course
    if board.is_frozen(at):
        frozen_copy.rest(board)
    return board


def _locked(course):
    board = upload_queries.locked_board.first(course=course.pk) or _created(course)
    board.course = course
    return board


def open_all(courses):
    """Rows for the boards of these courses with homework: one is made with the first standing, staff ask before."""
    for course in courses.filter(max_points__gt=0, board=None):
        _created(course)


def _created(course):
    Board.objects.bulk_create(
        [Board(course=course, range_width=histogram.width_for(course.max_points))], ignore_conflicts=True
    )
    return Board.objects.select_for_update(no_key=True).get(course=course)


def put(board, stored, result):
    """Let a stored or new row of a board stand where the result says, None for nowhere. True when that is a change.

    The histogram follows; the version is the caller's to bump.
    """
    before = stored.cell if stored.pk else None
    if _agrees(stored, result, board):
        return False
    if result:
        stored.take(result, low=histogram.low_of(result.points, board.range_width))
    if before and result:
        _move(board, stored, before)
        return True
    stored.save() if result else stored.delete()
    after = stored.cell if result else None
    histogram.move(board.course_id, before=before, after=after, is_frozen=isinstance(stored, FrozenStanding))
    return True


def _move(board, place, before):
    """Write a place that was in another cell, or in this one, before; and both cells."""
    levels, cells = histogram.levels_between(before, place.cell), _cells_of(board, place)
    names = ("points", "reached_at", "adjustment", "low", "reached_hour")
    values = {name: getattr(place, name) for name in names} | histogram.shift_values(cells, before, place.cell)
    written, _none = upload_queries.moves[type(place), levels].run(id=place.pk, best=place.best_id, **values)
    if not written[0]:
        place.save()
    histogram.create_missing(cells, place.cell, dict(zip(levels, written[1:], strict=True)))


def _cells_of(board, place):
    return {"course": board.course_id, "is_frozen": isinstance(place, FrozenStanding)}


def _agrees(stored, result, board):
    if result is None or stored.pk is None:
        return result is None and stored.pk is None
    low = histogram.low_of(result.points, board.range_width)
    told = (result.points, result.reached_at, result.best_id, result.adjustment)
    return (*stored.basis, stored.low) == (*told, low)


def bump(course_id, *, live=True, frozen=False, at_once=False):
    """Count a change of the page. `at_once`: nobody may be shown rows rendered before it."""
    changes = {name: _next(name) for name, is_due in _versions(live, frozen, at_once) if is_due}
    return Board.objects.filter(course=course_id).update(**changes)


def bump_all(**whose):
    """Count a change of how somebody is named on all boards, live or frozen, on which they stand.

    Each edition is asked by itself: joined to one another, the rows of all students of a course would multiply.
    """
    changes = {name: _next(name) for name in ("version", "frozen_version", "calls_back")}
    live, frozen = (model.objects.filter(**whose).values("course") for model in (Standing, FrozenStanding))
    theirs = Board.objects.filter(Q(course__in=live) | Q(course__in=frozen))
    boards = theirs.order_by("course").select_for_update(no_key=True)
    return Board.objects.filter(course__in=[board.pk for board in boards]).update(**changes)


def _versions(live, frozen, at_once):
    return [("version", live), ("frozen_version", frozen), ("calls_back", at_once)]


def _next(name):
    """One more; after the last number that the column holds, from the beginning."""
    return Case(When(**{f"{name}__gte": Board.MOST}, then=0), default=F(name) + 1, output_field=BigIntegerField())


_board = Compiled(
    lambda: (
        Board.objects.filter(course=Given(Board.course))
        .order_by()
        .annotate(
            live_people=histogram.people_on_board(is_frozen=False),
            frozen_people=histogram.people_on_board(is_frozen=True),
        )
    )
)
_counted_on = CompiledUpdate(
    lambda: Board.objects.filter(course=Given(Board.course)),
    lambda: {
        "version": _next("version"),
        "frozen_version": Case(
            When(freezes_at__gte=Given(Attempt.received_at), then=_next("frozen_version")), default=F("frozen_version")
        ),
    },
)


def freeze(course, *, by, moment=None, at=None):
    """From a moment on (now, without one), students and the public see the board as it will have been then.

    What they will see is copied before the freeze begins, so a freeze from now on begins when its copy is whole.
    """
    if not course.has_homework:
        raise BoardError(_("This course has no homework, and so no board to freeze."))
    board = _plan(course, moment, by=by, at=at)
    copy_ahead(course, at=at)
    return board if moment else _begin_freeze(course, by=by, at=at)


@transaction.atomic
def _plan(course, moment, *, by, at):
    board, at = _freezable(course, at=at)
    if not at <= (moment or at) <= at + LONGEST_WAIT:
        raise BoardError(_("A board is frozen from now or from a moment within the next year on."))
    frozen_copy.begin(board)
    return _decide(board, moment, by=by, at=at) if moment else board


@transaction.atomic
def _begin_freeze(course, *, by, at):
    board, at = _freezable(course, at=at)
    frozen_copy.rest(board)
    return _decide(board, at, by=by, at=at)


def _freezable(course, *, at):
    """The board, locked and not frozen, and the moment.

    What came through the lock before us was received before now: so the clock is read under the lock.
    """
    board = _locked(course)
    at = at or timezone.now()
    if board.is_frozen(at):
        raise BoardError(_("This board is frozen already. Lift the freeze first."))
    return board, at


def copy_ahead(course, *, at=None):
    """Copy a board that is to freeze, each part in a transaction of its own: an upload waits for one at most."""
    key = _copy_part(course, None, at=at)
    while key:
        key = _copy_part(course, key, at=at)


@transaction.atomic
def _copy_part(course, key, *, at):
    """The key to go on behind; None where the copy is whole, or the freeze was lifted meanwhile."""
    board = lock(course, at=at or timezone.now())
    is_wanted = board.keeps_copy or board.freezes_at
    return frozen_copy.part(board, after=key) if is_wanted and not board.is_copied else None


@transaction.atomic
def lift(course, *, by, at=None):
    """Show the live board to everybody again, or plan no freeze any more.

    The live board was kept all the while, so nothing has to be computed.
    """
    board = _locked(course)
    if board.freezes_at is None:
        raise BoardError(_("This board is not frozen."))
    frozen_copy.drop(board)
    return _decide(board, None, by=by, at=at or timezone.now())


def _decide(board, moment, *, by, at):
    board.freezes_at = moment
    board._history_user, board._history_date = by, at
    board.save(update_fields=["freezes_at"])
    bump(board.course_id, frozen=True, at_once=True)
    return board
