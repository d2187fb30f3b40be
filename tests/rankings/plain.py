"""The rules of scores said a second time, in plain Python over all rows: what tests hold the site's tables against."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings.models import Attempt, Correction, ScoreCount, ScoreRange


@dataclass(frozen=True)
class Place:
    """Where one student stands, as far as the rules decide it."""

    points: object
    reached_at: object
    best_id: int | None


class Facts:
    """All rows that the rules go by, read once. Answers are for now, or as of a moment."""

    def __init__(self):
        self.attempts, self.lines = list(Attempt.objects.select_related("identity")), list(Correction.objects.all())
        self.identities, self.enrollments = list(Identity.objects.all()), list(Enrollment.objects.all())

    def places(self, course, *, until=None):
        """{enrollment id: Place} of everybody who stands on the board of a course."""
        active = [each for each in self.enrollments if each.camp_id == course.camp_id and each.is_active]
        found = {each.pk: self.place_of(each, course, until=until) for each in active}
        return {pk: place for pk, place in found.items() if place}

    def place_of(self, enrollment, course, *, until=None, is_for_promotion=False):
        lines = self._in_force(until)
        own = self._attempts(enrollment.student_id, course, lines, until)
        attempts = [each for each in own if not is_for_promotion or _counts(each, course)]
        given = [line for line in lines if line.kind == "adjusted" and line.enrollment_id == enrollment.pk]
        given = [line for line in given if line.course_id == course.pk]
        delta = sum(line.points for line in given)
        if not attempts and delta <= 0:
            return None
        worth = {each.pk: min(each.points, course.max_points) for each in attempts}
        best = min(attempts, key=lambda each: (-worth[each.pk], each.received_at, each.pk), default=None)
        points = max(0, min((worth[best.pk] if best else 0) + delta, course.max_points))
        reached_at = best.received_at if best else max(line.made_at for line in given)
        return Place(points, reached_at, best.pk if best else None)

    def _in_force(self, until):
        if until is None:
            return [line for line in self.lines if line.reverted_at is None]
        made = [line for line in self.lines if line.made_at <= until]
        return [line for line in made if line.reverted_at is None or line.reverted_at > until]

    def _attempts(self, user_id, course, lines, until):
        """The user's attempts that count in the course."""
        corrected = {line.attempt_id: line for line in lines if line.attempt_id}
        received = [each for each in self.attempts if until is None or each.received_at <= until]
        counted = [each for each in received if _course_id(each, corrected.get(each.pk)) == course.pk]
        return [each for each in counted if self._owns(user_id, each)]

    def _owns(self, user_id, attempt):
        if attempt.is_proven:
            return attempt.identity is not None and attempt.identity.user_id == user_id
        own = [each for each in self.identities if each.user_id == user_id and each.channel == attempt.channel]
        return any(each.login_key == attempt.login_key and _owned_then(each, attempt.received_at) for each in own)


def _counts(attempt, course):
    is_early = course.proof_from is None or attempt.received_at < course.proof_from
    return attempt.is_proven or (course.counts == "claimed" and is_early)


def _course_id(attempt, line):
    """Where an attempt counts, None where it counts nowhere."""
    if line is None:
        return attempt.course_id if attempt.outcome == "accepted" else None
    return line.to_course_id if line.kind == "moved" else None


def _owned_then(identity, moment):
    began = identity.owned_from is None or identity.owned_from < moment
    return began and (identity.unlinked_at is None or moment <= identity.unlinked_at)


def ranks(rows):
    """{key: (rank, place)} of rows (key, points, reached_at, id): competition rank, and the 1-based place in order."""
    found, place = {}, 1
    ordered = sorted(rows, key=lambda row: (-row[1], row[2], row[3]))
    for _tie, tied in groupby(ordered, key=lambda row: (row[1], row[2])):
        tied = list(tied)
        found |= {row[0]: (place, place + index) for index, row in enumerate(tied)}
        place += len(tied)
    return found


def cells(rows, width):
    """(ranges, exact scores by the hour) of standings, as the histogram must hold them."""
    hours = [(row.points // width * width, row.points, _hour(row.reached_at)) for row in rows]
    return Counter(low for low, _points, _hour in hours), Counter(hours)


def stored_cells(course, *, is_frozen=False):
    board = {"course": course, "is_frozen": is_frozen, "people__gt": 0}
    ranges = ScoreRange.objects.filter(**board).values_list("low", "people")
    counts = ScoreCount.objects.filter(**board).values_list("low", "points", "hour", "people")
    return Counter(dict(ranges)), Counter({(low, points, hour): n for low, points, hour, n in counts})


def _hour(moment):
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
