"""Who of a board has been promoted by the rule that asks for its points."""

from django.db.models import Exists, OuterRef, Value

from camp.compiled import Compiled, Given
from camp.stages.models import Participation, Requirement, Stage


def stage_after(course):
    """The first stage whose rule asks for points of this course; None where no rule does."""
    return _stage_after.first(course=course.pk)


def promoted(places, *, to, until=None):
    """Annotate `is_promoted`: admitted to the stage; by a moment, where a board shows what was at that moment."""
    if to is None:
        return places.annotate(is_promoted=Value(value=False))
    admitted = Participation.objects.admitted().filter(stage=to, enrollment=OuterRef("enrollment"))
    return places.annotate(is_promoted=Exists(admitted.filter(decided_at__lte=until) if until else admitted))


def _asking():
    asked = Requirement.objects.filter(course=Given(Requirement.course), kind=Requirement.Kind.POINTS)
    return Stage.objects.filter(requirement_groups__in=asked.values("group")).order_by("position", "id")[:1]


_stage_after = Compiled(_asking)
