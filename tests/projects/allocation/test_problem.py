"""From rows to the facts of an allocation and back, whatever order the rows come in."""

import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.enrollment.models import Enrollment
from camp.projects.allocation.problem import digest_of, facts_from, facts_of, snapshot_of
from camp.projects.matching import Offer
from camp.projects.models import ConflictOfInterest, MentorChoice, Preference, Project, Refusal, SelectionRound
from tests.factories import make_course, make_standing, make_user
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def round(stage):
    return make_round(stage)


def test_facts_are_lists_offers_capacities_and_the_seed(stage, round):
    mentor = make_mentor(stage, capacity=2)
    mentored, alone = make_project(stage, mentor=mentor, seats=3, least_teams=1), make_project(stage)
    team, silent = make_team(stage), make_team(stage)
    make_preferences(round, team, alone, mentored)

    facts = facts_of(round)

    assert facts.problem.preferences == {team.pk: [alone.pk, mentored.pk], silent.pk: []}
    assert facts.problem.projects == {mentored.pk: Offer(3, mentor.pk, 1), alone.pk: Offer(1, -alone.pk, 0)}
    assert facts.problem.capacities == {mentor.pk: 2, -alone.pk: None}
    assert facts.problem.seed == "a seed"
    assert (facts.closed, facts.reserved, facts.assigns) == (frozenset(), {}, False)


def test_mentors_without_a_bound_have_none(stage, round):
    mentor = make_mentor(stage)
    make_project(stage, mentor=mentor)

    assert facts_of(round).problem.capacities == {mentor.pk: None}


def test_disbanded_teams_and_those_without_an_active_student_take_no_part(stage, round):
    make_team(stage, disbanded_at=round.opens_at)
    gone = make_team(stage)
    Enrollment.objects.filter(pk=gone.lead_id).update(status=Enrollment.Status.WITHDRAWN)
    reverted = make_team(stage)
    reverted.lead.participations.update(status="reverted")
    other_camp = make_team()

    assert other_camp.project_stage_id != stage.pk
    assert facts_of(round).problem.preferences == {}


def test_teams_of_another_size_are_not_acceptable(stage, round):
    project, team = make_project(stage, team_size_min=2), make_team(stage)
    pair = make_team(stage, members=[make_project_student(stage)])

    facts = facts_of(round)

    assert facts.problem.unacceptable == facts.misfits == frozenset({(team.pk, project.pk)})
    assert pair.pk in facts.problem.preferences


def test_teams_that_a_mentor_refused_are_not_acceptable(stage, round):
    project, team = make_project(stage), make_team(stage)
    Refusal.objects.create(round=round, project=project, team=team, reason="x", refused_by=make_user())

    facts = facts_of(round)

    assert facts.problem.unacceptable == frozenset({(team.pk, project.pk)})
    assert facts.misfits == frozenset()


def test_a_refusal_counts_no_more_when_a_student_of_the_mentors_own_joins(stage, round):
    mentor = make_mentor(stage)
    project, team = make_project(stage, mentor=mentor), make_team(stage)
    Refusal.objects.create(round=round, project=project, team=team, reason="x", refused_by=mentor.user)
    before = facts_of(round).problem.unacceptable

    ConflictOfInterest.objects.create(mentor=mentor, enrollment=team.lead, declared_by=mentor.user)

    assert (before, facts_of(round).problem.unacceptable) == ({(team.pk, project.pk)}, frozenset())


def test_mentors_order_leaves_out_their_own_students(stage, round):
    mentor = make_mentor(stage)
    make_project(stage, mentor=mentor)
    own, second, third = make_team(stage), make_team(stage), make_team(stage)
    for rank, team in enumerate([own, third, second], start=1):
        MentorChoice.objects.create(round=round, mentor=mentor, team=team, rank=rank)
    MentorChoice.objects.create(round=round, mentor=mentor, team=make_team(stage), is_shortlisted=True)
    ConflictOfInterest.objects.create(mentor=mentor, enrollment=own.lead, declared_by=mentor.user)

    assert facts_of(round).problem.ranked == {mentor.pk: [third.pk, second.pk]}


def test_points_of_teams_decide_where_mentors_do_not(stage, round):
    team = make_team(stage)
    make_standing(make_course(stage.stage), team.lead, points=7)

    assert facts_of(round).problem.points == {team.pk: Decimal(7)}


def test_projects_that_are_gone_stay_on_lists_and_are_closed(stage, round):
    withdrawn, closed = (make_project(stage, status=status) for status in ("withdrawn", "closed"))
    make_project(stage, status=Project.Status.DRAFT)
    team = make_team(stage)
    make_preferences(round, team, withdrawn)

    facts = facts_of(round, closed=[closed.pk])

    assert facts.problem.preferences == {team.pk: [withdrawn.pk]}
    assert set(facts.problem.projects) == {withdrawn.pk}
    assert facts.closed == {withdrawn.pk, closed.pk}


def test_a_later_round_has_the_unplaced_and_what_is_left(stage, round):
    mentor = make_mentor(stage, capacity=2)
    project = make_project(stage, mentor=mentor, seats=2, least_teams=2)
    placed, left = make_team(stage), make_team(stage)
    make_placement(round, placed, project)
    make_placement(round, left)
    second = make_round(stage, number=2, method=SelectionRound.Method.ASSIGNMENT)

    facts = facts_of(second)

    assert facts.problem.preferences == {left.pk: []}
    assert facts.problem.projects == {project.pk: Offer(1, mentor.pk, 1)}
    assert facts.problem.capacities == {mentor.pk: 1}
    assert facts.assigns


def test_a_seat_is_reserved_for_a_team_that_takes_part(stage, round):
    team = make_team(stage)
    own = make_project(stage, reserved_for=team)
    make_project(stage, reserved_for=make_team(stage, disbanded_at=round.opens_at))

    assert facts_of(round).reserved == {own.pk: team.pk}


def test_the_snapshot_gives_the_facts_again(stage, round):
    mentor, team = make_mentor(stage, capacity=1), make_team(stage)
    project = make_project(stage, mentor=mentor, reserved_for=team)
    make_project(stage, team_size_min=2)
    make_preferences(round, team, project)
    MentorChoice.objects.create(round=round, mentor=mentor, team=team, rank=1)
    facts = facts_of(round, closed=[project.pk])

    assert facts_from(snapshot_of(facts)) == facts


def test_the_digest_does_not_depend_on_the_order_of_rows(stage, round):
    projects, teams = [make_project(stage) for _ in range(4)], [make_team(stage) for _ in range(4)]
    for team in teams:
        make_preferences(round, team, *random.sample(projects, 3))
    before = digest_of(snapshot_of(facts_of(round)), {})

    lines = list(Preference.objects.filter(round=round))
    Preference.objects.filter(round=round).delete()
    Preference.objects.bulk_create(reversed(lines))

    assert digest_of(snapshot_of(facts_of(round)), {}) == before


def test_facts_cost_the_same_for_more_rows(stage, round):
    def add():
        mentor, team = make_mentor(stage, capacity=1), make_team(stage)
        make_preferences(round, team, make_project(stage, mentor=mentor))
        MentorChoice.objects.create(round=round, mentor=mentor, team=team, rank=1)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            facts_of(round)
        return len(captured)

    add()
    for_one = queries()
    add()
    add()

    assert queries() == for_one
