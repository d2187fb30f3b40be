"""Many uploads at once, over real HTTP."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from camp.rankings import rebuild
from camp.rankings.models import Attempt, Standing
from tests.factories import make_course, make_enrollment, make_identity, make_running_camp, make_stage, make_token

CLIENTS, POSTS = 8, 1000


def post_many(url, token, course, number):
    """`number` uploads of the same score, one connection each, as CI's curl makes them."""
    score = {
        "channel": "github",
        "courseId": course.upload_id,
        "ext": "aaa",
        "name": "Octo",
        "score": 30,
        "totalScore": 30,
    }
    body, headers = json.dumps(score), {"Content-Type": "application/json", "token": token}
    return Counter(_post(url, body, headers) for _upload in range(number))


def _post(url, body, headers):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("POST", "/web/api/courseRank/createByThirdToken", body, headers)
    response = connection.getresponse()
    answer = (response.status, response.read())
    connection.close()
    return answer


@pytest.mark.django_db(transaction=True)
def test_a_thousand_equal_uploads_from_eight_clients_leave_one_standing(live_server):
    course = make_course(make_stage(make_running_camp()))
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="octo")
    token = make_token(course, at=timezone.now())

    with ThreadPoolExecutor(CLIENTS) as pool:
        shares = [POSTS // CLIENTS] * CLIENTS
        answers = sum(pool.map(lambda share: post_many(live_server.url, token, course, share), shares), Counter())

    standing = Standing.objects.get()
    assert answers == {(200, b'{"result":1,"msg":""}'): POSTS}
    assert Attempt.objects.accepted().count() == POSTS
    assert (standing.points, standing.reached_at) == (30, Attempt.objects.earliest("received_at").received_at)
    assert rebuild.rebuild_standings(course.camp) == []
