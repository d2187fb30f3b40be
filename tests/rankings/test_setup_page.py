"""What a course page shows to set up CI, and how a board says which scores are proven."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from camp.rankings.models import Attempt, ReviewedCommit
from camp.rankings.setup import Grader, grader_shown
from tests import plain_yaml
from tests.factories import (
    NOW,
    WORKFLOW,
    make_attempt,
    make_course,
    make_enrollment,
    make_grader,
    make_running_camp,
    make_stage,
    make_standing,
    make_student,
)
from tests.rankings.boards import make_board

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CODE_INPUT = {
    "description": "Only to link this account to yours at the camp - the code from your own page of logins there",
    "type": "string",
}


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, upload_id=1699)


def page(client, course, tab="exercises"):
    return client.get(course.get_absolute_url(), {"tab": tab}, headers={"Accept-Language": "en"})


def files(response):
    """The code blocks of a page as they are copied."""
    return [unescape(text) for text in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", response.text, re.DOTALL)]


def test_the_whole_workflow_file_is_shown_with_the_course_filled_in(client, course, settings):
    settings.SITE_URL = "https://camp.example.org"
    make_grader(course, ref="refs/heads/master")

    workflow, _older = files(page(client, course))

    assert plain_yaml.load(workflow) == {
        "name": "Camp",
        "on": {"push": {"branches": ["master"]}, "workflow_dispatch": {"inputs": {"code": CODE_INPUT}}},
        "permissions": {},
        "jobs": {
            "grade": {
                "permissions": {"contents": "read", "id-token": "write"},
                "uses": "harbour/grading/.github/workflows/grade.yml@main",
                "with": {"course": 1699, "site": "https://camp.example.org", "code": "${{ inputs.code }}"},
            }
        },
    }


def test_the_older_step_stays_for_other_code_hosts(client, course):
    make_grader(course)

    _workflow, older = files(page(client, course))

    assert '"courseId":1699' in older


def test_without_a_trusted_grader_only_the_older_step_is_shown(client, course):
    make_grader(make_course(course.stage))

    response = page(client, course)

    assert [("courseId" in text, "id-token" in text) for text in files(response)] == [(True, False)]
    assert response.context["grader"] is None


@pytest.mark.parametrize(
    ("ref", "uses"),
    [("refs/heads/main", "main"), ("refs/tags/v1", "v1"), ("refs/heads/refs/x", "refs/x"), ("b" * 40, "b" * 40)],
)
def test_a_workflow_is_named_as_its_callers_name_it(course, ref, uses):
    make_grader(course, workflow=f"harbour/grading/.github/workflows/grade.yml@{ref}")

    shown = grader_shown(course, at=NOW)

    assert shown == Grader(f"harbour/grading/.github/workflows/grade.yml@{uses}", "main", "http://127.0.0.1:8000")


def test_a_grader_that_would_not_be_believed_is_not_shown(course):
    make_grader(course, is_active=False)
    make_grader(course, workflow=WORKFLOW + "2", valid_until=NOW)
    future = make_grader(course, workflow=WORKFLOW + "3")
    ReviewedCommit.objects.filter(grader=future).update(valid_from=NOW + DAY)

    assert grader_shown(course, at=NOW) is None


def test_of_two_graders_the_one_reviewed_last_is_shown(course):
    newer = make_grader(course, workflow=WORKFLOW + "2")
    make_grader(course)
    ReviewedCommit.objects.filter(grader=newer).update(valid_from=NOW - DAY)

    assert grader_shown(course, at=NOW).uses.endswith("@main2")


def test_the_setup_costs_one_query_whatever_it_shows(course, django_assert_num_queries):
    with django_assert_num_queries(1):
        grader_shown(course, at=NOW)
    make_grader(course)
    make_grader(course, workflow=WORKFLOW + "2")

    with django_assert_num_queries(1):
        grader_shown(course, at=NOW)


def badges(response):
    return re.findall(r'<span class="badge (\w+)">(proven|claimed)</span>', response.text)


def stand(course, enrollment, *, points, source):
    standing = make_standing(course, enrollment, points=points)
    standing.best = make_attempt(course, points=points, source=source)
    standing.save()


def test_each_standing_says_whether_it_is_proven_or_claimed(client, course):
    for points, source in ((30, Attempt.Source.PROVEN), (29, Attempt.Source.CLAIMED)):
        stand(course, make_enrollment(course.camp, at=timezone.now()), points=points, source=source)

    assert badges(page(client, course, "rank")) == [("accent", "proven"), ("plain", "claimed")]


def test_the_own_standing_says_it_on_the_board_and_on_the_own_page(client, course):
    enrollment = make_enrollment(course.camp, student=make_student(language="en"), at=timezone.now())
    stand(course, enrollment, points=30, source=Attempt.Source.PROVEN)
    client.force_login(enrollment.student)

    assert badges(page(client, course, "rank")) == [("accent", "proven")] * 2
    assert badges(client.get("/my/")) == [("accent", "proven")]


def test_the_badges_cost_no_queries(client, course, django_assert_num_queries, django_assert_max_num_queries):
    make_board(course, [(30, 0)])
    client.get("/healthz")
    with django_assert_max_num_queries(40) as one:
        page(client, course, "rank")
    make_board(course, [(29, 0), (28, 0)])

    with django_assert_num_queries(len(one)):
        page(client, course, "rank")
