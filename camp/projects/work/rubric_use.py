"""What hangs on a stage's rubric: the points that mentors gave by it, and the published grades that show it."""

from collections import Counter
from dataclasses import dataclass, field

from camp.projects.models import Evaluation


@dataclass(frozen=True)
class Use:
    """`given`: how many students have points by the criterion of a key; `most`: the most points that one of them has.

    `is_published`: a student reads points by this rubric, so no share of it changes any more.
    """

    given: Counter = field(default_factory=Counter)
    most: Counter = field(default_factory=Counter)
    is_published: bool = False


def use_of(project_stage):
    given, most = Counter(), Counter()
    evaluations = Evaluation.objects.filter(placement__team__project_stage=project_stage).exclude(points={})
    for points in evaluations.values_list("points", flat=True):
        given.update(points.keys())
        most |= Counter(points)
    return Use(given, most, is_published=evaluations.published().exists())
