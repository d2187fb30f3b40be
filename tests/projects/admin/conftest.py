"""A round that can be allocated, with its organizer. A test file with rows of its own defines its own fixtures."""

from datetime import timedelta

import pytest

from tests.factories import make_running_camp, make_staff_role
from tests.project_factories import (
    make_mentor,
    make_preferences,
    make_project,
    make_project_stage,
    make_round,
    make_team,
)
from tests.projects.running import NOW


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def round(stage):
    return make_round(stage, at=NOW - timedelta(days=5))


@pytest.fixture
def organizer(stage):
    return make_staff_role(stage.camp).user


@pytest.fixture
def staff(client, organizer):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(organizer)
    return client


@pytest.fixture
def rivals(round):
    """Two teams that want one seat; the first one is ranked before the other."""
    stage = round.project_stage
    mentor = make_mentor(stage)
    dear = make_project(stage, title="Dear", mentor=mentor)
    teams = [make_team(stage, name=name, at=NOW) for name in ("Winners", "Losers")]
    for team in teams:
        make_preferences(round, team, dear)
    mentor.choices.create(round=round, team=teams[0], rank=1)
    return teams


@pytest.fixture
def small(round):
    return make_project(round.project_stage, title="Small", seats=3, least_teams=2)
