"""One rank and one deep page, by each of the ways that a database offers: milliseconds of one statement."""

import time
from statistics import median

from django.db import connection

from camp.rankings.histogram import key_at, with_rank
from camp.rankings.models import Standing

WINDOW = """
    SELECT rank FROM (
        SELECT id, rank() OVER (ORDER BY points DESC, reached_at) AS rank
        FROM rankings_standing WHERE course_id = %(course)s
    ) AS ranked WHERE id = %(id)s
    """
COUNTING = """
    SELECT 1 + count(*) FROM rankings_standing AS ahead, rankings_standing AS own
    WHERE own.id = %(id)s AND ahead.course_id = own.course_id
      AND (ahead.below_zero, ahead.reached_at) < (own.below_zero, own.reached_at)
    """
PAGE = "SELECT id FROM rankings_standing WHERE course_id = %(course)s"
OFFSET = f"{PAGE} ORDER BY below_zero, reached_at, id OFFSET %(before)s LIMIT 50"
KEYSET = f"""{PAGE} AND (below_zero, reached_at, id) >= (%(below_zero)s, %(reached_at)s, %(key)s)
    ORDER BY below_zero, reached_at, id LIMIT 50"""
DEPTH = 0.9


def measured(course, people):
    """[(what, milliseconds)] for somebody in the middle and for the page nine tenths down. The ways have to agree."""
    key = key_at(Standing.objects.all(), course.pk, people // 2)
    own = {"course": course.pk, "id": key[2]}
    histogram = with_rank(Standing.objects.filter(pk=key[2])).order_by().values_list("rank").query.sql_with_params()
    before = int(people * DEPTH)
    points, reached_at, pk = key_at(Standing.objects.all(), course.pk, before + 1)
    deep = {"course": course.pk, "before": before, "below_zero": -points, "reached_at": reached_at, "key": pk}
    ranks = [
        ("own rank by window function", *_timed(WINDOW, own, 3)),
        ("own rank by counting", *_timed(COUNTING, own, 5)),
        ("own rank by the histogram", *_timed(*histogram, 21)),
    ]
    pages = [
        ("deep page by OFFSET", *_timed(OFFSET, deep, 5)),
        ("deep page by row values", *_timed(KEYSET, deep, 21)),
    ]
    for ways in (ranks, pages):
        assert len({str(rows) for _name, _milliseconds, rows in ways}) == 1, ways
    jump = _spent(lambda: key_at(Standing.objects.all(), course.pk, before + 1), 5)
    return [(name, spent) for name, spent, _rows in ranks + pages] + [("its key by the histogram, with Django", jump)]


def _timed(sql, params, times):
    with connection.cursor() as cursor:
        rows = []

        def ask():
            cursor.execute(sql, params)
            rows[:] = cursor.fetchall()

        return _spent(ask, times), rows


def _spent(call, times):
    spent = []
    for _time in range(times):
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return median(spent)
