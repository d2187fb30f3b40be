"""Uploads and links that meet: the student's enrollment is the row that queues them up."""

from datetime import timedelta

import pytest

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.rankings import services
from camp.rankings.models import Attempt, Standing, UploadToken
from camp.rankings.services import RankingError
from tests.concurrency import at_once, row_held, waits
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_stage,
    make_token,
    make_upload,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="octo")
    return enrollment


@pytest.mark.postgres
def test_upload_waits_for_the_students_row(course, enrollment):
    token, upload = make_token(course), make_upload(course, login="octo", points=20)

    with row_held(enrollment):
        assert waits(lambda: services.receive(upload, token=token, at=NOW))

    assert Attempt.objects.count() == 0


@pytest.mark.postgres
def test_upload_does_not_wait_for_the_user_or_the_camp(course, enrollment):
    """Whoever links a login or applies holds these; uploads go on and cannot deadlock with them."""
    token, upload = make_token(course), make_upload(course, login="octo", points=20)

    with row_held(enrollment.student), row_held(course.camp):
        assert not waits(lambda: services.receive(upload, token=token, at=NOW))


@pytest.mark.postgres
def test_link_waits_for_the_students_row(course, enrollment):
    make_attempt(course, login="second", points=25)

    with row_held(enrollment):
        assert waits(lambda: accounts.link_login(enrollment.student, channel="github", login="second", at=NOW))


def test_different_scores_at_once_leave_the_best(course, enrollment):
    token = make_token(course)
    # First uses are written down, and writing them would queue the uploads up.
    UploadToken.objects.update(last_used_at=NOW)
    Identity.objects.update(first_scored_at=NOW)
    uploads = [make_upload(course, login="octo", points=points) for points in (7, 21, 3, 28, 14, 28)]
    times = [NOW + timedelta(seconds=second) for second in range(6)]

    outcomes = at_once(
        [
            lambda upload=upload, at=at: services.receive(upload, token=token, at=at)
            for upload, at in zip(uploads, times, strict=True)
        ]
    )

    assert [type(outcome) for outcome in outcomes] == [Attempt] * 6
    assert Standing.objects.values_list("points", "reached_at").get() == (28, NOW + timedelta(seconds=3))


def test_two_tokens_at_a_time_hold_when_staff_ask_at_once(course):
    outcomes = at_once([lambda: services.issue_token(course, by=None, at=NOW)] * 5)

    assert sorted(isinstance(outcome, RankingError) for outcome in outcomes) == [False, False, True, True, True]
