"""Plain functions that make one object each of a project stage. `make_project_student` makes somebody who is in it."""

from datetime import timedelta

from camp.camps.models import StaffRole
from camp.projects.models import (
    Criterion,
    Mentor,
    Placement,
    Preference,
    Project,
    ProjectStage,
    Proposal,
    SelectionRound,
    Team,
    TeamMember,
)
from camp.stages.models import Participation, Stage
from tests.factories import (
    NOW,
    make_camp,
    make_enrollment,
    make_staff_role,
    make_stage,
    make_student,
    make_user,
    numbers,
)


def make_project_stage(camp=None, *, at=NOW, **fields):
    """Topics are published, proposals taken, teams not locked yet and work still handed in at `at`.

    Give a camp and an `at` around the real now for views.
    """
    camp = camp or make_camp()
    stage = make_stage(
        camp,
        kind=Stage.Kind.PROJECT,
        name="Project",
        opens_at=at - timedelta(days=5),
        closes_at=at + timedelta(days=40),
    )
    make_entry_rule(stage)
    defaults = {
        "topics_published_at": at - timedelta(days=4),
        "proposals_close_at": at + timedelta(days=3),
        "teams_lock_at": at + timedelta(days=5),
        "hand_in_closes_at": at + timedelta(days=30),
    }
    return ProjectStage.objects.create(camp=camp, stage=stage, **defaults | fields)


def make_entry_rule(stage):
    """An item that staff tick, so that nobody is in the stage by merely being enrolled."""
    group = stage.requirement_groups.create(label="Professional stage", position=next(numbers))
    return group.requirements.create(kind="item", item="Homework", position=next(numbers))


def make_participation(enrollment, stage, *, at=NOW):
    return Participation.objects.create(enrollment=enrollment, stage=stage, decided_at=at)


def make_project_student(project_stage, *, student=None, at=NOW):
    """The enrollment of a student who is in the project stage."""
    enrollment = make_enrollment(project_stage.camp, student=student or make_student(), at=at)
    make_participation(enrollment, project_stage.stage, at=at)
    return enrollment


def make_mentor(project_stage, *, user=None, **fields):
    user = user or make_user()
    make_staff_role(project_stage.camp, user=user, role=StaffRole.Role.MENTOR)
    return Mentor.objects.create(project_stage=project_stage, user=user, **fields)


def make_project(project_stage=None, **fields):
    """An open project with one seat, for teams of one to three."""
    project_stage = project_stage or make_project_stage()
    number = fields.pop("number", None) or next(numbers)
    defaults = {"title": f"Project {number}", "summary": "Make it quicker.", "status": Project.Status.OPEN}
    return Project.objects.create(project_stage=project_stage, number=number, **defaults | fields)


def make_team(project_stage=None, *, lead=None, members=(), at=NOW, **fields):
    """A team of its lead and further members (enrollments of students of the stage), with its size counted."""
    project_stage = project_stage or make_project_stage()
    lead = lead or make_project_student(project_stage, at=at)
    defaults = {"name": f"Team {next(numbers)}", "size_limit": project_stage.team_size_limit, "created_at": at}
    people = [lead, *members]
    team = Team.objects.create(project_stage=project_stage, lead=lead, size=len(people), **defaults | fields)
    for enrollment in people:
        TeamMember.objects.create(team=team, project_stage=project_stage, enrollment=enrollment, joined_at=at)
    return team


def make_proposal(team, **fields):
    defaults = {"title": f"Topic {next(numbers)}", "summary": "Our own idea.", "proposed_by": team.lead.student}
    return Proposal.objects.create(project_stage=team.project_stage, team=team, **defaults | fields)


def make_round(project_stage=None, *, at=NOW, **fields):
    """A round that is open to teams at `at`, for a day more, and then for two days to mentors."""
    project_stage = project_stage or make_project_stage(at=at)
    defaults = {
        "number": 1,
        "opens_at": at - timedelta(days=1),
        "closes_at": at + timedelta(days=1),
        "mentors_close_at": at + timedelta(days=3),
        "seed": "a seed",
    }
    return SelectionRound.objects.create(project_stage=project_stage, **defaults | fields)


def make_preferences(round, team, *projects):
    """The team's list as it counts, in this order."""
    lines = [Preference(round=round, team=team, project=one, rank=n) for n, one in enumerate(projects, start=1)]
    return Preference.objects.bulk_create(lines)


def make_placement(round, team, project=None, **fields):
    return Placement.objects.create(round=round, team=team, project=project, **fields)


def make_criterion(project_stage, key=None, **fields):
    key = key or f"criterion{next(numbers)}"
    return Criterion.objects.create(project_stage=project_stage, key=key, **{"name": key.title()} | fields)
