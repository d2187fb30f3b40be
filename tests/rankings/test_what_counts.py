"""Each course says which scores count for promotion: on its board, where CI is set up, and beside what is missing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from camp.stages.models import Course
from tests.factories import (
    make_course,
    make_enrollment,
    make_grader,
    make_requirement,
    make_running_camp,
    make_stage,
    make_student,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
PROVEN = "Only proven scores count for promotion."
ALL = "Every accepted score counts for promotion, proven or claimed."
UNTIL = "Scores received from this moment on count for promotion only when they are proven, earlier ones in any case:"
DATE = datetime(2030, 7, 28, tzinfo=UTC)


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1)


@pytest.fixture
def student(client, course):
    make_requirement(make_stage(course.camp, position=10**6), course=course)
    student = make_student(language="en")
    make_enrollment(course.camp, student=student, at=course.camp.starts_at)
    client.force_login(student)
    return student


def read(client, course, tab="rank", **headers):
    return client.get(course.get_absolute_url(), {"tab": tab}, headers=ENGLISH | headers)


def pages(client, course):
    answers = [read(client, course), read(client, course, "exercises"), client.get("/my/")]
    return [answer.text for answer in answers]


@pytest.mark.parametrize(("rule", "sentence"), [
    ({}, ALL),
    ({"counts": "proven"}, PROVEN),
    ({"counts": "proven", "proof_from": DATE}, PROVEN),
    ({"proof_from": DATE}, UNTIL),
])  # fmt: skip
def test_every_page_with_points_says_which_count(client, course, student, rule, sentence):
    Course.objects.update(**rule)

    texts = pages(client, course)

    told = [[one for one in (PROVEN, ALL, UNTIL) if one in text] for text in texts]
    assert told == [[sentence]] * 3
    assert ["2030-07-28T08:00:00+08:00" in text for text in texts] == [sentence == UNTIL] * 3


def test_requirement_that_is_met_says_no_more_of_it(client, course, student):
    make_requirement(make_stage(course.camp, position=10**7), kind="item", item="A report")
    course.progress.create(enrollment=student.enrollments.get(), points=30)

    assert ALL not in client.get("/my/").text


@pytest.mark.parametrize("rule", [{"counts": "proven"}, {"proof_from": DATE}])
def test_open_board_hears_of_another_rule(client, course, student, rule):
    etag = read(client, course).headers["ETag"]
    Course.objects.update(**rule)

    assert read(client, course, **{"If-None-Match": etag}).status_code == 200


def test_board_says_anew_how_far_away_the_moment_is(client, course, student, monkeypatch):
    Course.objects.update(proof_from=timezone.now() + timedelta(days=22))
    first = read(client, course)
    now = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: now)

    again = read(client, course, **{"If-None-Match": first.headers["ETag"]})

    assert ("in 3\xa0weeks" in first.text, "in 1\xa0week" in again.text) == (True, True)


def test_grader_alone_does_not_make_the_course_ask_for_proof(client, course):
    make_grader(course)

    text = read(client, course, "exercises").text

    assert "A score that comes this way is proven" in text
    assert ALL in text
    assert PROVEN not in text
