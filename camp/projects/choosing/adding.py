"""What a student can do with one project for the list of their team, from the page of the project."""

from dataclasses import dataclass

from camp.projects.choosing import selection
from camp.projects.models import SelectionRound


@dataclass(frozen=True)
class Adding:
    """`place`: of the project on the list that counts, None when it is not there. `barred`: why it cannot be added."""

    round: SelectionRound
    place: int | None = None
    barred: str = ""


def adding(access, project, *, now):
    """None for whoever gives no list now."""
    round = selection.current_round(access.project_stage, now) if access.is_student else None
    if round is None or not round.is_open(now) or selection.is_placed(access.team):
        return None
    listed = selection.listed_projects(round, access.team) if access.team else []
    if project in listed:
        return Adding(round, place=listed.index(project) + 1)
    lack = selection.lacks_of(access.project_stage).get(project.pk)
    return Adding(round, barred=selection.why_not(project, access.team, lack=lack))
