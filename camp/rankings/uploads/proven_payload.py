"""Reading the body of a proven score (contracts/proven-scores.md). Pure: bytes in, values out.

The body says only which exercises passed; how many points that is, the server reckons.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal

from camp.rankings.uploads.payload import PLACES, PayloadError, course_id_in, document_in, storable

COMMIT = re.compile(r"[0-9a-fA-F]{40}")
LONGEST_NAME = 120  # Characters, as many as the name of an exercise holds.


class ResultsError(Exception):
    """Results that do not fit the exercises of the course, in a sentence for the CI log."""


@dataclass(frozen=True)
class Result:
    exercise: str
    passed: bool


@dataclass(frozen=True)
class Report:
    """What a run reports: the course, the commit as it states it, and the exercises with their outcome."""

    course_id: int
    commit: str
    results: tuple

    @property
    def fingerprint(self):
        """SHA-256 of what was said, whatever its spacing, the order of its keys and results, or keys beside it."""
        results = sorted((result.exercise, result.passed) for result in self.results)
        text = json.dumps([self.course_id, self.commit, results], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Score:
    points: Decimal
    passed: int
    exercises: int


def read(body):
    """The report in `body` (bytes). Raises PayloadError for everything else. A stated score is not even read."""
    document = document_in(body)
    number = course_id_in(document.get("course"), field="course")
    try:
        return Report(number, _commit(document.get("commit")), _results(document.get("results")))
    except PayloadError as error:
        raise PayloadError(str(error), seen={"course_id": number}) from None


def _commit(value):
    if not isinstance(value, str) or not COMMIT.fullmatch(value):
        raise PayloadError("commit must be the full 40 hexadecimal digits.")
    return value.lower()


def _results(value):
    if not isinstance(value, list):
        raise PayloadError("results must be a list.")
    return tuple(_result(item) for item in value)


def _result(item):
    if not isinstance(item, dict):
        raise PayloadError('Each of the results must be an object such as {"exercise": "…", "passed": true}.')
    name, passed = item.get("exercise"), item.get("passed")
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise PayloadError("exercise must be the name of an exercise, in quotes.")
    if not isinstance(passed, bool):
        raise PayloadError("passed must be true or false, without quotes.")
    return Result(name, passed)


def score(report, *, names, maximum):
    """The points of a report in a course with these exercises: its share of them passed, of the maximum.

    `names` leads from each name and former name to the name of today. Three decimals, cut off, so that only all of
    them give all points. An exercise that is not named has not passed.
    """
    exercises = set(names.values())
    _check_names([result.exercise for result in report.results], names)
    if not exercises:
        raise ResultsError("The course has no exercises yet. Ask its teachers to name them.")
    passed = sum(result.passed for result in report.results)
    points = (Decimal(passed) * maximum / len(exercises)).quantize(PLACES, rounding="ROUND_DOWN")
    return Score(points, passed, len(exercises))


def _check_names(named, names):
    """Every name is known, and no exercise stands twice, be it once under a former name."""
    seen = {}
    for name in named:
        if name not in names:
            raise ResultsError(f"The course has no exercise {_quoted(name)}. Take the names from the course page.")
        exercise = names[name]
        if exercise in seen:
            raise ResultsError(_repeated(seen[exercise], name, exercise))
        seen[exercise] = name


def _repeated(first, second, exercise):
    if first == second:
        return f"The exercise {_quoted(first)} stands twice in the results. Report each once."
    return f"{_quoted(first)} and {_quoted(second)} are one exercise, renamed. Report it once, as {_quoted(exercise)}."


def _quoted(name):
    return json.dumps(storable(name), ensure_ascii=False)
