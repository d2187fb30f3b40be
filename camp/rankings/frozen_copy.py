"""The frozen edition of a board while it is made, before the freeze begins: in parts, so that no upload waits for long.

From the first part on every change of the live board is written to both editions (`Board.keeps_copy`). So until the
freeze begins they say the same of everybody whom both have, and a part may come at any moment and leave out whom the
copy has. Each part counts the cells of those it copied. All of it under the lock of the board's row.
"""

from django.db.models import Max

from camp.rankings import copying, histogram
from camp.rankings.models import Board, FrozenStanding, Standing
from camp.rankings.models.standing import Place

PART = 1000  # Standings; less than a tenth of a second.
COLUMNS = [field.column for field in Place._meta.local_fields if not field.generated and not field.primary_key]


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
    histogram.empty(board.pk, is_frozen=True)
    _note(board, is_copied=False, keeps_copy=False)


def _note(board, **fields):
    vars(board).update(fields)
    Board.objects.filter(pk=board.pk).update(**fields)


def _copy(board, standings):
    """In three statements, however many they are."""
    last = FrozenStanding.objects.aggregate(last=Max("pk"))["last"] or 0
    copying.insert(FrozenStanding, COLUMNS, standings.values_list(*COLUMNS), conflict="DO NOTHING")
    histogram.add_all(FrozenStanding.objects.filter(course=board.pk, pk__gt=last))
