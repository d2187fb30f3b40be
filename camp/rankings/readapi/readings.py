"""What a reader is told of a board, of themselves on it, of their uploads, of the exercises: the shapes, filled in."""

from django.db.models import Q

from camp.rankings.access import reads_as_staff
from camp.rankings.board_page.board import BoardPage
from camp.rankings.histogram import key_at
from camp.rankings.models import Correction
from camp.rankings.naming import shown_as
from camp.rankings.queries import place_of, ranked
from camp.rankings.readapi import shapes
from camp.rankings.readapi.cursors import ATTEMPTS, BOARD
from camp.rankings.results import own_results
from camp.rankings.standings import attempts_of


def course_told(course):
    return shapes.Course(
        number=course.number, name=course.name, maximum=course.max_points, has_board=course.has_homework,
        counts=course.counts, proof_from=course.proof_from, page=course.get_absolute_url(),
    )  # fmt: skip


class BoardReading:
    """The board of a course as one reader's page of it shows it: a part of any length, or their own standing."""

    def __init__(self, course, reader, *, live=False):
        self.course, self.reader = course, reader
        is_staff = reads_as_staff(reader, course)
        self.board = BoardPage(course, viewer=reader, live=live and is_staff, to_staff=is_staff)
        self.edition = self.board.edition

    @property
    def state(self):
        """What the answer depends on beside the board's version: one's own row tells more to oneself."""
        return self.reader.pk, self.board.audience, self.board.state, self.course.name

    @property
    def is_frozen(self):
        """Whether this reader is shown an earlier moment, also where nothing has changed since then."""
        return self.board.until is not None

    def part(self, *, limit, key=None, place=None):
        """The rows behind a key, or from a place on, or from the first: at most `limit`."""
        found = list(self._from(key, place).for_board()[: limit + 1])
        rows, more = found[:limit], len(found) > limit
        return shapes.Board(
            course=course_told(self.course), people=self.board.pages.count, frozen=self.is_frozen,
            frozen_since=self.edition.board.freezes_at if self.edition.has_freeze else None,
            rows=self._rows(rows, begins=key is None and place in (None, 1)),
            next=BOARD.write(rows[-1].key, course=self.course) if more else None,
        )  # fmt: skip

    def _from(self, key, place):
        standings = self.board.standings
        if key:
            return standings.after(key)
        if place is None or place == 1:
            return standings
        start = key_at(self.edition.places, self.course.pk, place)
        return standings.from_key(start) if start else standings.none()

    def _rows(self, standings, *, begins):
        """The rows of these consecutive standings; where the board begins with them, nothing need be counted."""
        first_rank, first_place = (1, 1) if begins or not standings else place_of(standings[0])
        pairs = ranked(standings, first_rank=first_rank, first_place=first_place)
        own = self.board.own_standing
        return [_row(self.board.row(rank, one, own=own, place=first_place + n)) for n, (rank, one) in enumerate(pairs)]

    @property
    def has_own(self):
        return self.board.own_standing is not None

    def own_standing(self):
        own, others = self.board.own_standing, shown_as(self.board.own_standing)
        return shapes.Standing(
            rank=own.rank, place=own.place, page=self.board.own_page, people=self.board.pages.count, points=own.points,
            maximum=self.course.max_points, adjustment=own.adjustment, reached_at=own.reached_at,
            proven=_is_proven(own), requirement_met=self.board.own_row.is_enough, frozen=self.is_frozen,
            others_see=shapes.PublicFace(name=others.name, login=others.login or None, channel=_channel(own, others)),
        )  # fmt: skip


def _row(row):
    one, shown = row.standing, row.shown
    return shapes.Row(
        rank=row.rank, place=row.place, name=shown.name, login=shown.login or None, channel=_channel(one, shown),
        points=one.points, reached_at=one.reached_at, proven=_is_proven(one), requirement_met=row.is_enough,
        own=row.is_own, others_see=shown.note or None,
    )  # fmt: skip


def _channel(standing, shown):
    return standing.best.channel if shown.login else None


def _is_proven(standing):
    return standing.best is not None and standing.best.is_proven


def uploads(user, course, *, limit, key=None):
    """A student's own attempts in a course, those moved here by staff, and those that named no course we know."""
    moved = Correction.objects.in_force().of(Correction.Kind.MOVED).filter(to_course=course)
    here = Q(course=course) | Q(course=None) | Q(pk__in=moved.values("attempt"))
    own = attempts_of(user).filter(here).select_related("course").order_by("-received_at", "-id")
    if key:
        received_at, pk = key
        own = own.filter(Q(received_at__lt=received_at) | Q(received_at=received_at, pk__lt=pk))
    found = list(own.defer("ext", "claims", "results", "answer")[: limit + 1])
    rows, more = found[:limit], len(found) > limit
    corrections = _corrections(rows)
    told = [_upload(attempt, corrections.get(attempt.pk), course) for attempt in rows]
    end = more and (rows[-1].received_at, rows[-1].pk)
    return shapes.Uploads(attempts=told, next=ATTEMPTS.write(end, course=course) if more else None)


def _corrections(attempts):
    found = Correction.objects.in_force().filter(attempt__in=attempts).select_related("to_course")
    return {correction.attempt_id: correction for correction in found}


def _upload(attempt, correction, course):
    here = correction.to_course if correction else attempt.course
    return shapes.Upload(
        id=attempt.pk, received_at=attempt.received_at, course=attempt.course and attempt.course.number,
        channel=attempt.channel or None, login=attempt.login, points=attempt.points, source=attempt.source,
        outcome=attempt.outcome, reason=attempt.reason or None,
        message=attempt.get_reason_display() if attempt.reason else None, answer=attempt.detail or None,
        commit=attempt.commit or None, counts=here == course and (attempt.is_accepted or correction is not None),
        correction=correction and _correction(correction),
    )  # fmt: skip


def _correction(correction):
    return shapes.AttemptCorrection(
        kind=correction.kind, reason=correction.reason, made_at=correction.made_at,
        moved_to=correction.to_course and correction.to_course.number,
    )  # fmt: skip


def exercises(user, course):
    """The exercises, with what the reader's own uploads say of them where there is a reader and they say anything."""
    listed = list(course.exercises.all())
    own = own_results(user, listed, course) if user.is_authenticated else None
    states = {line.exercise.pk: line.state.value for line in own.lines} if own else {}
    told = [shapes.Exercise(name=one.name, former_names=one.former_names, state=states.get(one.pk)) for one in listed]
    return shapes.Exercises(exercises=told, as_of=own.as_of if own else None)
