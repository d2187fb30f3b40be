"""What the attempts and corrections of a whole camp come to, course by course: each table read once, nothing written.

The rules are those of camp/rankings/standings, which derives one student under locks. Here is only found who differs.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Max, Sum

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings import histogram
from camp.rankings.models import Attempt, Board, Correction, FrozenStanding, Standing
from camp.rankings.standings import NO_ADJUSTMENT, Adjustment, result_of
from camp.stages.models import Course, CourseProgress


class Best(NamedTuple):
    """As much of an attempt as competes: the least is the best."""

    below_zero: Decimal
    received_at: datetime
    pk: int

    @property
    def points(self):
        return -self.below_zero


class Owners:
    """Whose the attempts of a camp's students are, as `standings.attempts_of` says it of one of them."""

    def __init__(self, camp):
        students = Enrollment.objects.in_camp(camp).values("student")
        self.by_identity, self.by_name = {}, defaultdict(list)
        for identity in Identity.objects.filter(user__in=students):
            self.by_identity[identity.pk] = identity.user_id
            self.by_name[identity.channel, identity.login_key].append(identity)

    def of(self, attempt):
        """The users whose attempt it is."""
        if attempt.identity_id is not None:
            return filter(None, [self.by_identity.get(attempt.identity_id)])
        held = () if attempt.is_proven else self.by_name.get((attempt.channel, attempt.login_key), ())
        return [each.user_id for each in held if _owned(each, attempt.received_at)]


def _owned(identity, moment):
    began = identity.owned_from is None or identity.owned_from < moment
    return began and (identity.unlinked_at is None or moment <= identity.unlinked_at)


class Recomputed:
    """One course of a camp: what everybody should have there, and who has something else."""

    def __init__(self, course, owners):
        self.course, self.owners = course, owners
        self.enrollments = list(Enrollment.objects.in_camp(course.camp_id).only("camp", "student", "status"))
        self.board = Board.objects.filter(course=course).first()

    def differing(self):
        """The ids of the enrollments whose standing, live or frozen, or whose progress is not what it should be."""
        wrong = self._wrong_progress() | self._wrong_places(Standing, self.shown)
        if self.board and self.board.is_copied:
            until = self.board.freezes_at
            best, _counting = self._attempts(until=until)
            wrong |= self._wrong_places(FrozenStanding, self._results(best, until=until, only_active=True))
        return wrong

    @cached_property
    def _now(self):
        return self._attempts(until=None)

    @cached_property
    def shown(self):
        """{enrollment id: Result} of everybody who stands on the board."""
        return self._results(self._now[0], until=None, only_active=True)

    @cached_property
    def counting(self):
        """{enrollment id: Result} of what is handed on for promotion, also of those who are away."""
        return self._results(self._now[1], until=None, only_active=False)

    def _attempts(self, *, until):
        """({user id: the best}, {user id: the best that counts for promotion}), both as Best."""
        best, counting = {}, {}
        fields = ("pk", "points", "received_at", "source", "identity_id", "channel", "login_key")
        for attempt in Attempt.objects.counted_in(self.course, until=until).only(*fields).order_by().iterator(5000):
            one = Best(-min(attempt.points, self.course.max_points), attempt.received_at, attempt.pk)
            for user in self.owners.of(attempt):
                best[user] = min(best.get(user, one), one)
                if attempt.counts_in(self.course):
                    counting[user] = min(counting.get(user, one), one)
        return best, counting

    def _results(self, best, *, until, only_active):
        given = _adjustments(self.course, until=until)
        asked = [each for each in self.enrollments if each.is_active or not only_active]
        found = {
            each.pk: result_of(best.get(each.student_id), given.get(each.pk, NO_ADJUSTMENT), self.course)
            for each in asked
        }
        return {pk: result for pk, result in found.items() if result}

    def _wrong_places(self, model, results):
        fields = ("points", "reached_at", "best_id", "adjustment", "low")
        rows = model.objects.filter(course=self.course).values_list("enrollment", *fields)
        return _unequal({pk: tuple(told) for pk, *told in rows}, {pk: self._told(one) for pk, one in results.items()})

    def _told(self, result):
        width = self.board.range_width if self.board else histogram.width_for(self.course.max_points)
        low = histogram.low_of(result.points, width)
        return result.points, result.reached_at, result.best_id, result.adjustment, low

    def _wrong_progress(self):
        """Progress of no points may be there or not."""
        rows = CourseProgress.objects.filter(course=self.course, points__gt=0).values_list("enrollment", "points")
        points = {pk: result.points for pk, result in self.counting.items() if result.points}
        return _unequal(dict(rows), points)


def _adjustments(course, *, until):
    lines = Correction.objects.in_force_at(until).of(Correction.Kind.ADJUSTED).filter(course=course)
    sums = lines.order_by().values_list("enrollment").annotate(points=Sum("points"), made_at=Max("made_at"))
    return {pk: Adjustment(points, made_at) for pk, points, made_at in sums}


def _unequal(one, other):
    """The keys under which two dictionaries differ."""
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def recomputed(camp, courses=None):
    """A Recomputed for each course of a camp, or for these."""
    owners = Owners(camp)
    for course in Course.objects.filter(camp=camp).order_by("pk") if courses is None else courses:
        yield Recomputed(course, owners)
