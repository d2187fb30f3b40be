"""Whether the points that a board shows are what the next stage asks for in its course.

A board says no more of promotion than that: who was promoted, by which course, would tell what another, frozen board
is to keep to itself.
"""

from django.db.models import F

from camp.compiled import Compiled, Given
from camp.stages.models import Requirement


def points_asked(course):
    """What the first stage that asks for points of this course asks for; None where no stage asks for any."""
    asked = _asked.first(course=course.pk)
    if asked is None:
        return None
    (points,) = asked
    return (course.max_points if points is None else points) or None


def meets_requirement(standing, course, *, asked):
    """Whether the points shown are enough and of a kind that counts."""
    if asked is None or standing.points < asked:
        return False
    return standing.best is None or standing.best.counts_in(course)


def _asking():
    """Of several requirements of a stage, the highest; full marks are the highest of all."""
    asking = Requirement.objects.filter(course=Given(Requirement.course), kind=Requirement.Kind.POINTS)
    stages_first = "group__stage__position", "group__stage_id"
    return asking.order_by(*stages_first, F("points").desc(nulls_first=True)).values_list("points")[:1]


_asked = Compiled(_asking)
