"""Who is in which team: the steps of which students' and staff's services are made. Each runs in their transaction.

Enrollments are locked before teams. A membership changes under the lock of its enrollment and of its team.
"""

import re
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.camps.contacts import with_contact
from camp.camps.times import moment
from camp.enrollment.models import Enrollment
from camp.projects.access import is_in_stage
from camp.projects.errors import ProjectError
from camp.projects.models import Placement, ProjectStage, Proposal, Team, TeamMember
from camp.stages.models import Participation

CODE_IN_LINK = re.compile(r"[?&]code=(?P<code>[^&#\s]*)")
REASON_KEPT = 100  # Letters; the notice has them all.


class LockedError(ProjectError):
    """The teams are locked; only the staff change them now."""

    status = 403


class NameTakenError(ProjectError):
    """Another team has this name."""


def locked_enrollment(enrollment):
    """The enrollment with its student, re-read under its lock."""
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("student").get(pk=enrollment.pk)


def locked_student(enrollment, project_stage):
    """The same for a student of the stage: whoever is taken out of it has the enrollment locked first, too."""
    enrollment = locked_enrollment(enrollment)
    if not is_in_stage(enrollment, project_stage):
        words = {"stage": project_stage.stage}
        raise ProjectError(_("Teams are for the students of the stage “%(stage)s”.") % words)
    return enrollment


def locked_team(pk):
    """The team with its lead and project stage, re-read under its lock."""
    locked = Team.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("lead__student", "project_stage__camp__organization").get(pk=pk)


def locked_team_of(enrollment, project_stage):
    """The student's team under its lock and their place in it; (None, None) for who is in none."""
    rows = TeamMember.objects.filter(enrollment=enrollment, project_stage=project_stage)
    member = rows.first()
    if member is None:
        return None, None
    team = locked_team(member.team_id)
    return team, rows.filter(team=team).first()


def found(enrollment, project_stage, *, name, at, **fields):
    """A new team of one. The enrollment is locked and in no team."""
    limit = ProjectStage.objects.values_list("team_size_limit", flat=True).get(pk=project_stage.pk)
    with refuse_taken_names():
        team = Team.objects.create(
            project_stage=project_stage, name=name, lead=enrollment, size_limit=limit, created_at=at, **fields
        )
    TeamMember.objects.create(team=team, project_stage=project_stage, enrollment=enrollment, joined_at=at)
    return team


@contextmanager
def refuse_taken_names():
    """The database knows which names are taken; its word becomes a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "team_name_once" not in str(error):
            raise
        raise NameTakenError(_("Another team has this name. Choose another.")) from None


def enter(team, enrollment, *, at, reason=""):
    """Take a place in the team for a locked enrollment. From here on the team's row is locked, too."""
    if not Team.objects.take_place(team.pk):
        raise ProjectError(_why_no_place(team))
    member = TeamMember(team=team, project_stage_id=team.project_stage_id, enrollment=enrollment, joined_at=at)
    _write_history(member, reason)
    member.save()


def _write_history(member, reason):
    """The reason that the next change of this row is kept with, as far as its column goes."""
    member._change_reason = reason[:REASON_KEPT]


def _why_no_place(team):
    team.refresh_from_db()
    if team.is_disbanded:
        return _("The team “%(team)s” has been disbanded.") % {"team": team}
    return _("The team “%(team)s” is full. Found a team, or join another.") % {"team": team}


def depart(team, member, *, at, reason=""):
    """Take a member out of the locked team, which never is without a lead: the longest member follows, if any."""
    _write_history(member, reason)
    member.delete()
    following = team.members.select_related("enrollment__student").first()
    if following is None:
        disband(team, at=at)
        return
    Team.objects.release_place(team.pk)
    team.size -= 1
    if team.lead_id == member.enrollment_id:
        team.lead = following.enrollment
        team.save(update_fields=["lead"])


def disband(team, *, at, reason=""):
    """End the locked team and free its members. It stays, with its last lead; its open proposals are withdrawn."""
    for member in team.members.all():
        _write_history(member, reason)
        member.delete()
    team.disbanded_at, team.is_looking = at, False
    team.save(update_fields=["disbanded_at", "is_looking"])
    for proposal in team.proposals.filter(status__in=Proposal.OPEN):
        proposal.decide(Proposal.Status.WITHDRAWN, by=None, at=at)
        proposal.save()


def plain_code(typed):
    """A code as it is stored, however it was written down; also out of the link that brings it."""
    linked = CODE_IN_LINK.search(typed)
    typed = linked["code"] if linked else typed
    return "".join(letter for letter in typed.lower() if letter.isalnum())


def require_teamless(enrollment, project_stage, *, by):
    team = Team.objects.standing().filter(members__enrollment=enrollment, project_stage=project_stage).first()
    if team and enrollment.student_id == by.pk:
        raise ProjectError(_("You are in the team “%(team)s” already. Leave it first.") % {"team": team})
    if team:
        words = {"student": enrollment.student, "team": team}
        raise ProjectError(_("%(student)s is in the team “%(team)s” already.") % words)


def teamless(stages):
    """The students of these project stages who are in no team of them, by name."""
    taken = TeamMember.objects.filter(project_stage__in=stages).values("enrollment")
    admitted = Participation.objects.admitted().filter(stage__project_stage__in=stages).values("enrollment")
    free = Enrollment.objects.active().filter(pk__in=admitted).exclude(pk__in=taken)
    return free.select_related("student").order_by("student__display_name", "id")


def require_unlocked(project_stage, *, at):
    """Refuse once the teams are locked, by the time that holds now."""
    project_stage = ProjectStage.objects.for_page().get(pk=project_stage.pk)
    if not project_stage.teams_are_locked(at):
        return
    locked = moment(project_stage.teams_lock_at, zone=project_stage.camp.zone, now=timezone.now())
    refusal = _("The teams were locked at %(when)s (%(zone)s). If yours has to change, write to the organizers.")
    raise LockedError(with_contact(refusal % {"when": locked.text, "zone": locked.zone}, project_stage.camp))


def require_unplaced(team):
    """Who has a project goes on with it together; only the staff take somebody out."""
    if Placement.objects.placed().filter(team=team).exists():
        refusal = _("Your team has its project. If somebody has to leave it, write to the organizers.")
        raise ProjectError(with_contact(refusal, team.project_stage.camp))


def required(reason):
    if not reason.strip():
        raise ProjectError(_("Give a reason; the student reads it."))
    return reason.strip()
