"""Questions over boards: ranks, one's own places, one's attempts."""

from itertools import groupby

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Concat

from camp.accounts.models import Identity
from camp.rankings.histogram import with_place, with_rank
from camp.rankings.models import Attempt, Board, FrozenStanding, Standing
from camp.rankings.standings import attempts_of


def rank_of(standing):
    """The competition rank of one stored standing, live or frozen."""
    return with_rank(type(standing).objects.filter(pk=standing.pk)).values_list("rank", flat=True).get()


def place_of(standing):
    """(rank, place): its 1-based place in the order of the board, in which the id decides between equal ones."""
    return with_place(type(standing).objects.filter(pk=standing.pk)).values_list("rank", "place").get()


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
    """A student's standings with their ranks, one for each course with a score; frozen where the board is."""
    frozen = Board.objects.filter(course__camp=enrollment.camp, is_copied=True).values("course")
    live = Standing.objects.filter(enrollment=enrollment).exclude(course__in=frozen)
    as_frozen = FrozenStanding.objects.filter(enrollment=enrollment, course__in=frozen)
    rows = [row for places in (live, as_frozen) for row in with_rank(places.select_related("course", "best"))]
    return sorted((_camp_known(row, enrollment.camp) for row in rows), key=lambda row: row.course.number)


def _camp_known(standing, camp):
    standing.course.camp = camp
    return standing


def frozen_boards(camp, now):
    """The boards of a camp that stand still for students, with their courses."""
    frozen = Board.objects.filter(course__camp=camp, freezes_at__lte=now)
    return frozen.select_related("course").order_by("course__number")


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
    linked = Identity.objects.ever_owned().annotate(name=name).values("name")
    claimed = Attempt.objects.accepted().claimed().filter(course__in=courses)
    attempts = claimed.annotate(name=name).exclude(name__in=linked)
    found = attempts.values("channel", "login_key")
    return found.annotate(attempts=Count("pk"), last_at=Max("received_at")).order_by("-last_at", "login_key", "channel")
