"""The benchmark still loads a true camp, and its bare views still do the work. How fast is not asked here."""

import json
from itertools import islice
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory

from benchmarks import bare, environment, freezing, load, plans, ranks, traffic
from benchmarks.__main__ import command_line
from camp.rankings.models import Attempt, Standing
from camp.rankings.queries import rank_of
from camp.rankings.rebuild import rebuild_standings

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 60

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def world():
    return load.load(PEOPLE)


def answered(response):
    assert response.status_code == 200
    return response.content.decode()


def bare_upload(world, login, points):
    body = {"channel": "github", "courseId": world.other.pk, "ext": "", "name": login, "score": points}
    request = RequestFactory().post("/upload", body | {"totalScore": 600}, content_type="application/json")
    return answered(bare.upload(request))


def test_what_is_loaded_is_what_its_attempts_say(world):
    assert rebuild_standings(world.camp, repair=False) == []
    assert Standing.objects.count() == PEOPLE * 2


def test_every_way_to_a_rank_and_to_a_deep_page_agrees(world):
    assert len(ranks.measured(world.course, PEOPLE)) == 6


def test_freezing_is_measured_and_leaves_the_board_as_it_was(world):
    assert len(freezing.measured(world.other, PEOPLE)) == 3
    assert rebuild_standings(world.camp, repair=False) == []


def test_bare_upload_keeps_the_attempt_and_the_better_standing(world):
    standing = Standing.objects.filter(course=world.other, points__lt=500).select_related("best").first()
    login = standing.best.login

    for points in (550, 540):
        assert bare_upload(world, login, points) == '{"result":1,"msg":""}'

    standing.refresh_from_db()
    assert standing.points == 550
    assert Attempt.objects.filter(course=world.other, login=login).count() == 3


def test_bare_board_tells_the_rank_that_camp_tells(world):
    standing = Standing.objects.filter(course=world.course).first()
    query = {"course": world.course.pk, "enrollment": standing.enrollment_id}

    page = answered(bare.board(RequestFactory().get("/board", query)))

    assert f"rank {rank_of(standing)}</p>" in page
    assert page.count("<tr>") == 50


def test_traffic_improves_as_often_as_it_says(world):
    uploads = traffic.camp_uploads(world)
    stream = uploads.streams(100)[0]
    scores = dict(Standing.objects.filter(course=world.course).values_list("best__login", "points"))

    sent = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in islice(stream, 2)]

    assert [upload["score"] - scores[upload["name"]] for upload in sent] == [1, 1]


def test_plans_tell_how_each_statement_is_found(world, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    standing = Standing.objects.filter(course=world.course, points__lt=29).select_related("best").first()
    upload = (standing.best.login, int(standing.points) + 1)

    [(name, statements)] = plans.explained(plans.upload_requests(world, upload, upload)[1:])

    assert name == "upload that improves"
    moved = "update rankings_standing, update rankings_scorerange, update rankings_scorecount"
    assert moved in dict(statements)


def test_counts_that_differ_are_found(world):
    with connection.cursor() as cursor:
        cursor.execute(load.COUNTS_THAT_DIFFER, [world.course.pk] * 2)
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "UPDATE rankings_scorecount SET people = 99 WHERE id = (SELECT min(id) FROM rankings_scorecount)"
        )
        cursor.execute(load.COUNTS_THAT_DIFFER, [world.course.pk] * 2)
        assert cursor.fetchone() == (1,)


def test_server_is_started_as_in_production():
    dev = (ROOT / "dev").read_text()

    assert all(f'"{word}"' in dev for word in [*environment.GRANIAN, *environment.WORKERS] if not word.isdigit())


def test_sizes_are_those_of_the_issue():
    assert command_line().parse_args([]).sizes == [10_000, 100_000, 1_000_000]
