"""Everything that is derived from attempts and corrections, computed again, compared, and repaired where it differs.

Standings and progress of each student first, then the counts of each board. One student, and one board, a transaction.
"""

from collections import Counter

from django.db import transaction

from camp.enrollment.models import Enrollment
from camp.rankings import boards, histogram, standings
from camp.rankings.models import Board, FrozenStanding, ScoreCount, ScoreRange, Standing
from camp.stages.models import Course


def rebuild_standings(camp, *, course=None, repair=True):
    """Compare what a camp, or one course of it, has with its attempts. Returns what differed, in sentences.

    What differs is repaired unless told not to.
    """
    differences = []
    courses = [course] if course else list(Course.objects.filter(camp=camp))
    for enrollment in Enrollment.objects.in_camp(camp).select_related("student").order_by("id"):
        for course in courses:
            differences += _of_student(enrollment, course, repair=repair)
    for course in courses:
        differences += _of_board(course, repair=repair)
    return differences


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
    differing = [name for model, name in _editions(board) if _counted(board, model) != _stored(board, model)]
    width = histogram.width_for(course.max_points)
    wide = [f"ranges of {board.range_width} points instead of {width}"] if board.range_width != width else []
    if repair and (differing or wide):
        recount(board, width=width)
    return [f"{course}: the counts of the {name} differ from its standings" for name in differing] + [
        f"{course}: {text}" for text in wide
    ]


def _editions(board):
    editions = [(Standing, "board"), (FrozenStanding, "frozen board")]
    return editions if board.is_copied else editions[:1]


def _counted(board, model):
    """(ranges, cells) as the standings say, each with its people."""
    ranges, cells = Counter(), Counter()
    for cell in model.objects.filter(course=board.pk).values_list("low", "points", "reached_hour").iterator():
        ranges[cell[0]] += 1
        cells[cell] += 1
    return ranges, cells


def _stored(board, model):
    stored = {"course": board.pk, "is_frozen": model is FrozenStanding, "people__gt": 0}
    ranges = ScoreRange.objects.filter(**stored).values_list("low", "people")
    cells = ScoreCount.objects.filter(**stored).values_list("low", "points", "hour", "people")
    return Counter(dict(ranges)), Counter({tuple(cell): people for *cell, people in cells})


def recount(board, *, width):
    """Count a board anew, in ranges of this width."""
    for model, _name in _editions(board):
        _place_in_ranges(board, model, width)
        ranges, cells = _counted(board, model)
        fields = {"course_id": board.pk, "is_frozen": model is FrozenStanding}
        for level in (ScoreRange, ScoreCount):
            level.objects.filter(**fields).delete()
        ScoreRange.objects.bulk_create([ScoreRange(**fields, low=low, people=n) for low, n in ranges.items()])
        counts = [ScoreCount(**fields, **histogram.cell_fields(cell), people=n) for cell, n in cells.items()]
        ScoreCount.objects.bulk_create(counts, batch_size=1000)
    Board.objects.filter(pk=board.pk).update(range_width=width)
    boards.bump(board.pk, frozen=True, at_once=True)


def _place_in_ranges(board, model, width):
    """Write the range of each score on its standings; there are as many statements as scores, not as people."""
    rows = model.objects.filter(course=board.pk)
    for points, low in rows.order_by().values_list("points", "low").distinct():
        right = histogram.low_of(points, width)
        if low != right:
            rows.filter(points=points).update(low=right)
