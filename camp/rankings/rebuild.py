"""Everything that is derived from attempts and corrections, computed again, compared, and repaired where it differs.

Who differs is found for a whole course at once (camp/rankings/recomputing); only those are derived again, one student a
transaction. Then the counts of each board, one board a transaction.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import DecimalField, F, Value
from django.db.models.functions import Floor

from camp.enrollment.models import Enrollment
from camp.rankings import boards, frozen_copy, histogram, standings
from camp.rankings.models import Attempt, Board, FrozenStanding, Standing
from camp.rankings.models.standing import POINTS
from camp.rankings.recomputing import recomputed

MOST_AT_ONCE = 200_000  # Uploads of a camp that are compared while somebody waits for a page; some seconds.
MOST_REPAIRED = 300  # Students of a course, while somebody waits for a page; a hundredth of a second each.
EDITIONS = [(Standing, "board"), (FrozenStanding, "frozen board")]


def rebuild_standings(camp, *, course=None, repair=True, most=None, say=None):
    """Compare what a camp, or one course of it, has with its attempts. Returns what differed, in sentences.

    What differs is repaired unless told not to; of each course, `most` students at most. `say` is told how far it is.
    """
    differences = []
    for one in recomputed(camp, [course] if course else None):
        found = sorted(one.differing())
        differences += _of_students(found[:most], one.course, repair=repair)
        if more := len(found[most:] if most else []):
            differences.append(f"{one.course}: {more} more students differ. The command rebuild_standings takes all.")
        differences += _of_board(one.course, repair=repair)
        if say:
            say(f"{one.course}: {len(one.enrollments)} students compared, {len(found)} differ")
    return differences


def _of_students(ids, course, *, repair):
    for enrollment in Enrollment.objects.filter(pk__in=ids).select_related("student").order_by("pk"):
        yield from _of_student(enrollment, course, repair=repair)


def is_too_large(camp):
    """Whether comparing the camp takes longer than somebody waits for a page."""
    return Attempt.objects.filter(course__camp=camp).order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


@transaction.atomic
def _of_student(enrollment, course, *, repair):
    before = _told(enrollment, course)
    savepoint = transaction.savepoint()
    if not standings.derive(enrollment, course):
        return []
    after = _told(enrollment, course)
    if not repair:
        transaction.savepoint_rollback(savepoint)
    return [f"{enrollment.student} in {course}: stored {before}; attempts say {after}"]


def _told(enrollment, course):
    """What is stored of one person in one course, for a reader of the differences."""
    places = [_standing_told(model, enrollment, course) for model in (Standing, FrozenStanding)]
    progress = f"progress {standings.points_recorded(enrollment, course):f}"
    return ", ".join([told for told in places if told] + [progress]) if any(places) else f"no standing, {progress}"


def _standing_told(model, enrollment, course):
    row = model.objects.filter(enrollment=enrollment, course=course).first()
    label = "frozen at " if model is FrozenStanding else ""
    return f"{label}{row.points.normalize():f} at {row.reached_at.isoformat()}" if row else ""


@transaction.atomic
def _of_board(course, *, repair):
    """Compare the counts of a course's board, live and frozen, with its standings."""
    board = Board.objects.select_for_update(no_key=True).filter(course=course).first()
    if board is None:
        return []
    found = list(_differences_of(board, course))
    if found and repair:
        _repair(board, course)
    return [f"{course}: {text}" for text in found]


def _differences_of(board, course):
    if _has_remains(board):
        yield "a frozen board is left over from a freeze that was lifted"
    for model, name in EDITIONS:
        if any(_counted(board, model, level) != _stored(board, model, level) for level in histogram.LEVELS):
            yield f"the counts of the {name} differ from its standings"
    width = histogram.width_for(course.max_points)
    if board.range_width != width:
        yield f"ranges of {board.range_width} points instead of {width}"


def _has_remains(board):
    return not board.keeps_copy and FrozenStanding.objects.filter(course=board.pk).exists()


def _counted(board, model, level):
    """{cell: people} as the standings say."""
    return {tuple(cell): people for *cell, people in histogram.counted(model.objects.filter(course=board.pk), level)}


def _stored(board, model, level):
    cells = level.objects.filter(course=board.pk, is_frozen=model is FrozenStanding, people__gt=0)
    return {tuple(cell): people for *cell, people in cells.values_list(*histogram.LEVELS[level], "people")}


def _repair(board, course):
    if _has_remains(board):
        frozen_copy.drop(board)
    recount(board, width=histogram.width_for(course.max_points))


def recount(board, *, width):
    """Count a board anew, in ranges of this width."""
    for model, _name in EDITIONS:
        places = model.objects.filter(course=board.pk)
        _place_in_ranges(places, width)
        histogram.empty(board.pk, is_frozen=model is FrozenStanding)
        histogram.add_all(places)
    Board.objects.filter(pk=board.pk).update(range_width=width)
    boards.bump(board.pk, frozen=True, at_once=True)


def _place_in_ranges(places, width):
    """Write the range of each score on its standings."""
    width = Value(Decimal(width), output_field=DecimalField(**POINTS))
    low = Floor(F("points") / width) * width
    places.exclude(low=low).update(low=low)
