"""What the staff and what happens elsewhere do to teams, whether these are locked or not."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.projects import team_notices
from camp.projects.errors import ProjectError
from camp.projects.memberships import (
    depart,
    disband,
    enter,
    locked_enrollment,
    locked_student,
    locked_team,
    locked_team_of,
    require_teamless,
    required,
)


@transaction.atomic
def admit_to_team(team, *, enrollment, by, reason, at=None):
    """Organizers put a student of the stage into a team that has a place, with a reason that the student reads."""
    reason, at = required(reason), at or timezone.now()
    enrollment = locked_student(enrollment, team.project_stage)
    require_teamless(enrollment, team.project_stage, by=by)
    enter(team, enrollment, at=at, reason=reason)
    team = locked_team(team.pk)
    team_notices.tell_admitted(team, enrollment.student, reason=reason, at=at)
    return team


@transaction.atomic
def take_out_of_team(team, *, enrollment, by, reason, at=None):
    """Organizers take a student out of a team. The last one disbands it; a placement of the team stays."""
    reason, at = required(reason), at or timezone.now()
    enrollment = locked_enrollment(enrollment)
    team = locked_team(team.pk)
    member = team.members.filter(enrollment=enrollment).first()
    if member is None:
        raise ProjectError(_("%(student)s is not in this team.") % {"student": enrollment.student})
    depart(team, member, at=at, reason=reason)
    team_notices.tell_removed(team, enrollment.student, reason=reason, at=at)
    return team


@transaction.atomic
def disband_team(team, *, by, reason, at=None):
    """Organizers end a team; everybody who was in it reads why."""
    reason, team = required(reason), locked_team(team.pk)
    if team.is_disbanded:
        raise ProjectError(_("This team has been disbanded already."))
    students = [member.enrollment.student for member in team.members.select_related("enrollment__student")]
    disband(team, at=at or timezone.now(), reason=reason)
    team_notices.tell_disbanded(team, students, reason=reason, at=at)
    return team


@transaction.atomic
def drop_out(enrollment, project_stage, *, at):
    """Somebody is no student of the stage any more, and so in no team of it: locked or placed, it goes on without them.

    The caller has locked the enrollment.
    """
    team, member = locked_team_of(enrollment, project_stage)
    if member:
        depart(team, member, at=at)
        team_notices.tell_left(team, enrollment.student, at=at)
    return team
