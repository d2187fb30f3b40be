"""The rows of an allocation for tests/project_world.py."""

from django.utils import timezone

from camp.projects.allocation.problem import Facts, snapshot_of
from camp.projects.matching import Problem
from camp.projects.models import AllocationRun, Placement, ProjectStage
from tests.factories import make_user
from tests.project_factories import make_placement, make_project, make_round, make_team

EMPTY = snapshot_of(Facts(Problem({}, {}, {})))


def make_allocation_rows(stage, team, project, *, by):
    """A round of their own: the one of the selection has no result yet."""
    round = make_round(stage, number=91, at=timezone.now())
    run = AllocationRun.objects.create(round=round, number=1, started_by=by, snapshot=EMPTY)
    return [run, make_placement(round, team, project)]


def _run(world):
    round, number = world[AllocationRun].round, AllocationRun.objects.count() + 1
    return AllocationRun.objects.create(round=round, number=number, started_by=make_user(), snapshot=EMPTY)


def _placement(world):
    stage = world[ProjectStage]
    return make_placement(world[AllocationRun].round, make_team(stage, at=timezone.now()), make_project(stage))


ALLOCATION_MAKERS = {AllocationRun: _run, Placement: _placement}
