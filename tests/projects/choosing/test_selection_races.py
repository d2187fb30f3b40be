"""Two members of a team who submit at the same moment: exactly one list wins, and the other is told."""

import pytest

from camp.projects.choosing import selection
from camp.projects.models import Preference, PreferenceList
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW
from tests.project_factories import make_project, make_project_stage, make_project_student, make_round, make_team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
def test_of_lists_submitted_at_once_exactly_one_wins_each_version():
    stage = make_project_stage()
    round, members = make_round(stage), [make_project_student(stage) for _ in range(3)]
    team = make_team(stage, lead=members[0], members=members[1:])

    for version in range(3):
        projects = [make_project(stage) for _ in members]  # New ones: the list that counts already may be sent again.
        outcomes = at_once([
            lambda who=who, project=project, version=version: selection.submit_list(
                round, team, [project], by=who.student, based_on=version, at=NOW
            )
            for who, project in zip(members, projects, strict=True)
        ])  # fmt: skip

        won = [outcome for outcome in outcomes if isinstance(outcome, PreferenceList)]
        assert [one.version for one in won] == [version + 1]
        assert sum(isinstance(outcome, selection.StaleError) for outcome in outcomes) == 2
        assert Preference.objects.get().project_id == won[0].choices[0]["project"]


@pytest.mark.postgres
def test_a_list_waits_for_the_team_and_for_a_project_that_is_being_withdrawn():
    stage = make_project_stage()
    round, team, project = make_round(stage), make_team(stage), make_project(stage)

    def submit():
        return selection.submit_list(round, team, [project], by=team.lead.student, based_on=0, at=NOW)

    with row_held(team):
        assert waits(submit)
    with row_held(project):
        assert waits(submit)
    assert submit().version == 1
