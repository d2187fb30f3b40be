"""One row of every model of the project stage that the admin knows, for tests/admin_world.py.

Models whose admin is not registered are left out. Every text contains the word of the world.
"""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone

from camp.projects import certificates
from camp.projects.models import (
    Certificate,
    ConflictOfInterest,
    Criterion,
    Evaluation,
    HandIn,
    Mentor,
    MentorChoice,
    PreferenceList,
    Project,
    ProjectStage,
    Proposal,
    Refusal,
    ReviewRequest,
    SelectionRound,
    Team,
    TeamMember,
)
from camp.projects.work import grading, handing_in, reviews
from tests.allocation_world import ALLOCATION_MAKERS, make_allocation_rows
from tests.factories import make_running_camp, make_student, make_user
from tests.project_factories import (
    make_criterion,
    make_mentor,
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_proposal,
    make_round,
    make_team,
)


def make_project_rows(world):
    word, now = world.word, timezone.now()
    stage = make_project_stage(world.camp, at=now)
    mentor = make_mentor(stage, user=make_user(f"{word.lower()}-mentor", display_name=f"{word} mentor"))
    team = make_team(stage, at=now, name=f"{word} team")
    project = make_project(stage, title=f"{word} topic", mentor=mentor)
    round = make_round(stage, at=now - timedelta(days=5))
    rows = [
        stage, mentor, team, team.members.get(), project, round,
        PreferenceList.objects.create(round=round, team=team, submitted_by=team.lead.student, choices=[]),
        MentorChoice.objects.create(round=round, mentor=mentor, team=team, rank=1),
        _refusal(round, project, team, world, reason=f"{word} reason"),
        _conflict(mentor, team, world, note=f"{word} note"),
        make_criterion(stage, name=f"{word} criterion"),
        *make_allocation_rows(stage, team, project, by=world.organizer),
        make_proposal(team, title=f"{word} proposal", decided_by=world.organizer),
        *make_work_rows(world, stage, project),
    ]  # fmt: skip
    return [row for row in rows if admin.site.is_registered(type(row))]


def _refusal(round, project, team, world, **fields):
    return Refusal.objects.create(round=round, project=project, team=team, refused_by=world.organizer, **fields)


def _conflict(mentor, team, world, **fields):
    return ConflictOfInterest.objects.create(mentor=mentor, enrollment=team.lead, declared_by=world.organizer, **fields)


def _team(world):
    return make_team(world[ProjectStage], at=timezone.now())


def _round(world):
    number = SelectionRound.objects.count() + 1
    return make_round(world[ProjectStage], at=timezone.now() - timedelta(days=5), number=number)


def _list(world):
    team = _team(world)
    return PreferenceList.objects.create(round=_round(world), team=team, submitted_by=team.lead.student)


def _choice(world):
    return MentorChoice.objects.create(round=_round(world), mentor=_mentor(world), team=_team(world), rank=1)


def make_work_rows(world, stage, project):
    """A team that handed in, and its lead's published grade, request for a review and certificate."""
    word, now = world.word, timezone.now()
    student = make_student(f"{word.lower()}-graduate", display_name=f"{word} graduate")
    lead = make_project_student(stage, student=student, at=now)
    team = make_team(stage, lead=lead, at=now, name=f"{word} placed team")
    placement = make_placement(make_round(stage, at=now, number=9), team, project)
    hand_in = handing_in.hand_in(placement, by=student, repository_url=f"https://example.org/{word}", at=now)
    evaluation = make_published(placement, lead, by=world.organizer)
    review = reviews.ask_review(evaluation, by=student, text=f"{word} request")
    return [hand_in, evaluation, review, certificates.issue(evaluation, by=world.organizer)]


def make_published(placement, enrollment, *, by):
    row = Evaluation.objects.create(placement=placement, enrollment=enrollment, proposed_grade="pass", proposed_by=by)
    return grading.publish([grading.confirm(row, by=by)], by=by)[0]


def _published(world):
    """The published grade of a student on a team of their own."""
    stage, now = world[ProjectStage], timezone.now()
    round = make_round(stage, at=now, number=SelectionRound.objects.count() + 10)
    project = make_project(stage)
    placement = make_placement(round, make_team(stage, at=now), project)
    return make_published(placement, placement.team.lead, by=make_user())


def _hand_in(world):
    placement = _published(world).placement
    student = placement.team.lead.student
    return handing_in.hand_in(placement, by=student, repository_url="https://example.org")


def _review(world):
    evaluation = _published(world)
    return reviews.ask_review(evaluation, by=evaluation.enrollment.student, text="x")


def _stage(world):
    """A camp has one project stage: another one is that of another camp of the organization."""
    number = ProjectStage.objects.count()
    return make_project_stage(
        make_running_camp(f"projects{number}", organization=world.organization), at=timezone.now()
    )


def _proposal(world):
    team = make_team(world[ProjectStage], at=timezone.now())
    return make_proposal(team, wished_mentor=_mentor(world), decided_by=make_user())


def _mentor(world):
    return make_mentor(world[ProjectStage])


PROJECT_MAKERS = {
    **ALLOCATION_MAKERS,
    ProjectStage: _stage,
    Mentor: _mentor,
    Criterion: lambda world: make_criterion(world[ProjectStage]),
    Team: _team,
    TeamMember: lambda world: _team(world).members.get(),
    Project: lambda world: make_project(world[ProjectStage], mentor=_mentor(world)),
    Proposal: _proposal,
    HandIn: _hand_in,
    Evaluation: _published,
    ReviewRequest: _review,
    Certificate: lambda world: certificates.issue(_published(world), by=make_user()),
    SelectionRound: _round,
    PreferenceList: _list,
    MentorChoice: _choice,
    Refusal: lambda world: _refusal(_round(world), world[Project], _team(world), world, reason="x"),
    ConflictOfInterest: lambda world: _conflict(_mentor(world), _team(world), world),
}
