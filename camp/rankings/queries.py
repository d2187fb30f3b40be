"""Questions over boards: ranks, one's own places, one's attempts."""

from itertools import groupby

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from camp.accounts.models import Identity
from camp.compiled import Compiled, Given
from camp.enrollment.models import Enrollment
from camp.rankings.histogram import with_rank, with_ties
from camp.rankings.models import Attempt, Board, FrozenStanding, Standing
from camp.rankings.standings import attempts_of


def own_place(student, board, *, is_frozen):
    """Where an active student stands on a board: loaded `for_board`, with `rank` and `place`. None off the board."""
    model = FrozenStanding if is_frozen else Standing
    own = _OWN_PLACE[model].first(course=board.course_id, camp=board.course.camp_id, student=student.pk)
    if own:
        own.place, own.enrollment.student = own.rank + own.ties, student
    return own


def _own_place(model):
    """Its SQL is the longest of a page, and made once. See camp.compiled.

    The database plans it each time, for longer than it takes: so without a join of what is known, the student.
    """

    def build():
        own = {"student": Given(Enrollment.student), "camp": Given(Enrollment.camp), "status": Enrollment.Status.ACTIVE}
        of_student = {f"enrollment__{name}": value for name, value in own.items()}
        return with_ties(model.objects.filter(course=Given(model.course), **of_student).order_by().for_own_place())

    return Compiled(build)


_OWN_PLACE = {model: _own_place(model) for model in (Standing, FrozenStanding)}


def rank_of(standing):
    """The competition rank of one stored standing, live or frozen."""
    return place_of(standing)[0]


def place_of(standing):
    """(rank, place): its 1-based place in the order of the board, in which the id decides between equal ones."""
    rank, ties = _RANK[type(standing)].first(id=standing.pk)
    return rank, rank + ties


def _rank(model):
    return Compiled(lambda: with_ties(model.objects.filter(pk=Given(model.id))).order_by().values_list("rank", "ties"))


_RANK = {model: _rank(model) for model in (Standing, FrozenStanding)}


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
    frozen = frozen_boards(enrollment.camp, timezone.now()).filter(is_copied=True).order_by().values("course")
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
