"""Fifty posts of one token at once, over real HTTP."""

import http.client
import json
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from camp.rankings import rebuild
from camp.rankings.models import Attempt, Standing
from tests.concurrency import at_once
from tests.factories import (
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_running_camp,
    make_stage,
)
from tests.rankings import keys, reports

PARALLEL = 50


def connected(url):
    """A connection that is open: the queue of the test server is short, and fifty at once would overflow it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.connect()
    return connection


def post(connection, token):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", reports.URL, json.dumps(reports.body()), headers)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_of_one_token_at_once_leave_one_attempt(issuer, live_server):
    course = make_course(make_stage(make_running_camp()), max_points=11, upload_id=1699)
    make_exercises(course, 11)
    make_grader(course, workflow=keys.WORKFLOW)
    make_identity(make_enrollment(course.camp, at=timezone.now()).student, login="lin", uid="1001")
    token, connections = reports.token(), [connected(live_server.url) for _post in range(PARALLEL)]

    answers = at_once([lambda one=one: post(one, token) for one in connections])

    accepted = [body for status, body in answers if status == 200]
    assert {status for status, _body in answers} <= {200, 409}
    assert len(accepted) >= 1
    assert accepted == accepted[:1] * len(accepted)
    assert Attempt.objects.accepted().count() == 1
    assert Standing.objects.get().points == 7
    assert rebuild.rebuild_standings(course.camp) == []
    assert issuer.asked == 1
