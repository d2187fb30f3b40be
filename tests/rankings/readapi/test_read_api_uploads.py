"""What the read API tells students of their uploads, and everybody of exercises."""

from datetime import timedelta

import pytest

from camp.rankings.models import Correction
from tests.factories import (
    NOW,
    make_attempt,
    make_course,
    make_exercises,
    make_identity,
    make_running_camp,
    make_stage,
    make_student,
    make_user,
)
from tests.rankings.reading import get

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.fixture
def octo():
    student = make_student()
    make_identity(student, login="octo")
    return student


def test_attempts_are_the_own_ones_with_the_reason(client, course, octo):
    make_attempt(course, login="somebody-else")
    accepted = make_attempt(course, login="octo", points=5, at=NOW)
    refusal = {"outcome": "refused", "reason": "above_maximum", "detail": "score is error"}
    refused = make_attempt(course, login="octo", points=31, at=NOW + HOUR, **refusal)
    client.force_login(octo)

    answer = get(client, "attempts", course).json()

    common = {
        "course": 1,
        "channel": "github",
        "login": "octo",
        "source": "claimed",
        "commit": None,
        "correction": None,
    }
    assert answer == {"next": None, "attempts": [
        common | {
            "id": refused.pk, "received_at": "2024-07-24T13:00:00Z", "points": 31, "outcome": "refused",
            "reason": "above_maximum", "message": "The score is above the course's maximum.",
            "answer": "score is error", "counts": False,
        },
        common | {
            "id": accepted.pk, "received_at": "2024-07-24T12:00:00Z", "points": 5, "outcome": "accepted",
            "reason": None, "message": None, "answer": None, "counts": True,
        },
    ]}  # fmt: skip


def test_attempts_that_named_no_course_are_in_every_list(client, course, octo):
    make_attempt(None, login="octo", points=None, outcome="refused", reason="unknown_course")
    client.force_login(octo)

    attempts = get(client, "attempts", course).json()["attempts"]

    assert [(one["course"], one["points"], one["counts"]) for one in attempts] == [(None, None, False)]


def test_corrections_in_force_are_told_in_both_courses(client, course, octo):
    other = make_course(course.stage, number=2)
    attempt = make_attempt(course, login="octo")
    by = {"made_by": make_user(), "made_at": NOW}
    Correction.objects.create(kind="moved", attempt=attempt, course=course, to_course=other, reason="Wrong id.", **by)
    client.force_login(octo)

    told = [get(client, "attempts", where).json()["attempts"][0] for where in (course, other)]

    moved = {"kind": "moved", "reason": "Wrong id.", "made_at": "2024-07-24T12:00:00Z", "moved_to": 2}
    assert [(one["course"], one["counts"], one["correction"]) for one in told] == [(1, False, moved), (1, True, moved)]


def test_a_correction_taken_back_is_not_told(client, course, octo):
    line = {"kind": "disqualified", "course": course, "reason": "Copied.", "made_by": make_user(), "reverted_at": NOW}
    Correction.objects.create(attempt=make_attempt(course, login="octo"), **line)
    client.force_login(octo)

    attempts = get(client, "attempts", course).json()["attempts"]

    assert [(one["counts"], one["correction"]) for one in attempts] == [(True, None)]


def test_exercises_have_no_state_for_a_stranger(client, course):
    exercise, _other = make_exercises(course, 2)
    exercise.former_names = ["ex00"]
    exercise.save()

    assert get(client, "exercises", course).json() == {
        "exercises": [
            {"name": "exercise00", "former_names": ["ex00"], "state": None},
            {"name": "exercise01", "former_names": [], "state": None},
        ],
        "as_of": None,
    }


def test_exercises_have_the_readers_own_state(client, course, octo):
    make_exercises(course, 3)
    results = [{"exercise": "exercise00", "passed": True}, {"exercise": "exercise01", "passed": False}]
    make_attempt(course, login="octo", results=results)
    client.force_login(octo)

    answer = get(client, "exercises", course).json()

    assert [one["state"] for one in answer["exercises"]] == ["passed", "missing", "unreported"]
    assert answer["as_of"] == "2024-07-24T12:00:00Z"
