"""Which exercises a student has passed, and how many people of a course have passed each."""

import json
from datetime import timedelta

import pytest

from camp.rankings import corrections, results, services
from camp.rankings.models import Attempt
from camp.rankings.models.course import names_of
from camp.rankings.results import MOST_READ, Count, State, counts_of, own_results, with_losses
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_exercises,
    make_identity,
    make_stage,
    make_standing,
    make_superuser,
    make_token,
    make_upload,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PASSED, LOST, MISSING, UNREPORTED = State


@pytest.fixture
def course():
    course = make_course(make_stage(make_camp()), max_points=4)
    make_exercises(course, 4)
    return course


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="octo")
    return enrollment


def told(*passed, failed=()):
    """Stored results; exercises go by their last digit."""
    outcomes = [(number, True) for number in passed] + [(number, False) for number in failed]
    return [{"exercise": f"exercise{number:02}", "passed": outcome} for number, outcome in outcomes]


def states(user, course):
    own = own_results(user, list(course.exercises.all()), course)
    return own and [line.state for line in own.lines]


def rename(course, name, new):
    exercise = course.exercises.get(name=name)
    exercise.rename(new)
    exercise.save()


# Where results come from.


def test_an_upload_with_the_result_file_has_results_and_its_own_score(course, enrollment):
    ext = json.dumps({"exercises": [{"name": "exercise00", "result": True}, {"name": "exercise01", "result": False}]})

    attempt = services.receive(make_upload(course, login="octo", points=3, ext=ext), token=make_token(course), at=NOW)

    assert (attempt.points, attempt.ext) == (3, ext)
    assert Attempt.objects.get().results == told(0, failed=[1])


def test_an_upload_with_anything_else_in_ext_is_accepted_without_results(course, enrollment):
    ext = '{"exercises": [{"name": "\\ud800\\u0000", "result": true}]}'

    services.receive(make_upload(course, login="octo", ext=ext, points=3), token=make_token(course), at=NOW)

    assert (Attempt.objects.get().outcome, Attempt.objects.get().results) == ("accepted", [])


def test_a_refused_upload_has_no_results(course):
    ext = json.dumps({"exercises": [{"name": "exercise00", "result": True}]})

    with pytest.raises(services.UploadError):
        services.receive(make_upload(course, points=5, ext=ext), token=make_token(course), at=NOW)

    assert Attempt.objects.get().results == []


# A student's own.


def test_nothing_is_known_without_results(course, enrollment):
    make_attempt(course, login="octo")

    assert states(enrollment.student, course) is None


def test_the_latest_upload_says_what_is_passed_and_earlier_ones_what_was(course, enrollment):
    make_attempt(course, login="octo", at=NOW - 2 * HOUR, results=told(0, 1, failed=[2]))
    make_attempt(course, login="octo", at=NOW - HOUR, results=told(0, failed=[1]))
    make_attempt(course, login="octo", at=NOW)

    own = own_results(enrollment.student, list(course.exercises.all()), course)

    assert [line.state for line in own.lines] == [PASSED, LOST, MISSING, UNREPORTED]
    assert own.as_of == NOW - HOUR
    assert [line.number for line in own.missing] == [2, 3, 4]


def test_refused_and_disqualified_uploads_and_those_of_others_say_nothing(course, enrollment):
    make_attempt(course, login="octo", results=told(0), outcome="refused", reason="above_maximum")
    make_attempt(course, login="other", results=told(0))
    disqualified = make_attempt(course, login="octo", results=told(0, 1))
    corrections.disqualify(disqualified, by=make_superuser(), reason="Copied.", at=NOW)

    assert states(enrollment.student, course) is None


def test_results_under_a_former_name_count_for_the_exercise(course, enrollment):
    make_attempt(course, login="octo", results=told(0, failed=[1]))
    rename(course, "exercise00", "hello")
    rename(course, "hello", "hello world")

    assert states(enrollment.student, course)[:2] == [PASSED, MISSING]


