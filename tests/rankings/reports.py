"""Reports of a run to `/api/v1/scores`: eleven exercises of course 1699, of which some passed."""

import json

from django.test import Client
from django.utils import timezone

from tests.rankings import keys

URL = "/api/v1/scores"


def token(**changes):
    return keys.token(timezone.now(), **changes)


def body(passed=7, **changes):
    results = [{"exercise": f"exercise{n:02}", "passed": n < passed} for n in range(11)]
    return {"course": 1699, "commit": keys.COMMIT, "results": results} | changes


def post(document=None, *, bearer=None, client=None, **headers):
    content = document if isinstance(document, str | bytes) else json.dumps(document or body())
    headers = {"Authorization": f"Bearer {bearer or token()}"} | headers
    return (client or Client(enforce_csrf_checks=True)).post(
        URL, content, content_type="application/json", headers=headers
    )


def error_of(response):
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    assert len(error["message"]) > 10
    return response.status_code, error["code"]
