"""Questions over boards: ranks, one's own places, one's attempts."""

from itertools import groupby

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Concat

from camp.accounts.models import Identity
from camp.rankings.models import Attempt, Standing
from camp.rankings.standings import attempts_of


def rank_of(standing):
    """Competition rank on (points, reached_at): one more than how many are ahead. Equal ones share it."""
    board = Standing.objects.filter(course=standing.course_id)
    return 1 + board.ahead_of(standing.points, standing.reached_at).count()


def place_of(standing):
    """1-based place in the order of the board, in which the id decides between equal ones."""
    tied = Standing.objects.filter(
        course=standing.course_id, points=standing.points, reached_at=standing.reached_at, pk__lt=standing.pk
    )
    return rank_of(standing) + tied.count()


def ranked(standings, *, first_rank, first_place):
    """(rank, standing) for consecutive standings of a board.

    `first_place` is the 1-based place of the first of them; its rank is lower where a tie began before.
    """
    rows, place, rank = [], first_place, first_rank
    for _key, group in groupby(standings, key=lambda standing: (standing.points, standing.reached_at)):
        tied = list(group)
        rows += [(rank, standing) for standing in tied]
        place += len(tied)
        rank = place
    return rows


def own_standings(enrollment):
    """A student's standings with their ranks, one for each course of the camp with a score."""
    standings = Standing.objects.filter(enrollment=enrollment).select_related("course", "best").with_rank()
    return [_camp_known(standing, enrollment.camp) for standing in standings.order_by("course__number")]


def _camp_known(standing, camp):
    standing.course.camp = camp
    return standing


def own_attempts(user, course):
    """The user's attempts in a course, and those that named no course we know, newest first."""
    return attempts_of(user).filter(Q(course=course) | Q(course=None)).for_list()


def recent_refusals(user, *, since):
    return attempts_of(user).refused().filter(received_at__gte=since).for_list()


def unlinked_logins(courses):
    """Logins with accepted attempts in these courses that nobody has ever linked, the latest first, as dictionaries.

    Proven attempts belong to a numeric id from the start. Names are compared with the whole set of
    linked ones at once: one look-up for each attempt took half a minute.
    """
    name = Concat("channel", Value(":"), "login_key")
    linked = Identity.objects.annotate(name=name).values("name")
    claimed = Attempt.objects.accepted().claimed().filter(course__in=courses)
    attempts = claimed.annotate(name=name).exclude(name__in=linked)
    found = attempts.values("channel", "login_key")
    return found.annotate(attempts=Count("pk"), last_at=Max("received_at")).order_by("-last_at", "login_key", "channel")
