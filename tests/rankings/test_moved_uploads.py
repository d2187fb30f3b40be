"""An upload that staff moved to where it counts holds its login as one that came there does."""

import pytest

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.rankings import corrections, rebuild
from camp.rankings.models import Standing
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


def test_unlinking_a_login_of_a_moved_upload_keeps_login_and_standing(course):
    """It was refused where it came to, so nothing else says that the login has scored."""
    identity = make_identity(make_enrollment(course.camp).student, login="octo")
    sent_to = make_course(course.stage, max_points=5)
    refused = {"outcome": "refused", "status": 400, "reason": "above_maximum"}
    attempt = make_attempt(sent_to, login="octo", points=8, **refused)
    corrections.move(attempt, to_course=course, by=make_superuser(), reason="Wrong courseId.", at=NOW)

    accounts.unlink_login(identity, at=NOW)

    assert Identity.objects.get().first_scored_at == NOW
    assert Standing.objects.get().points == 8
    assert rebuild.rebuild_standings(course.camp, repair=False) == []
