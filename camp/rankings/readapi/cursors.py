"""Cursors: where a page ended, in a text that nobody but us can write. Pure but for the site's secret key.

A cursor holds the key of a row, not the row: it still works when the row has moved or is gone.
"""

from datetime import datetime
from decimal import Decimal

from django.core import signing

LONGEST = 300  # Characters. Ours are about half as long.


class CursorError(ValueError):
    """A text that is no cursor of ours, or one of another list."""


def _moment(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _points(text):
    points = Decimal(text)
    if not points.is_finite():
        raise ValueError("no number")
    return points


class Keys:
    """Reads and writes the keys of one kind of list. `readers`: one for each part of a key."""

    def __init__(self, kind, *readers):
        self.kind, self.readers = kind, readers

    def write(self, key, *, course):
        return self._signer(course).sign_object([_text(part) for part in key])

    def read(self, text, *, course):
        """The key in a cursor of this course's list. Raises CursorError."""
        if len(text) > LONGEST:
            raise CursorError("too long")
        try:
            parts = self._signer(course).unsign_object(text)
            return tuple(reader(part) for reader, part in zip(self.readers, parts, strict=True))
        except (signing.BadSignature, ValueError, TypeError, ArithmeticError) as error:
            raise CursorError(str(error)) from None

    def _signer(self, course):
        return signing.Signer(salt=f"camp.rankings.readapi:{self.kind}:{course.pk}", sep=".")


def _text(part):
    return part.isoformat() if isinstance(part, datetime) else str(part)


BOARD = Keys("board", _points, _moment, int)
ATTEMPTS = Keys("attempts", _moment, int)
