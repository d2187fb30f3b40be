"""What follows from attempts: standings, late links, take-overs, withdrawals, and the rebuild that proves it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.enrollment import services as enrollment_services
from camp.rankings import rebuild, services, standings
from camp.rankings.models import Attempt, ScoreCount, ScoreRange, Standing
from camp.stages.models import CourseProgress, Participation
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
    make_standing,
    make_student,
    make_token,
    make_upload,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="octo")
    return enrollment


def receive(course, points, *, at=NOW, login="octo"):
    text = make_token(course, at=NOW)
    services.receive(make_upload(course, login=login, points=points), token=text, at=at)
    services.revoke_token(course.upload_tokens.first(), by=make_student(), at=at)


def stored(enrollment):
    return [(row.points, row.reached_at) for row in Standing.objects.filter(enrollment=enrollment)]


def test_standing_keeps_the_best_points(course, enrollment):
    for hours, points in enumerate([5, 20, 10]):
        receive(course, points, at=NOW + hours * HOUR)

    assert stored(enrollment) == [(20, NOW + HOUR)]


def test_equal_score_never_moves_the_moment(course, enrollment):
    for hours in range(3):
        receive(course, 20, at=NOW + hours * HOUR)

    assert stored(enrollment) == [(20, NOW)]
    assert Attempt.objects.count() == 3


def test_earlier_equal_score_that_arrives_late_takes_the_moment(course, enrollment):
    receive(course, 20, at=NOW + HOUR)
    receive(course, 20, at=NOW)

    assert stored(enrollment) == [(20, NOW)]


def test_standing_hands_points_to_stages(course, enrollment):
    receive(course, 20)

    progress = CourseProgress.objects.get(enrollment=enrollment, course=course)
    assert progress.points == 20


def test_full_marks_promote_in_the_same_transaction(course, enrollment):
    next_stage = make_stage(course.camp, position=1000)
    make_requirement(next_stage, course=course)

    receive(course, 29)
    before = Participation.objects.filter(stage=next_stage).count()
    receive(course, 30, at=NOW + HOUR)

    participation = Participation.objects.get(stage=next_stage)
    assert (before, participation.is_admitted, participation.decided_at) == (0, True, NOW + HOUR)


def test_login_linked_late_brings_its_uploads(course):
    enrollment = make_enrollment(course.camp)
    make_attempt(course, login="Late", points=12, at=NOW - HOUR)

    accounts.link_login(enrollment.student, channel="github", login="late", at=NOW)

    assert stored(enrollment) == [(12, NOW - HOUR)]
    assert Identity.objects.get().first_scored_at == NOW - HOUR


def test_enrolling_late_brings_the_uploads_of_linked_logins(course):
    student = make_student()
    make_identity(student, login="octo")
    make_attempt(course, login="octo", points=12, at=NOW - HOUR)

    enrollment = make_enrollment(course.camp, student=student)

    assert stored(enrollment) == [(12, NOW - HOUR)]


def test_best_of_two_logins_counts_once(course, enrollment):
    make_identity(enrollment.student, login="second", channel="gitee")
    make_attempt(course, login="second", channel="gitee", points=25)
    make_attempt(course, login="octo", points=20)

    standings.derive_all_of(enrollment.student)

    assert stored(enrollment) == [(25, NOW)]


def test_same_login_on_another_code_host_is_another_login(course, enrollment):
    make_attempt(course, login="octo", channel="gitee", points=25)

    standings.derive_all_of(enrollment.student)

    assert stored(enrollment) == []


def test_unlinked_login_keeps_what_it_scored_and_counts_no_more(course, enrollment):
    receive(course, 12)
    accounts.unlink_login(enrollment.student.identities.get(), at=NOW + HOUR)
    receive(course, 30, at=NOW + 2 * HOUR)

    standings.derive_all_of(enrollment.student)

    assert stored(enrollment) == [(12, NOW)]


def test_relinked_login_counts_again_with_what_came_between(course, enrollment):
    receive(course, 12)
    accounts.unlink_login(enrollment.student.identities.get(), at=NOW + HOUR)
    make_attempt(course, login="octo", points=30, at=NOW + 2 * HOUR)

    accounts.link_login(enrollment.student, channel="github", login="octo", at=NOW + 3 * HOUR)

    assert stored(enrollment) == [(30, NOW + 2 * HOUR)]


def test_scored_login_cannot_be_passed_on(course, enrollment):
    receive(course, 30)
    accounts.unlink_login(enrollment.student.identities.get(), at=NOW + HOUR)
    friend = make_enrollment(course.camp)

    with pytest.raises(accounts.AccountError):
        accounts.link_login(friend.student, channel="github", login="octo", at=NOW + 2 * HOUR)

    assert stored(friend) == []


def test_proven_owner_takes_the_uploads_from_whoever_typed_the_login(course, enrollment):
    receive(course, 30)
    owner = make_enrollment(course.camp)

    accounts.link_proven_login(owner.student, channel="github", login="Octo", uid="77", at=NOW + HOUR)

    assert (stored(enrollment), stored(owner)) == ([], [(30, NOW)])


def test_renamed_login_keeps_old_uploads_and_brings_new_ones(course):
    enrollment = make_enrollment(course.camp)
    accounts.link_proven_login(enrollment.student, channel="github", login="before", uid="77", at=NOW)
    make_attempt(course, login="before", points=10, at=NOW + HOUR)
    accounts.link_proven_login(enrollment.student, channel="github", login="after", uid="77", at=NOW + 2 * HOUR)
    make_attempt(course, login="after", points=20, at=NOW + 3 * HOUR)

    standings.derive_all_of(enrollment.student)

    assert stored(enrollment) == [(20, NOW + 3 * HOUR)]
    assert list(standings.attempts_of(enrollment.student).order_by("points").values_list("points", flat=True)) == [
        10,
        20,
    ]


def test_recycled_name_does_not_inherit(course):
    first, second = make_enrollment(course.camp), make_enrollment(course.camp)
    accounts.link_proven_login(first.student, channel="github", login="name", uid="1", at=NOW)
    make_attempt(course, login="name", points=30, at=NOW + HOUR)
    accounts.link_proven_login(second.student, channel="github", login="name", uid="2", at=NOW + 2 * HOUR)
    make_attempt(course, login="name", points=5, at=NOW + 3 * HOUR)

    standings.derive_all_of(first.student)
    standings.derive_all_of(second.student)

    assert (stored(first), stored(second)) == ([(30, NOW + HOUR)], [(5, NOW + 3 * HOUR)])


def test_withdrawn_student_leaves_the_board_and_returns_with_the_same_place(course, enrollment):
    receive(course, 20)

    enrollment_services.withdraw(enrollment, by=enrollment.student, at=NOW + HOUR)
    left = stored(enrollment)
    enrollment_services.apply(course.camp, student=enrollment.student, at=NOW + 2 * HOUR)

    assert (left, stored(enrollment)) == ([], [(20, NOW)])


def test_uploads_lost_while_away_promote_nobody_on_the_return(course, enrollment):
    next_stage = make_stage(course.camp, position=1000)
    make_requirement(next_stage, course=course, points=25)
    receive(course, 20)
    enrollment_services.withdraw(enrollment, by=enrollment.student, at=NOW + HOUR)
    owner = make_student()

    accounts.link_proven_login(owner, channel="github", login="octo", uid="77", at=NOW + HOUR)
    enrollment_services.apply(course.camp, student=enrollment.student, at=NOW + 2 * HOUR)

    assert CourseProgress.objects.get(enrollment=enrollment, course=course).points == 0
    assert not Participation.objects.filter(enrollment=enrollment, stage=next_stage).exists()


def test_refused_attempts_never_count(course, enrollment):
    make_attempt(course, login="octo", points=30, outcome="refused", reason="above_maximum")

    standings.derive_all_of(enrollment.student)

    assert stored(enrollment) == []


def test_attempt_is_never_changed(course):
    attempt = make_attempt(course)
    attempt.points = 30

    with pytest.raises(ValidationError):
        attempt.save()

    assert Attempt.objects.get().points == 10


def test_rebuild_finds_and_repairs_what_was_spoilt(course, enrollment, capsys):
    receive(course, 20)
    Standing.objects.update(points=30)

    call_command("rebuild_standings", "--check")
    seen = capsys.readouterr().out
    untouched = stored(enrollment)
    call_command("rebuild_standings")
    call_command("rebuild_standings")

    assert "stored 30 at" in seen
    assert "attempts say 20" in seen
    assert untouched == [(30, NOW)]
    assert stored(enrollment) == [(20, NOW)]
    assert capsys.readouterr().out.endswith("No differences.\n")


def test_rebuild_repairs_progress_that_stages_heard_wrongly(course, enrollment):
    receive(course, 20)
    CourseProgress.objects.update(points=30)

    differences = rebuild.rebuild_standings(course.camp)

    assert len(differences) == 1
    assert CourseProgress.objects.get(course=course).points == 20
    assert rebuild.rebuild_standings(course.camp) == []


def test_rebuild_removes_a_standing_without_attempts(course, enrollment):
    make_standing(course, enrollment, login="stranger", points=30)

    differences = rebuild.rebuild_standings(course.camp)

    assert (len(differences), stored(enrollment)) == (1, [])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uploads=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), min_size=1, max_size=8))
def test_any_order_of_uploads_leaves_what_a_rebuild_gives(course, enrollment, uploads):
    for model in (Standing, ScoreRange, ScoreCount, Attempt):
        model.objects.all().delete()
    text = make_token(course, at=NOW)
    for points, hours in uploads:
        services.receive(make_upload(course, login="octo", points=points), token=text, at=NOW + hours * HOUR)
    course.upload_tokens.all().delete()

    best = min((-points, hours) for points, hours in uploads)

    assert stored(enrollment) == [(-best[0], NOW + best[1] * HOUR)]
    assert rebuild.rebuild_standings(course.camp) == []
