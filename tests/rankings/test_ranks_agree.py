"""Every person has one rank: on the pages, in their own row, in the API, in the CSV file and on /my/."""

import csv
import io
import re
from random import Random

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from camp.rankings import boards, histogram, queries
from camp.rankings.board_page.board import PER_PAGE, BoardPage
from camp.rankings.models import Standing
from tests.factories import make_course, make_running_camp, make_stage, make_superuser
from tests.rankings import plain
from tests.rankings.crowd import make_crowd, make_standings

pytestmark = pytest.mark.django_db
MANY = 2500
ROW = re.compile(r'<td class="rank"[^>]*>(\d+)</td>\s*<th[^>]*>([\w ]+)')
HOUR = 3600


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), max_points=30)


def expected(course):
    """{name: rank} by a plain sort."""
    rows = Standing.objects.filter(course=course).values_list(
        "enrollment__student__display_name", "points", "reached_at", "pk"
    )
    return {name: rank for name, (rank, _place) in plain.ranks(rows).items()}


def on_pages(course, number):
    client = Client(headers={"Accept-Language": "en"})
    pages = (client.get(course.get_absolute_url(), {"tab": "rank", "page": n + 1}) for n in range(number))
    return [(name.strip(), int(rank)) for page in pages for rank, name in ROW.findall(page.content.decode())]


def in_api(course, *, limit):
    address = f"/api/v1/camps/{'/'.join(course.camp.address)}/courses/{course.number}/board"
    found, after = [], ""
    while after is not None:
        page = Client().get(address, {"limit": limit} | ({"after": after} if after else {})).json()
        found += [(row["name"], row["rank"]) for row in page["rows"]]
        after = page["next"]
    return found


def in_csv(course):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(make_superuser())
    text = b"".join(client.get(f"{course.get_absolute_url()}board.csv").streaming_content).decode("utf-8-sig")
    return [(row["name"], int(row["rank"])) for row in csv.DictReader(io.StringIO(text))]


def annotated(course):
    """What one's own row asks for, asked for everybody in one statement."""
    rows = histogram.with_place(boards.edition_for(course).places).values_list(
        "enrollment__student__display_name", "rank"
    )
    return dict(rows)


def own_rows(course, enrollments):
    boards = ((each, BoardPage(course, viewer=each.student)) for each in enrollments)
    return {each.student.display_name: board.own_row.rank for each, board in boards}


def on_my(enrollments):
    return {each.student.display_name: queries.own_standings(each)[0].rank for each in enrollments}


def test_everybody_among_thousands_has_one_rank_everywhere(course):
    """Many ties, some of them longer than a page, within hours and across them."""
    random, enrollments = Random(7), make_crowd(course.camp, MANY)  # noqa: S311
    seconds = [0] * 80 + [HOUR, HOUR + 1, 2 * HOUR] * 20 + list(range(0, 40 * HOUR, 600))
    make_standings(
        course, enrollments, [(random.choice([0, 7, 29, 30, 30, 30]), random.choice(seconds)) for _ in enrollments]
    )
    ranks = expected(course)

    pages, api, exported = on_pages(course, MANY // PER_PAGE), in_api(course, limit=200), in_csv(course)

    assert len(set(ranks.values())) < MANY / 2
    assert [len(found) for found in (pages, api, exported)] == [MANY, MANY, MANY]
    assert dict(pages) == ranks
    assert dict(api) == ranks
    assert dict(exported) == ranks
    assert annotated(course) == ranks
    assert own_rows(course, enrollments) == on_my(enrollments) == ranks


@settings(
    max_examples=3,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(data=st.data())
def test_ranks_agree_for_any_ties_across_the_edges_of_pages(course, data):
    caches["boards"].clear()  # The versions of boards are taken back with each example.
    with transaction.atomic():
        number = data.draw(st.integers(PER_PAGE - 1, 2 * PER_PAGE + 2), label="people")
        enrollments = make_crowd(course.camp, number)
        result = st.tuples(st.integers(27, 30), st.sampled_from([0, 1, HOUR - 1, HOUR, HOUR + 1, 2 * HOUR]))
        make_standings(course, enrollments, data.draw(st.lists(result, min_size=number, max_size=number)))
        ranks = expected(course)

        assert dict(on_pages(course, -(-number // PER_PAGE))) == ranks
        assert dict(in_api(course, limit=7)) == ranks
        assert own_rows(course, enrollments) == on_my(enrollments) == annotated(course) == ranks
        transaction.set_rollback(True)
