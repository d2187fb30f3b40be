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
    """Ranges of equal whole width from 0 on; full marks stand alone. `counts`: (points, people) pairs."""
    maximum = Decimal(maximum)
    width = max(1, ceil(maximum / (MOST_BINS - 1)))
    full = ceil(maximum / width)
    people = [0] * (full + 1)
    for points, number in counts:
        people[_bin(points, width, maximum, full)] += number
    here = None if own is None else _bin(own, width, maximum, full)
    return [Bin(_label(i, width, maximum, full), number, i == here) for i, number in enumerate(people)]


def _bin(points, width, maximum, full):
    return full if points >= maximum else int(points // width)


def _label(index, width, maximum, full):
    if index == full:
        return f"{maximum.normalize():f}"
    low, high = index * width, min((index + 1) * width, ceil(maximum)) - 1
    return f"{low}" if low == high else f"{low}–{high}"
