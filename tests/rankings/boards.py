"""Boards of many people for tests, and their ranks by a plain sort."""

from datetime import timedelta
from itertools import groupby

from camp.enrollment.models import Enrollment
from camp.rankings.models import Standing
from tests.factories import NOW, make_standing, make_student

SECOND = timedelta(seconds=1)


def make_board(course, results):
    """Standings of many people at once: `results` are (points, seconds) pairs."""
    for points, seconds in results:
        student = make_student()
        enrollment = Enrollment.objects.create(camp=course.camp, student=student, status="active")
        make_standing(course, enrollment, points=points, at=NOW + seconds * SECOND)


def plain_ranks(course):
    """The rule said again, over a plain sort."""
    rows = sorted(Standing.objects.filter(course=course), key=lambda s: (-s.points, s.reached_at, s.pk))
    ranks, place = {}, 1
    for _key, tied in groupby(rows, key=lambda s: (s.points, s.reached_at)):
        tied = list(tied)
        ranks |= {standing.pk: place for standing in tied}
        place += len(tied)
    return ranks
