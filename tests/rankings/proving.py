"""Reports of graders, and what refuses them: what the tests of proven scores share."""

import pytest

from camp.rankings.models import Attempt
from camp.rankings.services import UploadError
from camp.rankings.uploads import proven
from tests.factories import NOW, make_report

ACTOR = "5001"


def passing(course, number):
    names = [exercise.name for exercise in course.exercises.all()]
    return make_report(course, passed=names[:number], failed=names[number:])


def refusal_of(report, claims, *, at=NOW):
    """(status, code) of the refusal, and that it was kept with its claims and without touching anything else."""
    with pytest.raises(UploadError) as caught:
        proven.receive(report, claims, at=at)

    kept = Attempt.objects.refused().latest("id")
    assert (kept.reason, kept.claims, kept.source) == (caught.value.code, claims.raw, "proven")
    return caught.value.status, caught.value.code
