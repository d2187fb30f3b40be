"""What the database refuses of runs, moves and placements, whoever writes them."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from camp.projects.models import AllocationRun, ManualMove
from tests.factories import NOW, make_user
from tests.project_factories import make_placement, make_project, make_round, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    return make_round()


def make_run(round, number=1, **fields):
    return AllocationRun.objects.create(round=round, number=number, started_by=make_user(), **fields)


def is_refused(make):
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_a_number_of_a_run_is_there_once(round):
    make_run(round)

    assert is_refused(lambda: make_run(round))


def test_one_run_of_a_round_is_published(round):
    make_run(round, published_at=NOW)

    assert not is_refused(lambda: make_run(round, number=2))
    assert is_refused(lambda: make_run(round, number=3, published_at=NOW))


def test_a_move_has_a_reason(round):
    run, team = make_run(round), make_team(round.project_stage)

    assert is_refused(lambda: ManualMove.objects.create(run=run, team=team, reason="", moved_by=run.started_by))


def test_a_move_is_taken_back_once(round):
    run, team = make_run(round), make_team(round.project_stage)
    fields = {"run": run, "team": team, "reason": "x", "moved_by": run.started_by}
    first = ManualMove.objects.create(**fields)
    ManualMove.objects.create(**fields, takes_back=first)

    assert is_refused(lambda: ManualMove.objects.create(**fields, takes_back=first))


def test_a_team_has_one_placement_of_a_round(round):
    team = make_team(round.project_stage)
    make_placement(round, team)

    assert is_refused(lambda: make_placement(round, team))


def test_a_team_has_one_project_over_all_rounds(round):
    stage = round.project_stage
    second, team = make_round(stage, number=2), make_team(stage)
    make_placement(round, team, make_project(stage))

    assert is_refused(lambda: make_placement(second, team, make_project(stage)))
    assert not is_refused(lambda: make_placement(second, team))


def test_what_a_placement_names_is_kept(round):
    team, project = make_team(round.project_stage), make_project(round.project_stage)
    make_placement(round, team, project)

    for row in (team, project, round):
        with pytest.raises(ProtectedError):
            row.delete()
