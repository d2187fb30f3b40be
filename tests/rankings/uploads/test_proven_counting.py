"""What proven scores do to boards, promotion and rebuilds, where every score counts and where proven ones alone do."""

from datetime import timedelta
from decimal import Decimal

import pytest

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.rankings import rebuild, standings
from camp.rankings.models import Standing
from camp.rankings.uploads import proven
from camp.stages.models import Course, CourseProgress, Participation
from tests.factories import NOW, make_attempt, make_claims, make_requirement, make_stage
from tests.rankings.proving import ACTOR, passing

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def needs_seven(course):
    stage = make_stage(course.camp, key="next")
    make_requirement(stage, course=course, points=7)
    return stage


def claim(course, points, *, at=NOW):
    attempt = make_attempt(course, login="octo", points=Decimal(points), at=at)
    standings.improve(course.camp.enrollments.get(), attempt)


def told(enrollment):
    """(points on the board, its source, points that stages has heard of)."""
    standing = Standing.objects.filter(enrollment=enrollment).first()
    progress = CourseProgress.objects.filter(enrollment=enrollment).first()
    return standing.points, standing.best.source, progress and progress.points


def test_claimed_scores_count_where_every_score_does(course, enrollment, needs_seven):
    claim(course, 7)

    assert told(enrollment) == (7, "claimed", 7)
    assert Participation.objects.filter(stage=needs_seven).exists()


def test_where_only_proven_scores_count_a_claimed_one_promotes_nobody(course, enrollment, needs_seven):
    Course.objects.update(counts="proven")

    claim(Course.objects.get(), 11)

    assert told(enrollment) == (11, "claimed", None)
    assert not Participation.objects.filter(stage=needs_seven).exists()
    assert rebuild.rebuild_standings(course.camp) == []


def test_a_proven_score_below_a_claimed_one_counts_and_leaves_the_board(course, enrollment, needs_seven):
    Course.objects.update(counts="proven")
    claim(Course.objects.get(), 11)

    proven.receive(passing(course, 7), make_claims(), at=NOW + HOUR)

    assert told(enrollment) == (11, "claimed", 7)
    assert Participation.objects.filter(stage=needs_seven).exists()
    assert rebuild.rebuild_standings(course.camp) == []


def test_a_lower_proven_score_after_a_higher_one_changes_nothing(course, enrollment):
    Course.objects.update(counts="proven")
    claim(Course.objects.get(), 11)

    for points in (8, 5):
        proven.receive(passing(course, points), make_claims(), at=NOW)

    assert told(enrollment) == (11, "claimed", 8)
    assert rebuild.rebuild_standings(course.camp) == []


def test_an_equal_proven_score_that_came_later_leaves_the_claimed_standing(course, enrollment):
    claim(course, 7)

    proven.receive(passing(course, 7), make_claims(), at=NOW + HOUR)

    assert told(enrollment) == (7, "claimed", 7)


def test_a_better_proven_score_replaces_a_claimed_one(course, enrollment):
    claim(course, 7)

    proven.receive(passing(course, 8), make_claims(), at=NOW + HOUR)

    assert told(enrollment) == (8, "proven", 8)


def test_a_rebuild_follows_what_the_course_counts(course, enrollment):
    claim(course, 11)
    proven.receive(passing(course, 7), make_claims(), at=NOW)
    Course.objects.update(counts="proven")

    assert len(rebuild.rebuild_standings(course.camp)) == 1
    assert told(enrollment) == (11, "claimed", 7)
    assert rebuild.rebuild_standings(course.camp) == []


# The login changes.


def test_proven_attempts_stay_when_the_login_is_proven_again_under_a_new_name(course, enrollment):
    proven.receive(passing(course, 7), make_claims(), at=NOW)

    accounts.link_proven_login(enrollment.student, channel="github", login="new-name", uid=ACTOR, at=NOW + HOUR)
    proven.receive(passing(course, 9), make_claims(actor="new-name"), at=NOW + 2 * HOUR)

    assert Standing.objects.get().points == 9
    assert standings.attempts_of(enrollment.student).count() == 2
    assert rebuild.rebuild_standings(course.camp) == []


def test_proven_attempts_stay_when_the_login_is_unlinked(course, enrollment):
    proven.receive(passing(course, 7), make_claims(), at=NOW)

    accounts.unlink_login(Identity.objects.get(), at=NOW + HOUR)

    assert Standing.objects.get().points == 7
    assert rebuild.rebuild_standings(course.camp) == []
