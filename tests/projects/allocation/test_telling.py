"""Who gets a mail about the result besides the teams: mentors, and students who are in no team."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.notices.models import Mail, Notice
from camp.projects.allocation import moves, runs
from camp.projects.models import SelectionRound
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
    """Ada is responsible for a project with one team and Bob helps her; Bob has one of his own without a team."""

    def __init__(self):
        self.by, self.round = make_user(), make_round()
        self.stage = self.round.project_stage
        self.ada, self.bob = (make_mentor(self.stage, user=make_user(language="en")) for _ in range(2))
        self.kernels = make_project(self.stage, title="Kernels", mentor=self.ada, number=1)
        self.kernels.co_mentors.add(self.bob)
        self.graphs = make_project(self.stage, title="Graphs", mentor=self.bob, number=2)
        lead = make_project_student(self.stage, student=make_student(display_name="Zoe", language="en"))
        mate = make_project_student(self.stage, student=make_student(display_name="Yan", language="en"))
        self.team = make_team(self.stage, name="Tigers", lead=lead, members=[mate])
        make_preferences(self.round, self.team, self.kernels)

    def publish(self, round=None, at=LATER):
        return runs.publish(runs.compute(round or self.round, by=self.by, at=at), by=self.by, at=at)

    def alone(self):
        return make_project_student(self.stage, student=make_student(language="en")).student


@pytest.fixture
def case():
    return Case()


def told(person):
    kinds = ("projects/mentor_teams", "projects/mentor_moved", "projects/teamless")
    return list(Notice.objects.filter(recipient=getattr(person, "user", person), kind__in=kinds).order_by("pk"))


def test_publishing_tells_mentors_their_teams_and_those_whom_they_help(case):
    case.publish()

    (ada,), (bob,) = told(case.ada), told(case.bob)
    assert ada.title == bob.title == "Round 1: which teams your projects have"
    assert "Kernels\n- Tigers: Zoe, Yan\n" in ada.body
    assert "Graphs" not in ada.body
    assert "Kernels\n- Tigers: Zoe, Yan\n\nGraphs\n- no team\n" in bob.body
    assert ada.url == reverse("projects:mentor", args=case.stage.camp.address)
    assert Mail.objects.filter(to__in=[case.ada.user.email, case.bob.user.email]).count() == 2


def test_a_mentor_without_a_project_or_without_a_role_hears_nothing(case):
    idle = make_mentor(case.stage)
    StaffRole.objects.filter(user=case.bob.user).delete()

    case.publish()

    assert told(idle) == told(case.bob) == []


def test_a_later_round_tells_mentors_the_teams_of_both(case):
    case.publish()
    second = make_round(case.stage, number=2, method=SelectionRound.Method.ASSIGNMENT)
    late = make_team(case.stage, name="Lions")
    make_preferences(second, late, case.graphs)

    case.publish(second)

    assert "- Tigers: Zoe, Yan" in told(case.bob)[1].body
    assert "Graphs\n- Lions: " in told(case.bob)[1].body


def test_a_move_after_publication_tells_the_mentors_of_both_projects_once(case):
    run = case.publish()

    moves.move(run, case.team, case.graphs, by=case.by, reason="They know graphs.", at=LATER)

    (ada,), (bob,) = told(case.ada)[1:], told(case.bob)[1:]
    assert ada.title == "The teams of your projects have changed"
    assert ada.body == (
        "“Tigers” is no longer in “Kernels”.\n\nThe organizers changed this by hand and wrote: They know graphs."
    )
    assert bob.body.startswith("“Tigers” is no longer in “Kernels”.\n“Tigers” is now in “Graphs”.\n")


def test_a_move_before_publication_tells_nobody(case):
    run = runs.compute(case.round, by=case.by, at=LATER)

    moves.move(run, case.team, case.graphs, by=case.by, reason="x", at=LATER)

    assert told(case.ada) == told(case.bob) == []


def test_students_in_no_team_are_told_what_comes_next(case):
    alone = case.alone()
    make_round(case.stage, at=LATER + timedelta(days=2), number=2, method=SelectionRound.Method.ASSIGNMENT)

    case.publish()

    (notice,) = told(alone)
    assert notice.title == "You are in no team, so you have no project yet"
    assert "There is a second chance: round 2" in notice.body
    assert Mail.objects.filter(to=alone.email, subject=notice.title).count() == 1
    assert told(case.team.lead.student) == []


def test_without_a_next_round_the_staff_write_to_them(case):
    alone = case.alone()
    make_round(case.stage, number=2, method=SelectionRound.Method.ASSIGNMENT)  # Its lists are closed.

    case.publish()

    assert "will write to you" in told(alone)[0].body


def test_who_is_not_in_the_stage_any_more_hears_nothing(case):
    gone = make_project_student(case.stage)
    gone.participations.update(status="held")

    case.publish()

    assert told(gone.student) == []


def test_more_mentors_with_projects_cost_no_more_to_find(case):
    def queries():
        round = make_round(case.stage, number=SelectionRound.objects.count() + 1)
        SelectionRound.objects.exclude(pk=round.pk).update(published_at=LATER)
        run = runs.compute(round, by=case.by, at=LATER)
        with CaptureQueriesContext(connection) as captured:
            runs.publish(run, by=case.by, at=LATER)
        return sum(query["sql"].startswith("SELECT") for query in captured)

    queries()
    for_two = queries()
    for _ in range(3):
        make_project(case.stage, mentor=make_mentor(case.stage))

    assert queries() == for_two
