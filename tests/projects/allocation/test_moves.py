"""Moves by hand: before publication and after, with a reason, within seats, and taken back."""

from datetime import timedelta

import pytest

from camp.notices.models import Notice
from camp.projects.allocation import moves, runs
from camp.projects.allocation.outcome import Outcome
from camp.projects.errors import ProjectError
from camp.projects.models import ManualMove, Placement, Project, Refusal, Team
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_student, make_user
from tests.project_factories import (
    make_mentor,
    make_preferences,
    make_project,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def organizer():
    return make_user()


def english(stage):
    return make_project_student(stage, student=make_student(language="en"))


def notices_of(team):
    return list(Notice.objects.filter(recipient=team.lead.student, kind__startswith="projects/").order_by("pk"))


class Case:
    """Two projects of one seat each; the team has the first one, the other team wants it too and has nothing."""

    def __init__(self, by):
        self.by, self.round = by, make_round()
        self.stage = self.round.project_stage
        self.mentor = make_mentor(self.stage)
        self.first, self.second = make_project(self.stage, mentor=self.mentor), make_project(self.stage)
        self.team, self.other = (make_team(self.stage, lead=english(self.stage)) for _ in range(2))
        make_preferences(self.round, self.team, self.first)
        make_preferences(self.round, self.other, self.first)
        self.mentor.choices.create(round=self.round, team=self.team, rank=1)
        self.run = runs.compute(self.round, by=by, at=LATER)

    def move(self, team, project, **fields):
        return moves.move(self.run, team, project, by=self.by, at=LATER, **{"reason": "They asked."} | fields)

    def publish(self):
        runs.publish(self.run, by=self.by, at=LATER)

    @property
    def placement(self):
        return Outcome(self.run).placement


@pytest.fixture
def case(organizer):
    return Case(organizer)


def test_the_team_that_its_mentor_ranked_has_the_seat(case):
    assert case.placement == {case.team.pk: case.first.pk, case.other.pk: None}


def test_a_move_is_kept_with_the_pairs_that_it_makes_unstable(case):
    move = case.move(case.team, case.second)

    assert case.placement == {case.team.pk: case.second.pk, case.other.pk: None}
    assert (move.moved_by, move.moved_at, move.reason) == (case.by, LATER, "They asked.")
    assert move.blocking == [
        {"team": case.team.pk, "project": case.first.pk, "reason": "free"},
        {"team": case.other.pk, "project": case.first.pk, "reason": "free"},
    ]


def test_a_move_that_harms_nobody_makes_no_pair_unstable(case):
    assert case.move(case.other, case.second).blocking == []


def test_a_team_is_moved_out(case):
    case.move(case.team, None)

    assert case.placement == {case.team.pk: None, case.other.pk: None}


def test_a_move_keeps_what_was_computed(case):
    case.move(case.other, case.second)

    assert runs.verify_run(case.run)


def test_a_move_needs_a_reason(case):
    with pytest.raises(ProjectError, match="Give a reason"):
        case.move(case.other, case.second, reason="  ")


def test_a_move_into_a_full_project_is_refused(case):
    with pytest.raises(ProjectError, match="no free seat"):
        case.move(case.other, case.first)


def test_a_move_beyond_the_mentors_capacity_is_refused(organizer):
    case = Case(organizer)
    case.mentor.capacity = 1
    case.mentor.save()
    Project.objects.filter(pk=case.second.pk).update(mentor=case.mentor)
    case.run = runs.compute(case.round, by=organizer, at=LATER)

    with pytest.raises(ProjectError, match="its mentor has as many teams as they can supervise"):
        case.move(case.other, case.second)


def test_a_move_to_where_the_team_is_is_refused(case):
    with pytest.raises(ProjectError, match="there already"):
        case.move(case.team, case.first)


def test_a_move_into_a_closed_project_is_refused(case):
    Project.objects.filter(pk=case.second.pk).update(status=Project.Status.CLOSED)

    with pytest.raises(ProjectError, match="closed"):
        case.move(case.other, Project.objects.get(pk=case.second.pk))


def test_a_move_of_a_team_that_was_refused_is_refused(organizer):
    case = Case(organizer)
    Refusal.objects.create(
        round=case.round, project=case.second, team=case.other, reason="x", refused_by=case.mentor.user
    )
    case.run = runs.compute(case.round, by=organizer, at=LATER)

    with pytest.raises(ProjectError, match="does not take the team"):
        case.move(case.other, case.second)


def test_a_move_of_a_stranger_or_a_disbanded_team_is_refused(case):
    Team.objects.filter(pk=case.other.pk).update(disbanded_at=LATER)

    with pytest.raises(ProjectError, match="disbanded"):
        case.move(Team.objects.get(pk=case.other.pk), case.second)
    with pytest.raises(ProjectError, match="does not take part"):
        case.move(make_team(case.stage), case.second)


def test_a_move_that_was_looked_at_before_another_is_refused(case):
    case.move(case.team, None)

    with pytest.raises(moves.ChangedError, match="meanwhile"):
        case.move(case.other, case.second, seen=0)


def test_the_last_move_is_taken_back_and_then_the_one_before(case):
    case.move(case.team, None)
    case.move(case.team, case.second)

    moves.take_back(case.run, by=case.by, at=LATER)
    after_one = case.placement[case.team.pk]
    moves.take_back(case.run, by=case.by, at=LATER)

    assert after_one is None
    assert case.placement[case.team.pk] == case.first.pk
    assert [move.reason for move in ManualMove.objects.all()][2:] == ["Taken back: They asked."] * 2
    with pytest.raises(ProjectError, match="no move to take back"):
        moves.take_back(case.run, by=case.by, at=LATER)


def test_a_moved_team_is_published_as_moved_by_hand(case):
    case.move(case.other, case.second)

    case.publish()

    placement = Placement.objects.get(team=case.other)
    assert (placement.project, placement.choice, placement.is_manual) == (case.second, None, True)
    assert placement.reason == "They asked."
    assert [line["reason"] for line in placement.why] == ["project_full"]


def test_a_move_after_publication_changes_the_placement_and_tells_the_team(case):
    case.publish()

    case.move(case.other, case.second)

    placement = Placement.objects.get(team=case.other)
    assert (placement.project, placement.is_manual) == (case.second, True)
    latest = notices_of(case.other)[-1]
    assert latest.title == f"Your project is now “{case.second.title}”"
    assert "They wrote: They asked." in latest.body
    assert len(notices_of(case.team)) == 1
    assert placement.history.count() == 2


def test_a_move_after_publication_is_taken_back_with_a_notice(case):
    case.publish()
    case.move(case.team, None)

    moves.take_back(case.run, by=case.by, at=LATER)

    placement = Placement.objects.get(team=case.team)
    assert (placement.project, placement.choice, placement.is_manual) == (case.first, 1, False)
    assert len(notices_of(case.team)) == 3


def test_nobody_is_moved_once_the_round_is_locked(case):
    case.publish()
    case.move(case.team, None)
    runs.lock(case.round, by=case.by, at=LATER)

    with pytest.raises(ProjectError, match="locked"):
        case.move(case.other, case.second)
    with pytest.raises(ProjectError, match="locked"):
        moves.take_back(case.run, by=case.by, at=LATER)


def test_nobody_is_moved_in_a_run_beside_the_published_one(case):
    beside = runs.compute(case.round, by=case.by, at=LATER)
    case.publish()
    case.run = beside

    with pytest.raises(ProjectError, match="Another run"):
        case.move(case.other, case.second)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_move_waits_for_whoever_locks_the_round(case):
    with row_held(case.round):
        assert waits(lambda: case.move(case.other, case.second))
