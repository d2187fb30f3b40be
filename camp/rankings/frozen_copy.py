"""The frozen edition of a board while it is made, before the freeze begins: in parts, so that no upload waits for long.

From the first part on every change of the live board is written to both editions (`Board.keeps_copy`). So until the
freeze begins they say the same of everybody whom both have, and a part may come at any moment and leave out whom the
copy has. Each part counts the cells of those it copied. All of it under the lock of the board's row.
"""

from django.db import connection
from django.db.models import Count, Max, Value

from camp.rankings.models import Board, FrozenStanding, ScoreCount, ScoreRange, Standing
from camp.rankings.models.standing import Place

PART = 2000  # Standings; less than a tenth of a second.
COLUMNS = [field.column for field in Place._meta.local_fields if not field.generated and not field.primary_key]
LEVELS = {  # What names a cell, by the columns of the level and of the standings.
    ScoreRange: {"course_id": "course_id", "low": "low"},
    ScoreCount: {"course_id": "course_id", "low": "low", "points": "points", "hour": "reached_hour"},
}


def begin(board):
    """From now on the frozen edition is kept beside the live one."""
    if not board.keeps_copy:
        drop(board)
        _note(board, keeps_copy=True)


def part(board, *, after=None):
    """Copy the part behind a key of the live board. Returns the key to go on behind; None where the copy is whole."""
    begin(board)
    ahead = Standing.objects.on_board(board.pk)
    ahead = ahead.after(after) if after else ahead
    end = ahead.values_list("points", "reached_at", "pk")[PART - 1 : PART].first()
    _copy(board, ahead[:PART])
    if end is None:
        _note(board, is_copied=True)
    return end


def rest(board):
    """Copy at once whom the copy has not yet."""
    if not board.is_copied:
        begin(board)
        _copy(board, Standing.objects.on_board(board.pk))
        _note(board, is_copied=True)


def drop(board):
    FrozenStanding.objects.filter(course=board.pk).delete()
    for level in LEVELS:
        level.objects.filter(course=board.pk, is_frozen=True).delete()
    _note(board, is_copied=False, keeps_copy=False)


def _note(board, **fields):
    vars(board).update(fields)
    Board.objects.filter(pk=board.pk).update(**fields)


def _copy(board, standings):
    """In three statements, however many they are: a million rows must not travel through Python."""
    last = FrozenStanding.objects.aggregate(last=Max("pk"))["last"] or 0
    _insert(FrozenStanding, COLUMNS, standings.values_list(*COLUMNS), "DO NOTHING")
    copied = FrozenStanding.objects.filter(course=board.pk, pk__gt=last).order_by()
    for level, names in LEVELS.items():
        cells = copied.values_list(*names.values()).annotate(is_frozen=Value(value=True), people=Count("pk"))
        add = f'"people" = "{level._meta.db_table}"."people" + excluded."people"'
        _insert(level, [*names, "is_frozen", "people"], cells, f'({_listed(names)}, "is_frozen") DO UPDATE SET {add}')


def _insert(model, columns, rows, on_conflict):
    """All names in the statement are ours."""
    select, params = rows.query.sql_with_params()
    into = f'INSERT INTO "{model._meta.db_table}" ({_listed(columns)})'
    with connection.cursor() as cursor:
        cursor.execute(f"{into} {select} ON CONFLICT {on_conflict}", params)


def _listed(columns):
    return ", ".join(f'"{column}"' for column in columns)
