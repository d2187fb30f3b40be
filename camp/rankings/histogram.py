"""Ranks from counts that are kept, not counted: ranges of points, and in each the exact scores by the hour.

A rank is the people of all higher ranges, of the higher or earlier cells of the own range, and those who reached the
same points earlier within the same hour. What is read grows with the scores and hours of a board, until each has its
cell, and then no longer with its people. The cells are written in the transaction that writes the standing
(camp/rankings/boards).
"""

from datetime import timedelta
from math import ceil

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from camp.compiled import CompiledUpdate, Given
from camp.rankings import copying
from camp.rankings.models import FrozenStanding, ScoreCount, ScoreRange

MOST_RANGES = 256
HOUR = timedelta(hours=1)
LEVELS = {  # What names a cell, and where a standing says it.
    ScoreRange: {"course_id": "course_id", "low": "low"},
    ScoreCount: {"course_id": "course_id", "low": "low", "points": "points", "hour": "reached_hour"},
}


def width_for(maximum):
    """The width of a range, in points, for a course with this maximum."""
    return max(1, ceil(maximum / MOST_RANGES))


def low_of(points, width):
    """The least score of the range that the points fall into."""
    return points // width * width


def move(course_id, *, before, after, is_frozen):
    """Count one standing where it is now and no longer where it was; None stands for off the board.

    No upload is refused for a cell that is wrong: rebuilding finds it.
    """
    if before == after:
        return
    board = {"course": course_id, "is_frozen": is_frozen}
    if before and after:
        _shift(board, before, after)
    elif after:
        _add(board, after)
    else:
        _remove(board, before)


def cell_fields(cell):
    low, points, hour = cell
    return {"low": low, "points": points, "hour": hour}


def _levels(cell):
    """What names the cell on each level."""
    return [(ScoreRange, {"low": cell[0]}), (ScoreCount, cell_fields(cell))]


def _shift(board, before, after):
    """One less there, one more here, in a statement for each level that differs."""
    values = shift_values(board, before, after)
    create_missing(board, after, {model: SHIFTS[model].run(**values) for model in levels_between(before, after)})


def shift_values(board, before, after):
    return board | _prefixed("from", before) | _prefixed("to", after)


def levels_between(before, after):
    """The levels on which two cells differ."""
    if before == after:
        return ()
    return (ScoreCount,) if before[0] == after[0] else (ScoreRange, ScoreCount)


def create_missing(board, cell, changed):
    """Make the cells that a shift came to and that were not there. `changed`: the rows it changed on each level."""
    for model, fields in _levels(cell):
        if changed.get(model, 2) < 2 and not model.objects.filter(**board, **fields).exists():
            _create(model, board, fields)


def _prefixed(word, cell):
    return {f"{word}_{name}": value for name, value in cell_fields(cell).items()}


def _add(board, cell):
    for model, fields in _levels(cell):
        if not model.objects.filter(**board, **fields).update(people=F("people") + 1):
            _create(model, board, fields)


def _create(model, board, fields):
    model.objects.create(course_id=board["course"], is_frozen=board["is_frozen"], people=1, **fields)


def _remove(board, cell):
    for model, fields in _levels(cell):
        model.objects.filter(**board, **fields, people__gt=0).update(people=F("people") - 1)


def _shift_of(model, *names):
    """The update of both cells of a level at once. See camp.compiled."""

    def cell(word):
        return Q(**{name: Given(getattr(model, name), f"{word}_{name}") for name in names})

    def build():
        board = {"course": Given(model.course), "is_frozen": Given(model.is_frozen)}
        return model.objects.filter(cell("to") | (cell("from") & Q(people__gt=0)), **board)

    return CompiledUpdate(
        build, lambda: {"people": Case(When(cell("to"), then=F("people") + 1), default=F("people") - 1)}
    )


SHIFTS = {ScoreRange: _shift_of(ScoreRange, "low"), ScoreCount: _shift_of(ScoreCount, "low", "points", "hour")}


def add_all(places):
    """Count these places, in addition to those that are counted: one statement for each level."""
    for model, names in LEVELS.items():
        total = f'"people" = "{model._meta.db_table}"."people" + excluded."people"'
        rows = counted(places, model).annotate(is_frozen=Value(places.model is FrozenStanding))
        conflict = f'({copying.listed(names)}, "is_frozen") DO UPDATE SET {total}'
        copying.insert(model, [*names, "people", "is_frozen"], rows, conflict=conflict)


