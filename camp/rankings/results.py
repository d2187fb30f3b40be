"""Which exercises have passed: for one student, from their uploads, and for a course, from its board.

Results are stored under the names that runs reported; they are read here under the names of today.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from camp.rankings.boards import edition_for
from camp.rankings.models import Exercise, Standing
from camp.rankings.models.course import names_of
from camp.rankings.standings import attempts_of

MOST_READ = 200  # Uploads of one student whose results are looked at, the latest.
MOST_COUNTED = 20_000  # People of a course whose results are counted, those who came first; it takes a second or two.
KEPT_FOR = 3600  # Seconds; a count is of one version of a board, so it never grows old.


class State(models.TextChoices):
    PASSED = "passed", _("passed")
    LOST = "lost", _("passed before")
    MISSING = "missing", _("not passed yet")
    UNREPORTED = "unreported", _("not in your uploads")


@dataclass(frozen=True)
class Line:
    """An exercise as one student has it; `number` is its place in the course, from 1."""

    number: int
    exercise: Exercise
    state: State

    @property
    def is_passed(self):
        return self.state == State.PASSED

    @property
    def is_lost(self):
        return self.state == State.LOST


@dataclass(frozen=True)
class OwnResults:
    """The exercises of a course with their state for a student; `as_of` is the receipt of the latest upload read."""

    lines: list
    as_of: datetime

    @property
    def missing(self):
        return [line for line in self.lines if not line.is_passed]

    @property
    def passed(self):
        return [line for line in self.lines if line.is_passed]


def own_results(user, exercises, course):
    """What the user's counted uploads say of these exercises; None where none of them says anything."""
    names = names_of(exercises)
    counted = attempts_of(user).counted_in(course).exclude(results=[]).order_by("-received_at", "-id")
    told = counted.values_list("received_at", "results")[:MOST_READ]
    reports = [(at, report) for at, results in told if (report := by_exercise(results, names))]
    if not reports:
        return None
    return OwnResults(_lines(exercises, [report for _at, report in reports]), as_of=reports[0][0])


def _lines(exercises, reports):
    """`reports`: {exercise: passed} of each upload, the latest first."""
    return [Line(number, one, _state(one.name, reports)) for number, one in enumerate(exercises, start=1)]


def _state(name, reports):
    said = [report[name] for report in reports if name in report]
    if reports[0].get(name):
        return State.PASSED
    if any(said):
        return State.LOST
    return State.MISSING if said else State.UNREPORTED


def by_exercise(results, names):
    """{exercise: passed} of stored results under the names of today, without those that the course does not know."""
    found = {}
    for result in results:
        name = names.get(result["exercise"])
        if name:
            found[name] = found.get(name, False) or result["passed"]
    return found


@dataclass(frozen=True)
class Count:
    """How many people have passed an exercise, `of` those of whom results are known; `lost` since the one before it."""

    number: int
    exercise: str
    passed: int
    of: int
    lost: int = 0
    is_steepest: bool = False

    @property
    def share(self):
        return self.passed / self.of if self.of else 0

    @property
    def percent(self):
        return int(self.share * 100)


def counts_of(course):
    """A Count for each exercise in order, from the attempts that stand on the live board.

    One pass over the board, kept for as long as neither the board nor the names change.
    """
    exercises = list(Exercise.objects.filter(course=course))
    names = names_of(exercises)
    digest = hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]
    key = f"exercise-counts:{edition_for(course, live=True).tag}:{digest}"
    people, passed = cache.get_or_set(key, lambda: _counted(course, names), KEPT_FOR)
    return with_losses([(one.name, passed.get(one.name, 0)) for one in exercises], people)


def _counted(course, names):
    """(people with results, {exercise: people who passed it})."""
    people, passed = 0, Counter()
    told = Standing.objects.filter(course=course, best__isnull=False).exclude(best__results=[])
    first = told.order_by("pk").values_list("best__results", flat=True)[:MOST_COUNTED]
    for results in first.iterator(chunk_size=500):
        report = by_exercise(results, names)
        people += bool(report)
        passed.update(name for name, has_passed in report.items() if has_passed)
    return people, dict(passed)


def with_losses(passed, people):
    """The Counts of (exercise, people who passed it) in order, the one marked at which most people are lost."""
    before = [people, *(number for _name, number in passed)]
    losses = [max(0, earlier - number) for earlier, (_name, number) in zip(before, passed, strict=False)]
    steepest = losses.index(max(losses)) if any(losses) else None
    return [
        Count(place + 1, name, number, people, losses[place], is_steepest=place == steepest)
        for place, (name, number) in enumerate(passed)
    ]
