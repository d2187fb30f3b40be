"""The demo as one command: what there is to see in it, and that running it again keeps everything."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from camp.demo import cast, project_seasons, projects
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail, Notice
from camp.projects.models import (
    Certificate,
    Evaluation,
    Placement,
    Preference,
    Project,
    Team,
    TeamMember,
)
from camp.stages.models import Participation


def demo():
    out = StringIO()
    call_command("demo", students=12, port=8123, stdout=out)
    return out.getvalue()


@pytest.fixture
def printed(db):
    return demo()


def member(stage):
    return TeamMember.objects.get(project_stage=stage, enrollment__student=cast.student())


def test_a_season_chooses_now_and_every_login_is_printed(printed):
    stage, now = project_seasons.winter_camp().project_stage, timezone.now()
    admitted = Participation.objects.admitted().filter(stage=stage.stage)
    left = stage.rounds.get(number=1).closes_at - now
    team = member(stage).team
    proposed = Project.objects.get(project_stage=stage, proposal__isnull=False)

    assert [line.split()[3] for line in printed.splitlines() if line.startswith("Sign in as")] == [
        "linxiaoman", "teacher", "organizer", "superuser", "mentor"
    ]  # fmt: skip
    assert (stage.rounds.get(number=1).is_open(now), stage.takes_proposals(now)) == (True, True)
    assert timedelta(days=1) < left < timedelta(days=4)
    assert [row.is_by_rule for row in admitted] == [True] * projects.FEWEST
    assert (team.size, team.is_led_by(cast.student()), Preference.objects.filter(team=team).exists()) == (3, True, True)
    assert (stage.mentors.count(), stage.projects.filter(mentor=None).count()) == (5, 0)
    assert sorted(stage.proposals.values_list("status", flat=True)) == ["accepted", "submitted"]
    assert proposed.reserved_for == proposed.proposal.team


def test_an_earlier_season_is_over_with_grades_and_certificates(printed):
    stage = project_seasons.spring_camp().project_stage
    evaluations = Evaluation.objects.filter(placement__round__project_stage=stage).published()
    placed = Placement.objects.placed().filter(round__project_stage=stage)

    assert placed.count() == stage.teams.count()
    assert [one.hand_ins.exists() for one in placed] == [True] * len(placed)
    assert evaluations.count() == projects.IN_SPRING
    assert Certificate.objects.valid().count() == evaluations.exclude(grade="fail").count()
    assert Certificate.objects.filter(enrollment=member(stage).enrollment).count() == 1
    assert Mail.objects.filter(notice__recipient=cast.student()).count() == 0


def test_an_earlier_season_shows_why(printed):
    stage = project_seasons.spring_camp().project_stage
    own = Placement.objects.get(team=member(stage).team)
    first, second = (
        Placement.objects.filter(round__project_stage=stage, round__number=number).order_by("pk") for number in (1, 2)
    )

    assert own.choice > 1
    assert (own.why[0]["reason"], own.why[0]["basis"]) == ("project_full", "mentor")
    assert [one.team for one in first.filter(project=None)] == [one.team for one in second]
    assert [one.is_placed for one in second] == [True]


def test_nobody_entered_a_stage_before_it_began(printed):
    for rows in (Participation.objects, Participation.history):
        early = rows.filter(decided_at__lt=F("stage__opens_at"), stage__opens_at__lte=timezone.now())
        assert early.count() == 0


def test_what_an_earlier_season_told_is_as_old_as_what_it_tells(printed):
    camp = project_seasons.spring_camp()
    told = Notice.objects.filter(camp=camp)

    assert told.filter(kind="projects/certificate_issued").count() == Certificate.objects.valid().count()
    assert told.filter(created_at__gt=camp.ends_at).count() == 0


def test_running_it_again_keeps_everything(printed):
    kept = (Enrollment, Team, Preference, Placement, Certificate, Mail)
    before = [model.objects.count() for model in kept]

    again = demo()

    assert [model.objects.count() for model in kept] == before
    assert ("The demo is kept as it was" in again, "Sign in as" in again) == (True, False)
