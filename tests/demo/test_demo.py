"""The demo as one command: what there is to see in it, and that running it again keeps everything."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.demo import cast, project_seasons, projects
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail
from camp.projects.models import (
    Certificate,
    Evaluation,
    HandIn,
    Mentor,
    Placement,
    Preference,
    Project,
    Proposal,
    Team,
    TeamMember,
)
from camp.stages.models import Participation


def demo():
    out = StringIO()
    call_command("demo", students=12, port=8123, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """What the demo printed. It is made once for all tests of this file, in a transaction that is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo()
        transaction.set_rollback(True)


@pytest.fixture
def winter(printed):
    return project_seasons.winter_camp().project_stage


@pytest.fixture
def spring(printed):
    return project_seasons.spring_camp().project_stage


def member(stage):
    return TeamMember.objects.get(project_stage=stage, enrollment__student=cast.student())


def test_every_login_and_both_seasons_are_printed(printed):
    roles = [line.split()[3] for line in printed.splitlines() if line.startswith("Sign in as")]

    assert roles == ["linxiaoman", "teacher", "organizer", "superuser", "mentor"]
    assert [line.split()[1] for line in printed.splitlines() if line.startswith(("Projects", "Graded"))] == [
        "http://127.0.0.1:8123/InfiniTensor/camp/2024winter/projects/",
        "http://127.0.0.1:8123/InfiniTensor/camp/2024spring/projects/",
    ]


def test_winter_is_choosing_now(winter):
    now, choosing = timezone.now(), winter.rounds.get(number=1)

    assert choosing.is_open(now)
    assert 1 < (choosing.closes_at - now).total_seconds() / 86400 < 3.1
    assert winter.topics_are_published(now)
    assert winter.takes_proposals(now)
    assert not winter.teams_are_locked(now)


def test_students_of_winter_earned_their_place(winter):
    enrollments = Enrollment.objects.in_camp(winter.camp).active()
    admitted = Participation.objects.admitted().filter(stage=winter.stage)

    assert (enrollments.count(), admitted.count()) == (projects.FEWEST, projects.FEWEST)
    assert [row for row in admitted if not row.is_by_rule] == []


def test_the_student_of_the_demo_has_a_team_with_a_list(winter):
    team = member(winter).team

    assert (team.size, team.is_led_by(cast.student())) == (3, True)
    assert Preference.objects.filter(team=team).count() >= 3


def test_mentors_have_every_project_between_them(winter):
    assert Mentor.objects.filter(project_stage=winter).count() == 5
    assert winter.projects.filter(mentor=None).count() == 0
    assert StaffRole.objects.filter(camp=winter.camp, role=StaffRole.Role.MENTOR).count() == 5


def test_two_proposals_are_open_and_accepted(winter):
    statuses = sorted(Proposal.objects.filter(project_stage=winter).values_list("status", flat=True))
    project = Project.objects.get(project_stage=winter, proposal__isnull=False)

    assert statuses == ["accepted", "submitted"]
    assert project.reserved_for == project.proposal.team


def test_spring_is_over_with_grades_and_certificates(spring):
    evaluations = Evaluation.objects.filter(placement__round__project_stage=spring)
    passed = evaluations.exclude(grade="fail")

    assert (
        Placement.objects.placed().filter(round__project_stage=spring).count()
        == Team.objects.filter(project_stage=spring).count()
    )
    assert evaluations.published().count() == projects.IN_SPRING
    assert Certificate.objects.valid().filter(enrollment__camp=spring.camp).count() == passed.count()
    assert HandIn.objects.count() >= Team.objects.filter(project_stage=spring).count()
    assert Certificate.objects.filter(enrollment=member(spring).enrollment).count() == 1


def test_no_mail_tells_of_the_past(printed, winter):
    assert Mail.objects.filter(notice__recipient=cast.student()).count() == 0


def test_running_it_again_keeps_everything(printed, winter):
    counted = [model.objects.count() for model in (Enrollment, Team, Preference, Placement, Certificate, Mail)]

    again = demo()

    assert [model.objects.count() for model in (Enrollment, Team, Preference, Placement, Certificate, Mail)] == counted
    assert "The demo is kept as it was" in again
    assert "Sign in as" not in again
