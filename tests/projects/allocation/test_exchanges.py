"""Two teams exchanged in one move: with one reason, within full projects, told once, and taken back together."""

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


class Case:
    """Two full projects with one team each, and a third team that has nothing; each wants what the other one has."""

    def __init__(self):
        self.by, self.round = make_user(), make_round()
        self.stage = self.round.project_stage
        self.mentor = make_mentor(self.stage, capacity=1)
        self.one, self.two = make_project(self.stage, mentor=self.mentor), make_project(self.stage)
        self.a, self.b, self.c = (self.team(name) for name in "ABC")
        make_preferences(self.round, self.a, self.one, self.two)
        make_preferences(self.round, self.b, self.two)
        self.mentor.choices.create(round=self.round, team=self.a, rank=1)
        self.run = runs.compute(self.round, by=self.by, at=LATER)

    def team(self, name):
        lead = make_project_student(self.stage, student=make_student(language="en"))
        return make_team(self.stage, name=name, lead=lead)

    def exchange(self, team, other, **fields):
        return moves.exchange(self.run, team, other, by=self.by, at=LATER, **{"reason": "Both asked."} | fields)

    def publish(self):
        runs.publish(self.run, by=self.by, at=LATER)

    def titles(self, team):
        notices = Notice.objects.filter(recipient=team.lead.student, kind__startswith="projects/").order_by("pk")
        return list(notices.values_list("title", flat=True))

    @property
    def placement(self):
        found = Outcome(self.run).placement
        return [found[team.pk] for team in (self.a, self.b, self.c)]


@pytest.fixture
def case():
    return Case()


def test_two_teams_of_full_projects_change_places_in_one_move(case):
    first, second = case.exchange(case.a, case.b)

    assert case.placement == [case.two.pk, case.one.pk, None]
    assert (first.reason, second.reason, second.exchanged_with) == ("Both asked.", "Both asked.", first)
    assert {(pair["team"], pair["project"]) for pair in first.blocking} == Outcome(case.run).blocking.keys()
    assert (case.a.pk, case.one.pk) in Outcome(case.run).blocking
    assert second.blocking == []


def test_a_team_takes_the_place_of_another_one_that_goes_out(case):
    case.exchange(case.a, case.c)

    assert case.placement == [None, case.two.pk, case.one.pk]


def test_after_publication_each_of_the_two_gets_one_mail(case):
    case.publish()

    case.exchange(case.a, case.b)

    assert case.titles(case.a)[1:] == [f"Your project is now “{case.two}”"]
    assert case.titles(case.b)[1:] == [f"Your project is now “{case.one}”"]
    assert len(case.titles(case.c)) == 1
    found = dict(Placement.objects.values_list("team__name", "project"))
    assert found == {"A": case.two.pk, "B": case.one.pk, "C": None}


def test_both_are_taken_back_together(case):
    case.publish()
    case.exchange(case.a, case.b)

    moves.take_back(case.run, by=case.by, at=LATER)

    assert case.placement == [case.one.pk, case.two.pk, None]
    third, fourth = ManualMove.objects.order_by("pk")[2:]
    assert (third.takes_back.team, fourth.takes_back.team, fourth.exchanged_with) == (case.a, case.b, third)
    with pytest.raises(ProjectError, match="no move to take back"):
        moves.take_back(case.run, by=case.by, at=LATER)


def test_an_exchange_needs_a_reason_and_what_was_looked_at(case):
    with pytest.raises(ProjectError, match="Give a reason"):
        case.exchange(case.a, case.b, reason=" ")
    with pytest.raises(moves.ChangedError, match="meanwhile"):
        case.exchange(case.a, case.b, seen=1)


def test_teams_in_one_place_are_not_exchanged(case):
    for other in (case.a, case.c):
        with pytest.raises(ProjectError, match="nothing to exchange"):
            case.exchange(other, other)


def test_a_team_that_does_not_fit_is_not_exchanged(case):
    Refusal.objects.create(round=case.round, project=case.one, team=case.b, reason="x", refused_by=case.mentor.user)
    case.run = runs.compute(case.round, by=case.by, at=LATER)

    with pytest.raises(ProjectError, match="“B” cannot go into .* This project does not take the team"):
        case.exchange(case.a, case.b)


def test_nobody_is_exchanged_into_a_closed_project(case):
    Project.objects.filter(pk=case.two.pk).update(status=Project.Status.CLOSED)

    with pytest.raises(ProjectError, match="“A” cannot go into .* closed"):
        case.exchange(case.a, case.b)


def test_a_disbanded_team_and_a_stranger_are_refused(case):
    Team.objects.filter(pk=case.c.pk).update(disbanded_at=LATER)
    with pytest.raises(ProjectError, match="disbanded"):
        case.exchange(case.a, case.c)
    with pytest.raises(ProjectError, match="does not take part"):
        case.exchange(case.a, make_team(case.stage))


def test_nobody_is_exchanged_once_the_round_is_locked(case):
    case.publish()
    runs.lock(case.round, by=case.by, at=LATER)
    with pytest.raises(ProjectError, match="locked"):
        case.exchange(case.a, case.b)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", ["a", "b", "round", "one", "two", "mentor"])
def test_an_exchange_waits_for_whoever_decides_about_its_rows(row):
    case = Case()

    with row_held(getattr(case, row)):
        assert waits(lambda: case.exchange(case.a, case.b))