def test_results_that_name_no_exercise_of_the_course_say_nothing(course, enrollment):
    make_attempt(course, login="octo", at=NOW - HOUR, results=told(0))
    make_attempt(course, login="octo", at=NOW, results=told(77))

    assert states(enrollment.student, course)[0] == PASSED


def test_only_the_latest_uploads_are_read(course, enrollment):
    make_attempt(course, login="octo", at=NOW - HOUR, results=told(0, 1))
    latest = make_attempt(course, login="octo", at=NOW, results=told(1))
    Attempt.objects.bulk_create(
        Attempt(course=course, channel="github", login="octo", login_key="octo", points=1, outcome="accepted",
                received_at=NOW, results=latest.results) for _number in range(MOST_READ)
    )  # fmt: skip

    assert states(enrollment.student, course)[:2] == [UNREPORTED, PASSED]


# Names.


def test_renaming_keeps_the_old_names_and_back_again_gives_one_up(course):
    exercise = course.exercises.first()

    exercise.rename("hello")
    exercise.rename("world")
    assert exercise.former_names == ["exercise00", "hello"]

    exercise.rename("exercise00")
    assert (exercise.name, exercise.former_names) == ("exercise00", ["hello", "world"])


def test_a_name_of_today_goes_before_the_former_name_of_another(course):
    first, second, *_others = course.exercises.all()
    first.former_names = [second.name]

    assert names_of([first, second]) == {"exercise00": "exercise00", "exercise01": "exercise01"}


# The whole course.


def add(course, results, points=1):
    return make_standing(course, make_enrollment(course.camp), points=points, results=results)


def test_counts_are_of_the_people_whose_best_attempt_has_results(course):
    add(course, told(0, 1, failed=[2, 3]))
    add(course, told(0, failed=[1]))
    add(course, [])

    assert [(count.exercise, count.passed, count.of, count.lost) for count in counts_of(course)] == [
        ("exercise00", 2, 2, 0),
        ("exercise01", 1, 2, 1),
        ("exercise02", 0, 2, 1),
        ("exercise03", 0, 2, 0),
    ]


def test_counts_follow_the_board_and_the_names(course):
    add(course, told(0))
    assert counts_of(course)[0].passed == 1

    add(course, told(0))
    assert counts_of(course)[0].passed == 2

    rename(course, "exercise00", "hello")
    assert (counts_of(course)[0].exercise, counts_of(course)[0].passed) == ("hello", 2)


def test_counts_of_an_unchanged_board_cost_two_queries(course, django_assert_num_queries):
    add(course, told(0))
    counts_of(course)

    with django_assert_num_queries(2):
        counts_of(course)


def test_however_large_a_board_is_only_so_many_people_are_counted(course, monkeypatch):
    monkeypatch.setattr(results, "MOST_COUNTED", 2)
    for _one in range(3):
        add(course, told(0))

    assert (counts_of(course)[0].passed, counts_of(course)[0].of) == (2, 2)


def test_a_course_without_exercises_has_no_counts(course):
    course.exercises.all().delete()

    assert counts_of(course) == []


def test_the_steepest_loss_is_marked_once():
    counts = with_losses([("a", 9), ("b", 5), ("c", 7), ("d", 3)], 10)

    assert [count.lost for count in counts] == [1, 4, 0, 4]
    assert [count.exercise for count in counts if count.is_steepest] == ["b"]


def test_where_nobody_is_lost_nothing_is_marked():
    assert with_losses([("a", 3), ("b", 3)], 3) == [Count(1, "a", 3, 3), Count(2, "b", 3, 3)]


def test_a_share_is_cut_off_so_that_only_all_are_a_hundred_percent():
    assert [Count(1, "a", passed, 1000).percent for passed in (0, 5, 999, 1000)] == [0, 0, 99, 100]
