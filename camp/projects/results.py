"""What a student reads about the result: nothing of it before it is published, and nothing of other teams ever."""

from dataclasses import dataclass

from camp.projects.allocation.explaining import nth, sentence
from camp.projects.allocation.runs import due_at
from camp.projects.models import Placement, Project, SelectionRound


@dataclass(frozen=True)
class Line:
    """A project that the team wanted more than what it got."""

    rank: int
    title: str
    sentence: str


@dataclass(frozen=True)
class Result:
    """`placement`: of the team, when one is published. `awaited`: the first round without a result, if there is one.

    `rows`: what every round with a result said about the team, the latest first.
    """

    placement: Placement | None = None
    awaited: SelectionRound | None = None
    rows: tuple[Placement, ...] = ()

    @property
    def by_round(self):
        """A result for each round: a later one does not take the reasons of the one before."""
        return [Result(row) for row in self.rows]

    @property
    def is_placed(self):
        return self.placement is not None and self.placement.is_placed

    @property
    def due_at(self):
        return due_at(self.awaited) if self.awaited else None

    @property
    def nth(self):
        """Which choice it was; empty when it was none."""
        return nth(self.placement.choice) if self.placement.choice else ""

    @property
    def gave_no_list(self):
        return not self.is_placed and not self.placement.why and not self.placement.is_manual

    @property
    def lines(self):
        """One query: a project that was closed says why."""
        why = self.placement.why
        projects = Project.objects.in_bulk([entry["project"] for entry in why if "project" in entry])
        return [
            Line(entry["rank"], entry["title"], sentence(entry, projects.get(entry.get("project")))) for entry in why
        ]


def result_of(team, project_stage):
    """The placement with a project, else what the latest round said, else what is awaited."""
    rounds = list(SelectionRound.objects.filter(project_stage=project_stage).order_by("number"))
    awaited = next((one for one in rounds if not one.is_published), None)
    rows = list(Placement.objects.filter(team=team).for_page().order_by("-round__number")) if team else []
    placed = [row for row in rows if row.is_placed]
    return Result((placed or rows or [None])[0], awaited, tuple(rows))