def counted(places, model):
    """(what names a cell of the level, the people in it) of these places."""
    return places.order_by().values_list(*LEVELS[model].values()).annotate(people=Count("pk"))


def empty(course_id, *, is_frozen):
    for model in LEVELS:
        model.objects.filter(course=course_id, is_frozen=is_frozen).delete()


def with_rank(places):
    """Annotate `rank`, the competition rank on (points, reached_at), to standings or frozen standings."""
    board = {"course": OuterRef("course"), "is_frozen": places.model is FrozenStanding}
    ranges = ScoreRange.objects.filter(**board, low__gt=OuterRef("low"))
    ahead = Q(points__gt=OuterRef("points")) | Q(points=OuterRef("points"), hour__lt=OuterRef("reached_hour"))
    cells = ScoreCount.objects.filter(ahead, **board, low=OuterRef("low"))
    same_hour = places.model.objects.filter(
        course=OuterRef("course"), below_zero=OuterRef("below_zero"),
        reached_at__gte=OuterRef("reached_hour"), reached_at__lt=OuterRef("reached_at"),
    )  # fmt: skip
    return places.annotate(rank=1 + _people(ranges) + _people(cells) + _number(same_hour))


def with_place(places):
    """Annotate `rank` and `place`, the 1-based place in the order of the board, in which the id decides last."""
    return with_ties(places).annotate(place=F("rank") + F("ties"))


def with_ties(places):
    """Annotate `rank` and `ties`, those of the same points and moment whom the id puts before."""
    exactly_tied = places.model.objects.filter(
        course=OuterRef("course"), below_zero=OuterRef("below_zero"), reached_at=OuterRef("reached_at"),
        pk__lt=OuterRef("pk"),
    )  # fmt: skip
    return with_rank(places).annotate(ties=_number(exactly_tied))


def _people(cells):
    """The people in the cells of one board."""
    return Coalesce(Subquery(cells.order_by().values("course").annotate(n=Sum("people")).values("n")), 0)


def _number(rows):
    return Coalesce(Subquery(rows.order_by().values("course").annotate(n=Count("pk")).values("n")), 0)


def people_on_board(*, is_frozen):
    """How many stand on a board, to annotate it with."""
    return _people(ScoreRange.objects.filter(course=OuterRef("course"), is_frozen=is_frozen))


def scores_on(course_id, *, is_frozen, width, edges):
    """(points, people) of a board, as exact as it takes to part them at these edges: whole ranges by their least score.

    `width`: that of the board's ranges. Only a range with an edge inside is looked at score by score.
    """
    board = {"course": course_id, "is_frozen": is_frozen, "people__gt": 0}
    parted = {low_of(edge, width) for edge in edges if edge % width}
    whole = ScoreRange.objects.filter(**board).exclude(low__in=parted).values_list("low", "people")
    exact = ScoreCount.objects.filter(**board, low__in=parted).order_by().values_list("points")
    return [*whole, *exact.annotate(n=Sum("people"))]


def key_at(places, course_id, place):
    """The key (points, reached_at, id) of who has a 1-based place in the order of the board; None beyond its end.

    Found by walking the ranges, then the scores of one, then the hours of one, then the keys of one hour.
    """
    board = {"course": course_id, "is_frozen": places.model is FrozenStanding, "people__gt": 0}
    ranges = ScoreRange.objects.filter(**board).order_by("-low").values_list("low", "people")
    low, before = _walk(ranges, place - 1)
    cells = ScoreCount.objects.filter(**board, low=low)
    scores = cells.order_by("-points").values_list("points").annotate(n=Sum("people"))
    points, before = _walk(scores, before)
    hour, before = _walk(cells.filter(points=points).order_by("hour").values_list("hour", "people"), before)
    if hour is None:
        return None
    keys = places.filter(course=course_id, below_zero=-points, reached_at__gte=hour, reached_at__lt=hour + HOUR)
    ordered = keys.order_by("below_zero", "reached_at", "id").values_list("points", "reached_at", "pk")
    found = list(ordered[: before + 1])
    return found[before] if len(found) > before else None


def _walk(cells, before):
    """The name of the first cell that has more people than are still before the place, and how many are in it."""
    for name, people in cells:
        if before < people:
            return name, before
        before -= people
    return None, before
