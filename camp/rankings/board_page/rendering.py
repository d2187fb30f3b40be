"""The rows of boards and the counts of their pictures, made once for all readers who see the same.

What was made from a state of the board is shown while that state lasts, and for a moment longer
(`BOARD_ROWS_SECONDS`), so that a flood of uploads does not have every page rendered for each of them. What must be
seen at once, a withdrawal or a hidden name, changes `calls_back` and with it the key under which anything is kept.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from time import time

from django.conf import settings
from django.core.cache import caches
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language

from camp.camps.templatetags.camp_ui import distribution
from camp.rankings.board_page.distribution import edges_of
from camp.rankings.board_page.frames import framed
from camp.rankings.board_page.release import release

KEPT = 60 * 60  # Seconds.


@dataclass(frozen=True)
class Kept:
    """Something made from the `state` of a board at a moment, in seconds."""

    state: tuple
    made_at: float = field(default_factory=time)

    def is_fresh(self, state):
        """Made from this state, or from another one a moment ago."""
        return self.state == state or self.made_at > time() - settings.BOARD_ROWS_SECONDS


@dataclass(frozen=True)
class Line:
    """One row as HTML, with what tells whose it is and where it stands."""

    pk: int
    rank: int
    place: int
    key: tuple
    html: str


@dataclass(frozen=True)
class Lines(Kept):
    lines: tuple[Line, ...] = ()

    def agrees_with(self, own, *, is_on_page):
        """Whether a reader who has just uploaded finds the own row as it is now."""
        held = next((line.key for line in self.lines if own is not None and line.pk == own.pk), None)
        return held == (own.key if is_on_page else None)


@dataclass(frozen=True)
class Scores(Kept):
    counts: tuple = ()


@dataclass(frozen=True)
class Rendered:
    """What a reader is shown: the HTML of the rows, and the state that they were made from."""

    html: tuple[str, ...]
    state: tuple
    is_current: bool


def rows_for(board):
    held, own = held_lines(board), board.own_standing
    is_on_page = board.own_page == board.page.number
    if held is None or not (held.state == board.state or held.agrees_with(own, is_on_page=is_on_page)):
        held = _render(board)
    html = tuple(_own(board, line) if own is not None and line.pk == own.pk else line.html for line in held.lines)
    return Rendered(html, held.state, held.state == board.state)


def held_lines(board):
    """The page as it was rendered for somebody before; None where it must be rendered."""
    held = caches["boards"].get(_lines_key(board))
    return held if held and held.is_fresh(board.state) else None


def _render(board):
    """Render the page as everybody of this audience reads it, and keep it for the next one."""
    lines = tuple(Line(row.standing.pk, row.rank, row.place, row.standing.key, row_html(row))
                  for row in board.page_rows())  # fmt: skip
    held = Lines(board.state, lines=lines)
    caches["boards"].set(_lines_key(board), held, KEPT)
    return held


def row_html(row):
    return framed("rankings/_row.html", row.marks, row.values)


def _own(board, line):
    """The reader's own row, with the rank that its neighbours were rendered with."""
    row = board.row(line.rank, board.own_standing, own=board.own_standing, place=line.place)
    return row_html(row)


def held_scores(board):
    held = caches["boards"].get(_key(board, "scores"))
    return held if held and held.is_fresh(board.state) else None


def scores_for(board):
    """(points, people) of the board, counted once for a state of it."""
    held = held_scores(board)
    if held is None:
        counts = board.edition.scores(edges=edges_of(board.course.max_points))
        held = Scores(board.state, counts=tuple(counts))
        caches["boards"].set(_key(board, "scores"), held, KEPT)
    return held


def picture_of(board):
    """How the points are spread, as HTML: made once for everybody who stands in the same column in the same state."""
    key = _key(board, "picture", board.scores.state, board.own_bin, get_language())
    html = caches["boards"].get(key)
    if html is None:
        html = get_template("components/distribution.html").render(distribution(board.bins, board.own_bin is not None))
        caches["boards"].set(key, html, KEPT)
    return html


def _lines_key(board):
    reader = (board.audience, get_language(), timezone.get_current_timezone_name())
    return _key(board, "rows", board.page.number, *reader)


def _key(board, *parts):
    edition = board.edition
    what = (edition.board.course_id, edition.is_frozen, edition.board.calls_back, board.until, release(), *parts)
    return f"board:{sha256(repr(what).encode()).hexdigest()}"
