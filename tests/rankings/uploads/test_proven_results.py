"""Steps 7 to 9 of the contract for proven scores: points by the server, each run once, the deadline by our clock."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from camp.rankings import standings
from camp.rankings.models import Attempt, ReviewedCommit, Standing, TrustedGrader
from camp.rankings.uploads import proven
from camp.rankings.uploads.proven_payload import Report, Result, read
from camp.stages.models import Course
from tests.factories import (
    COMMIT,
    NOW,
    REVIEWED,
    make_attempt,
    make_claims,
    make_course,
    make_exercises,
    make_grader,
    make_report,
    make_repository,
)
from tests.rankings.proving import passing, refusal_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


# Step 7: the points.


@pytest.mark.parametrize(
    "names", [["exercise99"], ["exercise00", "exercise00"], ["Exercise00"], [" exercise00"], ["\ud800"]]
)
def test_an_unknown_or_repeated_exercise_is_refused(course, enrollment, names):
    assert refusal_of(make_report(course, passed=names), make_claims()) == (422, "results_wrong")


def test_an_exercise_passed_and_failed_is_refused(course, enrollment):
    report = make_report(course, passed=["exercise00"], failed=["exercise00"])

    assert refusal_of(report, make_claims()) == (422, "results_wrong")


def test_a_course_without_exercises_takes_no_report(course, enrollment):
    course.exercises.all().delete()

    assert refusal_of(make_report(course), make_claims()) == (422, "results_wrong")


def rename(course, name, new):
    exercise = course.exercises.get(name=name)
    exercise.rename(new)
    exercise.save()


def test_an_exercise_renamed_in_the_middle_goes_by_both_names(course, enrollment):
    before, claims = passing(course, 11), make_claims()
    answer = proven.receive(before, claims, at=NOW)
    rename(course, "exercise00", "hello")

    assert proven.receive(before, claims, at=NOW) == answer
    assert proven.receive(before, make_claims(), at=NOW)["points"] == "11"
    assert proven.receive(passing(course, 10), make_claims(), at=NOW)["points"] == "10"


def test_the_new_and_the_former_name_in_one_report_are_one_exercise_twice(course, enrollment):
    rename(course, "exercise00", "hello")
    report = make_report(course, passed=["hello", "exercise00"])

    assert refusal_of(report, make_claims()) == (422, "results_wrong")
    assert Attempt.objects.refused().get().detail == (
        '"hello" and "exercise00" are one exercise, renamed. Report it once, as "hello".'
    )


def test_a_former_name_that_was_taken_off_is_unknown(course, enrollment):
    rename(course, "exercise00", "hello")
    course.exercises.filter(name="hello").update(former_names=[])

    assert refusal_of(make_report(course, passed=["exercise00"]), make_claims()) == (422, "results_wrong")


# Step 8: once.


def test_the_same_token_twice_gets_the_stored_answer(course, enrollment):
    claims, report = make_claims(), passing(course, 7)

    first = proven.receive(report, claims, at=NOW)
    again = proven.receive(report, claims, at=NOW + HOUR)

    assert first == again
    assert Attempt.objects.count() == 1


def test_a_new_token_for_the_same_run_gets_the_stored_answer(course, enrollment):
    claims, report = make_claims(), passing(course, 7)

    first = proven.receive(report, claims, at=NOW)
    again = proven.receive(report, replace(claims, jti="fresh"), at=NOW)

    assert first == again
    assert Attempt.objects.count() == 1


def test_the_stored_answer_outlives_a_change_of_the_maximum(course, enrollment):
    claims, report = make_claims(), passing(course, 7)
    first = proven.receive(report, claims, at=NOW)

    Course.objects.update(max_points=110)

    assert proven.receive(report, claims, at=NOW) == first


def test_the_same_run_with_another_body_is_refused(course, enrollment):
    claims = make_claims()
    proven.receive(passing(course, 7), claims, at=NOW)

    assert refusal_of(passing(course, 8), claims) == (422, "run_repeated")
    assert refusal_of(passing(course, 8), replace(claims, jti="fresh")) == (422, "run_repeated")
    assert Standing.objects.get().points == 7


def test_a_token_used_for_one_course_is_refused_for_another(course, enrollment):
    other = make_course(course.stage, max_points=5)
    make_exercises(other, 5)
    make_grader(other)
    claims = make_claims()
    proven.receive(passing(course, 7), claims, at=NOW)

    assert refusal_of(passing(other, 5), claims) == (409, "run_repeated")


def test_a_fresh_token_of_a_run_serves_a_second_course(course, enrollment):
    other = make_course(course.stage, max_points=5)
    make_exercises(other, 5)
    make_grader(other)
    claims = make_claims()
    proven.receive(passing(course, 7), claims, at=NOW)

    assert proven.receive(passing(other, 5), replace(claims, jti="fresh"), at=NOW)["points"] == "5"


def test_a_repetition_of_a_run_is_a_new_attempt(course, enrollment):
    claims = make_claims()
    proven.receive(passing(course, 7), claims, at=NOW)

    proven.receive(passing(course, 8), replace(claims, run_attempt=2, jti="fresh"), at=NOW)

    assert Standing.objects.get().points == 8


def test_a_refused_report_may_come_again(course, enrollment):
    claims, report = make_claims(repository_owner_id="6006"), passing(course, 7)
    refusal_of(report, claims)
    refusal_of(report, claims)
    make_repository(course, enrollment, "7001")

    assert proven.receive(report, claims, at=NOW)["accepted"] is True


@pytest.mark.parametrize("same", [{"jti": "one"}, {"repository_id": "7", "run_id": "8", "run_attempt": 1}])
def test_the_database_refuses_a_second_accepted_attempt_of_a_token_or_run(course, same):
    make_attempt(course, **same)
    make_attempt(course, **same, outcome="refused", reason="unproven")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_attempt(course, **same)


# Step 9: the deadline.


@pytest.mark.parametrize("at", [NOW + 2 * HOUR, NOW - 2 * HOUR], ids=["after", "before"])
def test_a_report_outside_the_window_is_refused_and_kept(course, enrollment, at):
    Course.objects.update(upload_opens_at=NOW - HOUR, upload_closes_at=NOW + HOUR)

    assert refusal_of(passing(course, 7), make_claims(issued_at=NOW), at=at) == (403, "outside_window")
    assert Attempt.objects.get().received_at == at
    assert Standing.objects.count() == 0


def test_the_student_sees_the_own_refused_reports(course, enrollment):
    refusal_of(passing(course, 7), make_claims(actor="new-name", repository_owner_id="6006"))

    assert standings.attempts_of(enrollment.student).refused().count() == 1


# The body.


@pytest.mark.parametrize("extra", ["", ', "score": 30', ', "points": "11", "totalScore": 1e999'])
def test_a_stated_score_is_ignored(course, enrollment, extra):
    results = '[{"exercise": "exercise00", "passed": true}]'
    body = f'{{"course": {course.upload_id}, "commit": "{COMMIT}", "results": {results}{extra}}}'

    assert proven.receive(read(body.encode()), make_claims(), at=NOW)["points"] == "1"


def test_the_fingerprint_asks_for_the_content_only():
    one = Report(1, COMMIT, (Result("a", True), Result("b", False)))
    turned = Report(1, COMMIT, (Result("b", False), Result("a", True)))
    other = Report(1, COMMIT, (Result("a", True), Result("b", True)))

    assert one.fingerprint == turned.fingerprint
    assert one.fingerprint != other.fingerprint


def test_a_reviewed_commit_is_valid_from_its_first_moment_to_before_its_last(course):
    grader = TrustedGrader.objects.get()
    ReviewedCommit.objects.update(valid_from=NOW, valid_until=NOW + HOUR)

    moments = [NOW - timedelta(seconds=1), NOW, NOW + HOUR - timedelta(seconds=1), NOW + HOUR]

    assert [grader.trusts(REVIEWED, at=at) for at in moments] == [False, True, True, False]
