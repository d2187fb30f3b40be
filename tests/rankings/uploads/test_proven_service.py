"""Steps 5 to 9 of the contract for proven scores, one refusal after the other, and what counts for promotion."""

from dataclasses import replace
from datetime import timedelta

import pytest

from camp.accounts.models import Identity
from camp.enrollment import services as enrollment_services
from camp.rankings import rebuild, standings
from camp.rankings.models import Attempt, ReviewedCommit, Standing, TrustedGrader
from camp.rankings.uploads import proven
from camp.stages.models import Course
from tests.factories import (
    COMMIT,
    NOW,
    WORKFLOW,
    make_camp,
    make_claims,
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_report,
    make_repository,
    make_student,
)
from tests.rankings.proving import ACTOR, passing, refusal_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


# Accepted.


def test_a_valid_report_is_accepted_and_answered_with_its_points(course, enrollment):
    answer = proven.receive(passing(course, 7), make_claims(), at=NOW)

    assert answer == {
        "accepted": True, "course": course.upload_id, "points": "7", "maximum": "11", "passed": 7, "exercises": 11,
        "commit": COMMIT,
    }  # fmt: skip


def test_an_accepted_report_is_stored_with_its_evidence(course, enrollment):
    claims, report = make_claims(run_id="77", run_attempt=2), passing(course, 7)

    answer = proven.receive(report, claims, address="192.0.2.1", at=NOW)

    attempt = Attempt.objects.get()
    stored = (attempt.source, attempt.channel, attempt.login, attempt.identity.uid, attempt.jti, attempt.commit)
    assert stored == ("proven", "github", "octo", ACTOR, claims.jti, COMMIT)
    assert (attempt.repository_id, attempt.run_id, attempt.run_attempt) == ("7001", "77", 2)
    assert (attempt.claims, attempt.answer, attempt.body_hash) == (claims.raw, answer, report.fingerprint)
    assert attempt.results[6:8] == [
        {"exercise": "exercise06", "passed": True},
        {"exercise": "exercise07", "passed": False},
    ]
    assert (attempt.points, attempt.received_at, attempt.address) == (7, NOW, "192.0.2.1")


def test_the_standing_follows_and_a_rebuild_agrees(course, enrollment):
    proven.receive(passing(course, 7), make_claims(), at=NOW)

    standing = Standing.objects.get()
    assert (standing.points, standing.reached_at, standing.best.source) == (7, NOW, "proven")
    assert rebuild.rebuild_standings(course.camp) == []


def test_the_login_is_reserved_from_its_first_proven_score(course, enrollment):
    proven.receive(passing(course, 7), make_claims(), at=NOW)

    assert Identity.objects.get().first_scored_at == NOW


def test_points_are_cut_to_three_decimals_never_rounded_up(course, enrollment):
    Course.objects.filter(pk=course.pk).update(max_points=100)

    assert proven.receive(passing(course, 6), make_claims(), at=NOW)["points"] == "54.545"
    assert proven.receive(passing(course, 11), make_claims(), at=NOW)["points"] == "100"


def test_an_exercise_that_is_not_named_has_not_passed(course, enrollment):
    answer = proven.receive(make_report(course, passed=["exercise03"]), make_claims(), at=NOW)

    assert (answer["points"], answer["passed"], answer["exercises"]) == ("1", 1, 11)


def test_a_report_without_results_is_zero_points(course, enrollment):
    assert proven.receive(make_report(course), make_claims(), at=NOW)["points"] == "0"


def test_the_commit_that_counts_is_the_tokens(course, enrollment):
    report = replace(passing(course, 7), commit="d" * 40)

    proven.receive(report, make_claims(), at=NOW)

    assert Attempt.objects.get().commit == COMMIT


# Step 5: the grader.


@pytest.mark.parametrize(
    "workflow",
    [
        WORKFLOW.replace("harbour/", "harbor/"),
        WORKFLOW.replace("grade.yml", "graded.yml"),
        WORKFLOW.replace("heads/main", "heads/other"),
        WORKFLOW.replace("heads/main", "tags/main"),
        WORKFLOW.replace("@", "@x@"),
        WORKFLOW + "@refs/heads/main",
        WORKFLOW.upper(),
        "octo/homework/.github/workflows/ci.yml@refs/heads/main",
    ],
    ids=["owner", "file", "ref", "tag", "two @", "ref twice", "case", "a run that is not of the reusable workflow"],
)
def test_another_workflow_is_refused(course, enrollment, workflow):
    assert refusal_of(passing(course, 7), make_claims(job_workflow_ref=workflow)) == (403, "grader_unknown")


def test_an_inactive_grader_is_refused(course, enrollment):
    TrustedGrader.objects.update(is_active=False)

    assert refusal_of(passing(course, 7), make_claims()) == (403, "grader_unknown")


@pytest.mark.parametrize("ref", ["refs/heads/other", "refs/tags/main", "refs/pull/1/merge", "main", "refs/heads/Main"])
def test_another_branch_than_the_graders_is_refused(course, enrollment, ref):
    assert refusal_of(passing(course, 7), make_claims(ref=ref)) == (403, "branch_wrong")


def test_the_default_branch_is_the_one_of_the_grader(course, enrollment):
    TrustedGrader.objects.update(ref="refs/heads/master")

    assert proven.receive(passing(course, 7), make_claims(ref="refs/heads/master"), at=NOW)["accepted"] is True


