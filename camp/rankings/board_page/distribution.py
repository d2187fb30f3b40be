"""How the points of a board are spread: a few ranges, each with the number of people in it."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

MOST_BINS = 12


@dataclass(frozen=True)
class Bin:
    """A range of points; `is_own` where the reader stands."""

    label: str
    count: int
    is_own: bool


def spread(counts, *, maximum, own=None):
    """Ranges of equal whole width from 0 on; full marks stand alone.

    `counts`: (points, people) pairs. `own`: the number of the range that the reader stands in.
    """
    maximum = Decimal(maximum)
    width, full = _shape(maximum)
    people = [0] * (full + 1)
    for points, number in counts:
        people[_bin(points, width, maximum, full)] += number
    return [Bin(_label(i, width, maximum, full), number, i == own) for i, number in enumerate(people)]


def bin_of(points, *, maximum):
    """The number of the range that the points fall into, from 0 on."""
    maximum = Decimal(maximum)
    width, full = _shape(maximum)
    return _bin(points, width, maximum, full)


def edges_of(maximum):
    """The least score of each range but the first."""
    width, full = _shape(Decimal(maximum))
    return [*(width * index for index in range(1, full)), Decimal(maximum)]


def _shape(maximum):
    """The width of a range, and the number of the one of full marks."""
    width = max(1, ceil(maximum / (MOST_BINS - 1)))
    return width, ceil(maximum / width)


def _bin(points, width, maximum, full):
    return full if points >= maximum else int(points // width)


def _label(index, width, maximum, full):
    if index == full:
        return f"{maximum.normalize():f}"
    low, high = index * width, min((index + 1) * width, ceil(maximum)) - 1
    return f"{low}" if low == high else f"{low}–{high}"
