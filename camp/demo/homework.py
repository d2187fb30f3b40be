"""Which exercises an invented student's run passed: about in the order of the course, a few of them hard for all."""

import json
import zlib
from random import Random

from camp.rankings.models import ReviewedCommit, TrustedGrader

# Invented, like the people: nothing can prove a score to the demo, but its pages show how one is proven.
WORKFLOW = "InfiniTensor/camp-grader/.github/workflows/grade.yml@refs/heads/main"
REVIEWED = "5e1f" * 10

HARD = 7  # Every so many exercises one is hard: people leave it for later.
LEFT_FOR_LATER, WANDERING = 9, 3  # Places by which a hard exercise and chance move an exercise back.


def trust_a_grader(course, *, now):
    grader = TrustedGrader.objects.create(course=course, workflow=WORKFLOW)
    ReviewedCommit.objects.create(grader=grader, commit=REVIEWED, valid_from=min(now, course.camp.starts_at))


def results_of(names, *, passed, who):
    """`passed` of the exercises, always the same ones for the same student, so that a later run passes more of them."""
    order = _order_of(names, who)
    done = set(order[:passed])
    return [{"exercise": name, "passed": name in done} for name in names]


def _order_of(names, who):
    """The exercises in the order in which the student solves them."""
    rng = Random(zlib.crc32(who.encode()))  # noqa: S311 - invented people
    late = [place + rng.uniform(0, WANDERING) + _hardness(place) for place in range(len(names))]
    return [name for _late, name in sorted(zip(late, names, strict=True))]


def _hardness(place):
    return LEFT_FOR_LATER if place % HARD == HARD - 1 else 0


def result_file(results):
    """The file that a grading run leaves, as some workflows send it in `ext`."""
    passed = sum(result["passed"] for result in results)
    statistics = {
        "total_exercations": len(results), "total_succeeds": passed, "total_failures": len(results) - passed,
        "total_time": 3,
    }  # fmt: skip
    exercises = [{"name": result["exercise"], "result": result["passed"]} for result in results]
    return json.dumps({"exercises": exercises, "user_name": None, "statistics": statistics}, separators=(",", ":"))
