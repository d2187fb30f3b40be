"""What the database refuses of rounds, lists, orders, refusals and conflicts."""

import pytest
from django.db import IntegrityError, transaction

from camp.projects.models import ConflictOfInterest, MentorChoice, Preference, PreferenceList, Refusal
from tests.factories import NOW
from tests.project_factories import make_mentor, make_project, make_project_stage, make_round, make_team

pytestmark = pytest.mark.django_db


class World:
    def __init__(self):
        self.stage = make_project_stage()
        self.round = make_round(self.stage)
        self.mentor = make_mentor(self.stage)
        self.by = self.mentor.user
        self.teams = [make_team(self.stage), make_team(self.stage)]
        self.projects = [make_project(self.stage), make_project(self.stage)]

    def preference(self, project=0, rank=1):
        return Preference.objects.create(
            round=self.round, team=self.teams[0], project=self.projects[project], rank=rank
        )

    def receipt(self):
        return PreferenceList.objects.create(round=self.round, team=self.teams[0], submitted_by=self.by)

    def choice(self, team=0, rank=1):
        return MentorChoice.objects.create(round=self.round, mentor=self.mentor, team=self.teams[team], rank=rank)

    def refused(self, reason="Too large."):
        return Refusal.objects.create(
            round=self.round, project=self.projects[0], team=self.teams[0], reason=reason, refused_by=self.by
        )

    def conflict(self):
        return ConflictOfInterest.objects.create(mentor=self.mentor, enrollment=self.teams[0].lead, declared_by=self.by)


@pytest.mark.parametrize(
    "makes",
    [
        pytest.param([lambda w: w.preference(), lambda w: w.preference(rank=2)], id="preference_names_a_project_once"),
        pytest.param([lambda w: w.preference(), lambda w: w.preference(project=1)], id="preference_rank_once_per_team"),
        pytest.param([lambda w: w.preference(rank=0)], id="preference_ranks_from_one"),
        pytest.param([lambda w: w.receipt(), lambda w: w.receipt()], id="preference_list_version_once_per_team"),
        pytest.param([lambda w: w.choice(), lambda w: w.choice(rank=2)], id="mentor_chooses_a_team_once"),
        pytest.param([lambda w: w.choice(), lambda w: w.choice(team=1)], id="mentor_rank_once_per_round"),
        pytest.param([lambda w: w.refused(), lambda w: w.refused()], id="team_refused_once_per_project"),
        pytest.param([lambda w: w.refused(reason="")], id="team_refused_with_a_reason"),
        pytest.param([lambda w: w.conflict(), lambda w: w.conflict()], id="conflict_of_interest_declared_once"),
        pytest.param([lambda w: make_round(w.stage)], id="round_number_once_per_project_stage"),
        pytest.param([lambda w: make_round(w.stage, number=2, closes_at=NOW, opens_at=NOW)], id="round_opens_closes"),
        pytest.param([lambda w: make_round(w.stage, number=2, mentors_close_at=NOW)], id="round_opens_closes"),
    ],
)
def test_the_database_refuses(makes):
    world = World()
    *first, last = makes
    for make in first:
        make(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        last(world)


def test_mentors_give_no_place_to_teams_that_they_only_shortlist():
    world = World()

    world.choice(rank=None)
    world.choice(team=1, rank=None)

    assert MentorChoice.objects.count() == 2
