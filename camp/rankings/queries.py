"""Questions over boards: pages with their ranks, one's own place, how points are spread."""

from itertools import groupby

from camp.rankings.models import Standing


def rank_of(standing):
    """Competition rank on (points, reached_at): one more than how many are ahead. Equal ones share it."""
    board = Standing.objects.filter(course=standing.course_id)
    return 1 + board.ahead_of(standing.points, standing.reached_at).count()


def ranked(standings, *, first_rank, first_place):
    """(rank, standing) for consecutive standings of a board.

    `first_place` is the 1-based place of the first of them, `first_rank` its rank, which is lower for a tie across the edge.
    """
    rows, place, rank = [], first_place, first_rank
    for _key, tied in groupby(standings, key=lambda standing: (standing.points, standing.reached_at)):
        tied = list(tied)
        rows += [(rank, standing) for standing in tied]
        place += len(tied)
        rank = place
    return rows


def own_standings(enrollment):
    """(rank, standing) of a student in each course of the camp with a score."""
    standings = Standing.objects.filter(enrollment=enrollment).select_related("course").order_by("course__number")
    for standing in standings:
        standing.course.camp = enrollment.camp
    return [(rank_of(standing), standing) for standing in standings]