def test_an_unlisted_commit_of_the_workflow_is_refused(course, enrollment):
    assert refusal_of(passing(course, 7), make_claims(job_workflow_sha="b" * 40)) == (403, "commit_unreviewed")


@pytest.mark.parametrize(
    "times",
    [{"valid_until": NOW}, {"valid_from": NOW + HOUR}],
    ids=["expired", "not valid yet"],
)
def test_a_commit_outside_its_validity_is_refused(course, enrollment, times):
    ReviewedCommit.objects.update(**times)

    assert refusal_of(passing(course, 7), make_claims()) == (403, "commit_unreviewed")


def test_a_commit_reviewed_for_another_grader_is_refused(course, enrollment):
    make_grader(course, workflow=WORKFLOW.replace("grade", "second"), commit="b" * 40)

    assert refusal_of(passing(course, 7), make_claims(job_workflow_sha="b" * 40)) == (403, "commit_unreviewed")


def test_of_two_graders_valid_at_once_the_one_that_the_run_names_counts(course, enrollment):
    second = WORKFLOW.replace("grade", "second")
    make_grader(course, workflow=second, commit="b" * 40, ref="refs/heads/trunk")

    proven.receive(passing(course, 7), make_claims(), at=NOW)
    claims = make_claims(job_workflow_ref=second, job_workflow_sha="b" * 40, ref="refs/heads/trunk")
    proven.receive(passing(course, 8), claims, at=NOW)

    assert sorted(Attempt.objects.accepted().values_list("points", flat=True)) == [7, 8]


def test_a_course_that_the_grader_is_not_trusted_for_is_refused(course, enrollment):
    other = make_course(course.stage)

    assert refusal_of(replace(passing(course, 7), course_id=other.upload_id), make_claims()) == (403, "course_mismatch")
    assert Attempt.objects.get().course == other


def test_one_workflow_trusted_by_two_courses_serves_the_one_named(course, enrollment):
    other = make_course(course.stage, max_points=5)
    make_exercises(other, 5)
    make_grader(other)

    assert proven.receive(passing(other, 5), make_claims(), at=NOW)["points"] == "5"


def test_a_course_that_does_not_exist_is_refused(course, enrollment):
    report = replace(passing(course, 7), course_id=10**30)

    assert refusal_of(report, make_claims()) == (403, "course_mismatch")


# Step 6: the student and the repository.


def test_an_actor_that_nobody_linked_is_refused(course, enrollment):
    assert refusal_of(passing(course, 7), make_claims(actor_id="5002")) == (403, "actor_unlinked")


def test_a_login_that_was_only_typed_is_refused(course):
    make_identity(make_enrollment(course.camp).student, login="octo")

    assert refusal_of(passing(course, 7), make_claims()) == (403, "actor_unlinked")


def test_an_unlinked_login_is_refused(course, enrollment):
    Identity.objects.update(unlinked_at=NOW - HOUR)

    assert refusal_of(passing(course, 7), make_claims()) == (403, "actor_unlinked")


def test_an_actor_who_is_not_enrolled_is_refused(course):
    make_identity(make_student(), login="octo", uid=ACTOR)

    assert refusal_of(passing(course, 7), make_claims()) == (403, "not_enrolled")


def test_an_actor_who_withdrew_is_refused(course, enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student, at=NOW)

    assert refusal_of(passing(course, 7), make_claims()) == (403, "not_enrolled")


def test_an_actor_of_another_camp_is_refused(course):
    elsewhere = make_enrollment(make_camp("winter"))
    make_identity(elsewhere.student, login="octo", uid=ACTOR)

    assert refusal_of(passing(course, 7), make_claims()) == (403, "not_enrolled")


def test_a_repository_of_somebody_else_is_refused(course, enrollment):
    assert refusal_of(passing(course, 7), make_claims(repository_owner_id="6006")) == (403, "repository_foreign")


def test_a_registered_repository_of_somebody_else_counts(course, enrollment):
    make_repository(course, enrollment, "7001")

    assert proven.receive(passing(course, 7), make_claims(repository_owner_id="6006"), at=NOW)["points"] == "7"


@pytest.mark.parametrize("registered_for", ["another student", "another course", "another repository"])
def test_a_repository_registered_for_something_else_is_refused(course, enrollment, registered_for):
    somebody, other = make_enrollment(course.camp), make_course(course.stage)
    make_repository(
        other if registered_for == "another course" else course,
        somebody if registered_for == "another student" else enrollment,
        "7002" if registered_for == "another repository" else "7001",
    )

    assert refusal_of(passing(course, 7), make_claims(repository_owner_id="6006")) == (403, "repository_foreign")


def test_a_renamed_login_with_the_same_id_is_the_same_student(course, enrollment):
    typed = make_student()
    make_identity(typed, login="new-name")

    proven.receive(passing(course, 7), make_claims(actor="new-name"), at=NOW)

    assert Standing.objects.get().enrollment == enrollment
    assert [standings.attempts_of(user).count() for user in (enrollment.student, typed)] == [1, 0]
    assert rebuild.rebuild_standings(course.camp) == []


def test_a_recycled_login_with_another_id_is_refused(course, enrollment):
    assert refusal_of(passing(course, 7), make_claims(actor="octo", actor_id="5999")) == (403, "actor_unlinked")
