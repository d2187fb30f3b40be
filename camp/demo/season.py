"""How invented students get on: who takes which course, when they push, how far they come."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

PATIENCE = 9  # Uploads of one student in one course, at the most.


@dataclass(frozen=True)
class Push:
    """One upload of a student's CI; `is_above_maximum` where it was refused."""

    course: object
    at: object
    points: Decimal
    is_above_maximum: bool = False


def choice_of_courses(courses, rng):
    """One language or both, as students of such a camp choose: a little more C++ than Rust."""
    first, second = courses
    return rng.choices([[first], [second], [first, second]], weights=[50, 35, 15])[0]


def pushes_of(course, rng, *, begins_at, now):
    """The uploads of one student in one course up to now: rising points, mostly in the evening, a few refused."""
    ability = rng.betavariate(2.2, 1.4)
    reached = min(Decimal(1), Decimal(str(round(ability * 1.45, 3))))
    number = rng.randint(1, PATIENCE)
    times = sorted(_evening(rng, begins_at) for _push in range(number))
    pushes = [_push(course, at, reached * (i + 1) / number) for i, at in enumerate(times) if at <= now]
    if pushes and rng.random() < 0.04:
        wrong = Push(course, pushes[-1].at + timedelta(minutes=3), course.max_points + 1, is_above_maximum=True)
        return pushes + [wrong] if wrong.at <= now else pushes
    return pushes


def _evening(rng, begins_at):
    """A moment within twelve days, usually between 18:00 and 24:00 of the camp's clock."""
    day, seconds = int(rng.triangular(0, 12, 5)), int(rng.triangular(8 * 3600, 24 * 3600 - 1, 21 * 3600))
    return begins_at + timedelta(days=day, seconds=seconds)


def _push(course, at, share):
    return Push(course, at, (course.max_points * share).to_integral_value(rounding="ROUND_DOWN"))
