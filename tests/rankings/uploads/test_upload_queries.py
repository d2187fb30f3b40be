"""What an upload asks the database, so that it does not creep up. The measured reason is in benchmarks/README.md."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.rankings import boards, services
from camp.rankings.models import FrozenStanding, Standing
from camp.rankings.uploads.middleware import UPLOADS
from tests.factories import (
    NOW,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
    make_token,
    make_upload,
)

pytestmark = pytest.mark.django_db
IN_THE_TEST = ("SAVEPOINT", "RELEASE")  # What a test has instead of BEGIN and COMMIT.
STEP = re.compile(r"(?:step\d+|rows) \([\w, ]+\) AS \(")  # See camp.compiled.Together.


def test_short_way_of_uploads_is_their_address():
    assert reverse("rankings:create_by_third_token") == UPLOADS


@pytest.mark.parametrize("host", ["evil.example.org", "a b"])
def test_short_way_refuses_other_hosts(client, host):
    assert client.post(UPLOADS, "{}", content_type="application/json", headers={"host": host}).status_code == 400


def test_short_way_sends_the_headers_of_every_answer(client):
    response = client.post(UPLOADS, "{}", content_type="application/json")

    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert int(response.headers["Content-Length"]) == len(response.content)


@pytest.fixture
def course():
    """A course whose full marks open the next stage, with a student who has 10 points in it."""
    camp = make_camp()
    course = make_course(make_stage(camp))
    make_requirement(make_stage(camp), course=course)
    make_identity(make_enrollment(camp).student, login="octo")
    course.token = make_token(course)
    for second in range(2):  # The second in the same minute writes neither the token's use nor the first score.
        upload(course, points=10 + second, at=NOW + timedelta(seconds=second))
    return course


def upload(course, *, points, at):
    services.receive(make_upload(course, login="octo", points=points), token=course.token, at=at)


def tables_asked(call):
    """The verb and the table of each step, in order; steps that run as one statement stand in one list."""
    with CaptureQueriesContext(connection) as queries:
        call()
    statements = [query["sql"].replace('"', "") for query in queries]
    return [_steps(statement) for statement in statements if not statement.startswith(IN_THE_TEST)]


def _steps(statement):
    steps = [step for step in STEP.split(statement) if step != "WITH "]
    return [_verb_and_table(step.split()) for step in steps]


def _verb_and_table(words):
    after = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}[words[0]]
    return f"{words[0]} {words[words.index(after) + 1]}"


READ = [
    ["SELECT rankings_uploadtoken"],
    ["INSERT rankings_attempt", "SELECT enrollment_enrollment"],
    ["SELECT rankings_standing"],
]
WRITTEN = [
    ["UPDATE stages_courseprogress", "SELECT stages_stage"],
    ["UPDATE rankings_board"],
    ["UPDATE rankings_standing", "UPDATE rankings_scorerange", "UPDATE rankings_scorecount"],
]


def as_the_database_can(statements):
    """SQLite takes one step at a time."""
    if connection.vendor == "postgresql":
        return statements
    return [[step] for statement in statements for step in statement]


def test_upload_that_does_not_improve_asks_three_statements(course):
    asked = tables_asked(lambda: upload(course, points=11, at=NOW + timedelta(seconds=9)))

    assert asked == as_the_database_can(READ)


@pytest.fixture
def neighbour(course):
    """Somebody with 12 points, whose cells are there."""
    make_identity(make_enrollment(course.camp).student, login="cat")
    services.receive(make_upload(course, login="cat", points=12), token=course.token, at=NOW + timedelta(seconds=3))


def test_upload_that_improves_asks_six(course, neighbour):
    asked = tables_asked(lambda: upload(course, points=12, at=NOW + timedelta(seconds=9)))

    assert asked == as_the_database_can(READ + WRITTEN)
    assert Standing.objects.get(enrollment__student__identities__login="octo").points == 12


def test_first_upload_after_a_freeze_asks_no_more(course, neighbour):
    boards.freeze(course, by=None, moment=NOW + timedelta(seconds=5), at=NOW + timedelta(seconds=4))

    asked = tables_asked(lambda: upload(course, points=12, at=NOW + timedelta(seconds=9)))

    assert asked == as_the_database_can(READ + WRITTEN)
    assert sorted(FrozenStanding.objects.values_list("points", flat=True)) == [11, 12]


def test_upload_before_a_planned_freeze_asks_two_more(course, neighbour):
    boards.freeze(course, by=None, moment=NOW + timedelta(hours=1), at=NOW + timedelta(seconds=4))
    copied = [
        ["SELECT rankings_frozenstanding"],
        ["UPDATE rankings_frozenstanding", "UPDATE rankings_scorerange", "UPDATE rankings_scorecount"],
    ]

    asked = tables_asked(lambda: upload(course, points=12, at=NOW + timedelta(seconds=9)))

    assert asked == as_the_database_can(READ + WRITTEN + copied)
    assert sorted(FrozenStanding.objects.values_list("points", flat=True)) == [12, 12]


def test_upload_of_a_login_that_nobody_linked_asks_three(course):
    stranger = make_upload(course, login="stranger", points=11)

    asked = tables_asked(lambda: services.receive(stranger, token=course.token, at=NOW + timedelta(seconds=9)))

    assert asked == as_the_database_can([*READ[:2], ["SELECT accounts_identity"]])
