"""The schema of the API: that it is sound, that it names every address, and that the running API keeps to it."""

import json
import re
from functools import cache
from html import unescape

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import ValidationError
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from schemathesis.generation.feedback import NO_FEEDBACK

from camp.rankings.readapi import openapi, operations, posts, reference, samples, shapes
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_exercises,
    make_identity,
    make_running_camp,
    make_stage,
    make_standing,
    make_token,
)

pytestmark = pytest.mark.django_db
load_all_checks()
URL = "/api/v1/openapi.json"
FEW = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# A cursor is more than the text that the schema can say; and only one operation at a time is tried here.
NOT_ASKED = {"positive_data_acceptance", "use_after_free", "ensure_resource_availability", "ignored_auth"}
SHOWN_KINDS = ["string", "integer 1–200", "integer 1–1000000000", '"live"']
READINGS = [operation for operation in operations.READINGS if operation.path != URL]


def test_schema_is_served_as_it_is(client):
    response = client.get(URL)

    assert response.json() == openapi.document()
    assert client.get(URL, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_schema_names_no_other_host():
    assert re.findall(r"https?://", openapi.text().decode()) == []


def test_page_describes_every_operation_and_shape(client):
    response = client.get("/api/v1/", headers={"Accept-Language": "en"})

    text = unescape(response.text)
    for operation in operations.ALL:
        assert f"{operation.method.upper()} {operation.path}" in text
        assert f"curl '{django_settings.SITE_URL}{operation.path.format(**samples.PATH)}'" in text
    linked, shown = set(re.findall(r'href="#shape-(\w+)"', text)), set(re.findall(r'id="shape-(\w+)"', text))
    assert linked <= shown
    assert [one.kind for one in reference.sections()[1].parameters[3:]] == SHOWN_KINDS


def addresses(patterns=None, before=""):
    """Every address of the site whose first word is api, as the schema writes it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
        elif route.startswith("api/"):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def test_every_address_of_the_api_is_described():
    described = {operation.path for operation in operations.ALL if operation.path.startswith("/api/")}

    assert set(addresses()) - {"/api/v1/", "/api/v1/{rest}"} == described


@pytest.mark.parametrize("shape", samples.SAMPLES, ids=lambda shape: shape.__name__)
def test_every_example_is_what_it_is_an_example_of(shape):
    text = samples.SAMPLES[shape].model_dump_json()

    assert shape.model_validate_json(text).model_dump_json() == text


def test_an_answer_with_a_field_too_many_or_too_few_is_none():
    sample = samples.SAMPLES[shapes.Board].model_dump()
    too_few = {name: value for name, value in sample.items() if name != "next"}

    for wrong in (sample | {"secret": 1}, too_few):
        with pytest.raises(ValidationError):
            shapes.Board.model_validate(wrong)


@pytest.fixture
def course():
    return make_course(
        make_stage(make_running_camp()), number=1, upload_id=samples.SAMPLES[posts.ClaimedScore].courseId
    )


@pytest.fixture
def student(course):
    """A student with a score, an upload that was refused, and somebody tied with them."""
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="octo")
    make_exercises(course, 2)
    make_standing(course, enrollment, points=10, login="octo", results=[{"exercise": "exercise00", "passed": True}])
    make_standing(course, make_enrollment(course.camp, at=timezone.now()), points=10)
    make_attempt(course, login="octo", points=31, outcome="refused", reason="above_maximum")
    return enrollment.student


@pytest.fixture
def requests_alone():
    """As Django's test client does: the end of a request does not end the test's connection."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@cache
def served_schema():
    return schemathesis.openapi.from_wsgi(URL, get_wsgi_application())


def sender(operation, mode, *, headers, **fixed):
    """Sends a few requests of one operation, the same in every run, through WSGI, and checks each answer."""
    told = served_schema()[operation.path][operation.method.upper()]
    excluded = [check for check in CHECKS.get_all() if check.__name__ in NOT_ASKED]

    @FEW
    @given(told.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK, **fixed))
    def send(case):
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    return send


WITH_QUERY = [operation for operation in READINGS if operation.query.model_fields]
WITH_NUMBER = [operation for operation in READINGS if "{number}" in operation.path]
VALID, INVALID = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@pytest.mark.parametrize(
    ("operation", "mode"),
    [(operation, VALID) for operation in READINGS] + [(operation, INVALID) for operation in WITH_QUERY],
    ids=lambda value: value.name,
)
def test_answers_about_a_course_that_is_there_keep_to_the_schema(requests_alone, operation, mode, course, student):
    words = {"organization": course.camp.organization.slug, "slug": course.camp.slug, "number": course.number}
    words = {name: value for name, value in words.items() if f"{{{name}}}" in operation.path}

    sender(operation, mode, headers={"Cookie": cookie_of(student)}, path_parameters=words)()


@pytest.mark.parametrize(
    ("operation", "mode"),
    [(operation, VALID) for operation in READINGS] + [(operation, INVALID) for operation in WITH_NUMBER],
    ids=lambda value: value.name,
)
def test_answers_to_whatever_anybody_asks_keep_to_the_schema(requests_alone, operation, mode, course):
    sender(operation, mode, headers={})()


POSTED = [operation for operation in operations.POSTS if operation.name != "revokeToken"]


@pytest.mark.parametrize("operation", POSTED, ids=lambda operation: operation.name)
def test_what_is_posted_without_a_token_is_refused_as_described(client, operation, course):
    body = samples.SAMPLES[operation.body].model_dump_json()

    response = client.post(operation.path, body, content_type="application/json")

    assert response.status_code == 401
    operation.answers[response.status_code].model_validate_json(response.content)


@pytest.mark.parametrize("name", ["postClaimedScore", "checkClaimedScore"])
def test_a_claimed_score_is_answered_as_described(client, course, name):
    operation = next(one for one in operations.POSTS if one.name == name)
    body = posts.ClaimedScore(channel="github", courseId=course.upload_id, name="octo", score=3)

    response = client.post(operation.path, body.model_dump_json(), content_type="application/json",
                           headers={"token": make_token(course, at=timezone.now())})  # fmt: skip

    assert response.status_code == 200
    operation.answers[200].model_validate_json(response.content)


def test_a_revoked_token_is_answered_as_described(client):
    response = client.post("/api/v1/tokens/revoke", json.dumps({"token": "x"}), content_type="application/json")

    assert response.status_code == 400
    shapes.Refusal.model_validate_json(response.content)
