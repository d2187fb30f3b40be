"""Ranks on pages: against a plain sort, for ties across a page edge, for the own row."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from camp.rankings import histogram, queries
from camp.rankings.board_page.board import PER_PAGE, BoardPage
from camp.rankings.board_page.distribution import bin_of, spread
from camp.rankings.models import Standing
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_stage,
    make_standing,
    make_student,
)
from tests.rankings.boards import make_board, plain_ranks

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


def board_of(course, **options):
    return BoardPage(course, viewer=AnonymousUser(), **options)


def test_ranks_on_every_page_equal_a_plain_sort_with_ties_across_the_edge(course):
    alone, tied_across_the_edge = [(30, i) for i in range(PER_PAGE - 2)], [(20, 0)] * 5
    make_board(course, alone + tied_across_the_edge + [(20, 1), (3, 0), (3, 0), (0, 0)])
    expected = plain_ranks(course)

    rows = [row for number in ("1", "2") for row in board_of(course, number=number).rows]

    assert {row.standing.pk: row.rank for row in rows} == expected
    assert [row.rank for row in rows][46:] == [47, 48, 49, 49, 49, 49, 49, 54, 55, 55, 57]


def test_own_row_and_own_page_agree_with_the_pages(course):
    make_board(course, [(30, i) for i in range(PER_PAGE)] + [(20, 0), (20, 0), (20, 0)])
    for standing in Standing.objects.select_related("enrollment__student").order_by("pk")[PER_PAGE - 1 :]:
        board = BoardPage(course, viewer=standing.enrollment.student)

        page = BoardPage(course, viewer=standing.enrollment.student, number=str(board.own_page))

        assert [(row.rank, row.standing) for row in page.rows if row.is_own] == [(board.own_row.rank, standing)]


def test_annotated_rank_place_and_counted_rank_agree(course):
    make_board(course, [(30, 0), (20, 1), (20, 1), (20, 2), (5, 0)])
    expected = plain_ranks(course)

    annotated = {standing.pk: standing.rank for standing in histogram.with_rank(Standing.objects.all())}
    counted = {standing.pk: queries.rank_of(standing) for standing in Standing.objects.all()}
    places = sorted(queries.place_of(standing)[1] for standing in Standing.objects.all())

    assert (annotated, counted, places) == (expected, expected, [1, 2, 3, 4, 5])


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "9" * 40, "", "1.5"])
def test_page_past_the_end_is_a_404(course, number):
    make_board(course, [(30, i) for i in range(PER_PAGE + 1)])

    with pytest.raises(Http404):
        _ = board_of(course, number=number).page


def test_empty_board_has_one_empty_page(course):
    assert board_of(course).rows == []


def test_search_finds_by_name_and_login_with_true_ranks(course):
    make_board(course, [(30, 0), (29, 0)])
    student = make_student("needle", display_name="林小满")
    enrollment = make_enrollment(course.camp, student=student)
    make_identity(student, login="Octo-Needle")
    make_standing(course, enrollment, points=10, login="Octo-Needle")

    searched = [board_of(course, search=text).rows for text in ("小满", "octo-n", "NEEDLE", "nobody")]
    found = [[(row.rank, str(row.standing.enrollment.student)) for row in rows] for rows in searched]

    assert found == [[(3, "林小满")], [(3, "林小满")], [(3, "林小满")], []]


def test_spread_has_a_range_for_full_marks_alone():
    bins = spread([(0, 1), (2, 2), (3, 1), (29, 4), (30, 7)], maximum=30, own=bin_of(29, maximum=30))

    assert [(b.label, b.count, b.is_own) for b in bins if b.count] == [
        ("0–2", 3, False), ("3–5", 1, False), ("27–29", 4, True), ("30", 7, False)
    ]  # fmt: skip


@given(
    maximum=st.integers(1, 600),
    counts=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 50)), max_size=20),
)
def test_spread_counts_everybody_once(maximum, counts):
    counts = [(min(points, maximum), people) for points, people in counts]

    bins = spread(counts, maximum=maximum)

    assert sum(b.count for b in bins) == sum(people for _points, people in counts)
    assert len(bins) <= 13
