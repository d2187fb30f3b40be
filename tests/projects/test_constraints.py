"""What the database refuses of project stages, mentors, criteria, projects and proposals."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from camp.projects.models import Mentor, Project, ProjectStage, Proposal, SavedProject
from tests.factories import NOW, make_camp, make_user
from tests.project_factories import (
    make_criterion,
    make_mentor,
    make_project,
    make_project_stage,
    make_proposal,
    make_team,
)

pytestmark = pytest.mark.django_db


class World:
    def __init__(self):
        self.stage = make_project_stage()
        self.project = make_project(self.stage)
        self.team = make_team(self.stage)

    def another_stage(self, **fields):
        return make_project_stage(make_camp("other"), **fields)

    def project_stage_of(self, **fields):
        other = self.another_stage()
        given = {"camp": other.camp, "stage": other.stage, "teams_lock_at": NOW, "hand_in_closes_at": NOW, **fields}
        other.delete()
        return ProjectStage.objects.create(**given | {"hand_in_closes_at": NOW + timedelta(days=1)})

    def mentor_twice(self):
        return Mentor.objects.create(project_stage=self.stage, user=make_mentor(self.stage).user)

    def saved_twice(self):
        user = make_user()
        return [SavedProject.objects.create(project=self.project, user=user) for _each in range(2)]

    def criterion_twice(self):
        return [make_criterion(self.stage, "depth") for _each in range(2)]

    def accepted_twice(self):
        fields = {"status": Proposal.Status.ACCEPTED, "project": self.project}
        return [make_proposal(self.team, **fields) for _each in range(2)]


REFUSED = {
    "one project stage of a camp": lambda w: w.project_stage_of(camp=w.stage.camp),
    "one project stage of a stage": lambda w: w.project_stage_of(stage=w.stage.stage),
    "project_stage_lets_one_person_be_a_team": lambda w: w.another_stage(team_size_limit=0),
    "work_is_handed_in_after_teams_are_locked": lambda w: w.another_stage(teams_lock_at=NOW, hand_in_closes_at=NOW),
    "mentor_once_per_project_stage": lambda w: w.mentor_twice(),
    "criterion_key_once_per_project_stage": lambda w: w.criterion_twice(),
    "criterion_weighs_something, weight": lambda w: make_criterion(w.stage, weight=0),
    "criterion_weighs_something, points": lambda w: make_criterion(w.stage, max_points=0),
    "project_number_once_per_project_stage": lambda w: make_project(w.stage, number=w.project.number),
    "project_needs_no_more_teams_than_seats": lambda w: make_project(w.stage, seats=1, least_teams=2),
    "project_team_sizes_are_a_range, from one": lambda w: make_project(w.stage, team_size_min=0),
    "project_team_sizes_are_a_range, in order": lambda w: make_project(w.stage, team_size_min=3, team_size_max=2),
    "seats are not below zero": lambda w: make_project(w.stage, seats=-1),
    "project_saved_once_per_person": lambda w: w.saved_twice(),
    "accepted_proposal_has_its_project": lambda w: make_proposal(w.team, status="accepted"),
    "one proposal of a project": lambda w: w.accepted_twice(),
    "proposal_not_accepted_says_why, declined": lambda w: make_proposal(w.team, status="declined"),
    "proposal_not_accepted_says_why, changes": lambda w: make_proposal(w.team, status="changes_asked"),
}
TAKEN = {
    "a project without seats": lambda w: make_project(w.stage, seats=0),
    "a project for all of its seats": lambda w: make_project(w.stage, seats=2, least_teams=2),
    "a project for teams of one size": lambda w: make_project(w.stage, team_size_min=2, team_size_max=2),
    "the same number in another camp": lambda w: make_project(w.another_stage(), number=w.project.number),
    "the same criterion in another camp": lambda w: [make_criterion(s, "depth") for s in (w.stage, w.another_stage())],
    "a withdrawn proposal without a reason": lambda w: make_proposal(w.team, status="withdrawn"),
    "a team of one at the most": lambda w: w.another_stage(team_size_limit=1),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses(make):
    world = World()
    before = counts()

    with pytest.raises(IntegrityError), transaction.atomic():
        make(world)

    assert counts() == before


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN.keys())
def test_the_database_takes(make):
    assert make(World())


def counts():
    return [model.objects.count() for model in (ProjectStage, Project, Proposal, SavedProject)]
