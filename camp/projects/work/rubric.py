"""What a rubric makes of points. Pure: a criterion is anything with a `key`, `name`, `weight` and `max_points`.

The grade that it suggests is a help for the mentor, who proposes what they find right.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

EXCELLENT_FROM = Decimal(85)  # Per cent of the rubric.
PASS_FROM = Decimal(60)
TENTH = Decimal("0.1")


class RubricError(ValueError):
    """Points that the rubric does not know. `key` names the criterion."""

    def __init__(self, key, message):
        super().__init__(f"{key}: {message}")
        self.key = key


@dataclass(frozen=True)
class Row:
    """One line of the rubric with the points that were given; None where none were."""

    name: str
    description: str
    weight: int
    points: int | None
    max_points: int


def checked(criteria, points):
    """The points of every criterion, in the rubric's order. Each is a whole number from 0 to its most."""
    known = {criterion.key for criterion in criteria}
    for key in points:
        if key not in known:
            raise RubricError(key, "no criterion has this key")
    return {criterion.key: _points_of(criterion, points) for criterion in criteria}


def _points_of(criterion, points):
    value = points.get(criterion.key)
    if value is None:
        raise RubricError(criterion.key, "no points are given")
    if type(value) is not int or not 0 <= value <= criterion.max_points:
        raise RubricError(criterion.key, f"not a whole number from 0 to {criterion.max_points}")
    return value


def percentage(criteria, points):
    """The weighted share of the points in per cent, to a tenth, halves up. None without criteria or without points."""
    if not criteria or any(criterion.key not in points for criterion in criteria):
        return None
    reached = sum(Fraction(one.weight * points[one.key], one.max_points) for one in criteria)
    share = 100 * reached / sum(one.weight for one in criteria)
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(TENTH, ROUND_HALF_UP)


def suggested(share):
    """The grade that a percentage, as it is shown, suggests; empty where there is none."""
    if share is None:
        return ""
    if share >= EXCELLENT_FROM:
        return "excellent"
    return "pass" if share >= PASS_FROM else "fail"


def rows(criteria, points):
    return [Row(one.name, one.description, one.weight, points.get(one.key), one.max_points) for one in criteria]
