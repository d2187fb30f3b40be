"""Seats over all rounds: no round gives what another one has given, one after the other or at once."""

from datetime import timedelta

import pytest

from camp.projects.allocation import moves, runs
from camp.projects.allocation.seats import lock_seats
from camp.projects.errors import ProjectError
from camp.projects.models import Placement, Project, SelectionRound
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_user
from tests.project_factories import (
    make_mentor,
    make_preferences,
    make_project,
    make_project_stage,
    make_round,
    make_team,
)

LATER = NOW + timedelta(days=3)


class Case:
    """Two rounds. The first gave team A nothing and is published; the second gives team B the project."""

    def __init__(self, **fields):
        self.by, self.stage = make_user(), make_project_stage()
        self.mentor = make_mentor(self.stage, capacity=fields.pop("capacity", None))
        self.project = make_project(self.stage, mentor=self.mentor, **fields)
        self.a, self.b = make_team(self.stage, name="A"), make_team(self.stage, name="B")
        self.first = make_round(self.stage)
        self.run = self.publish(self.first)
        self.second = make_round(self.stage, number=2, method=SelectionRound.Method.ASSIGNMENT)

    def publish(self, round):
        return runs.publish(runs.compute(round, by=self.by, at=LATER), by=self.by, at=LATER)

    def give_in_second(self):
        make_preferences(self.second, self.b, self.project)
        return self.publish(self.second)

    def move(self, run, team, project):
        return moves.move(run, team, project, by=self.by, reason="x", at=LATER)

    def placed(self):
        return sorted(Placement.objects.placed().values_list("team__name", "project"))


@pytest.fixture
def case(db):
    return Case()


def test_a_seat_that_a_later_round_gave_is_not_given_again(case):
    case.give_in_second()

    with pytest.raises(ProjectError, match="no free seat"):
        case.move(case.run, case.a, case.project)

    assert case.placed() == [("B", case.project.pk)]


def test_the_time_of_a_mentor_that_a_later_round_used_is_not_given_again(db):
    case = Case(capacity=1)
    other = make_project(case.stage, mentor=case.mentor)
    case.give_in_second()
    Project.objects.filter(pk=case.project.pk).update(seats=2)

    for project in (case.project, other):
        with pytest.raises(ProjectError):
            case.move(case.run, case.a, project)

    assert case.placed() == [("B", case.project.pk)]


def test_a_team_that_another_round_placed_is_moved_there_only(case):
    case.give_in_second()

    for project in (make_project(case.stage), None):
        with pytest.raises(ProjectError, match="Another round gave “B” the project"):
            case.move(case.run, case.b, project)


def test_a_seat_that_was_added_since_the_run_is_given(case):
    case.give_in_second()
    Project.objects.filter(pk=case.project.pk).update(seats=2)

    case.move(case.run, case.a, case.project)

    assert case.placed() == [("A", case.project.pk), ("B", case.project.pk)]


def test_a_seat_that_was_taken_away_since_the_run_is_not_given(case):
    Project.objects.filter(pk=case.project.pk).update(seats=0)

    with pytest.raises(ProjectError, match="no free seat"):
        case.move(case.run, case.a, case.project)


def test_taking_a_move_back_into_a_seat_that_is_gone_is_refused(case):
    case.move(case.run, case.a, case.project)
    case.move(case.run, case.a, None)
    case.give_in_second()

    with pytest.raises(ProjectError, match="would have more teams than seats"):
        moves.take_back(case.run, by=case.by, at=LATER)

    assert case.placed() == [("B", case.project.pk)]


def test_taking_a_move_back_beyond_the_mentors_capacity_is_refused(case):
    case.move(case.run, case.a, case.project)
    case.move(case.run, case.a, None)
    case.mentor.capacity = 0
    case.mentor.save()

    with pytest.raises(ProjectError, match="more teams than they can supervise"):
        moves.take_back(case.run, by=case.by, at=LATER)


def test_publishing_more_teams_than_seats_is_refused(db):
    case = Case(seats=1)
    run = runs.compute(case.second, by=case.by, at=LATER)
    Project.objects.update(seats=2)
    for team in (case.a, case.b):
        case.move(run, team, case.project)
    Project.objects.update(seats=1)

    with pytest.raises(ProjectError, match="would have more teams than seats"):
        runs.publish(run, by=case.by, at=LATER)

    assert case.placed() == []


# At once, on PostgreSQL.


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_moves_in_two_rounds_at_once_one_has_the_last_seat():
    case = Case()
    second = case.publish(case.second)

    outcomes = at_once([
        lambda: case.move(case.run, case.a, case.project),
        lambda: case.move(second, case.b, case.project),
    ])  # fmt: skip

    assert [isinstance(one, ProjectError) for one in outcomes].count(True) == 1
    assert len(case.placed()) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_moves_to_two_projects_at_once_one_has_the_last_time_of_their_mentor():
    case = Case(capacity=1)
    other = make_project(case.stage, mentor=case.mentor)
    second = case.publish(case.second)

    outcomes = at_once([
        lambda: case.move(case.run, case.a, case.project),
        lambda: case.move(second, case.b, other),
    ])  # fmt: skip

    assert [isinstance(one, ProjectError) for one in outcomes].count(True) == 1
    assert len(case.placed()) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", ["project", "mentor", "a"])
def test_a_move_waits_for_whoever_gives_a_seat(row):
    case = Case()

    with row_held(getattr(case, row)):
        assert waits(lambda: case.move(case.run, case.a, case.project))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_taking_back_waits_for_whoever_gives_a_seat():
    case = Case()
    case.move(case.run, case.a, case.project)
    case.move(case.run, case.a, None)

    with row_held(case.mentor):
        assert waits(lambda: moves.take_back(case.run, by=case.by, at=LATER))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_waits_for_whoever_gives_the_time_of_a_mentor():
    case = Case()
    run = runs.compute(case.second, by=case.by, at=LATER)

    with row_held(case.mentor):
        assert waits(lambda: runs.publish(run, by=case.by, at=LATER))


def test_locking_returns_the_projects(case):
    assert lock_seats([case.project.pk]) == {case.project.pk: case.project}
