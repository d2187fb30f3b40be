"""How a student without a team and a team find each other: requests to join, and the list of who looks for a team.

All of it until the teams are locked. The enrollment is locked before the team, as for every other way into one.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.notices import services as notices
from camp.projects import team_notices
from camp.projects.errors import ProjectError
from camp.projects.memberships import enter, locked_student, require_teamless, require_unlocked
from camp.projects.models import JoinRequest, Seeker, Team
from camp.projects.teams import led_team

MOST_OPEN = 3  # Of one student at the same time.


@transaction.atomic
def ask_to_join(enrollment, team, *, by, note="", at=None):
    """Ask the lead of a team that looks for members, who gets a mail."""
    at, project_stage = at or timezone.now(), team.project_stage
    enrollment = _locked_teamless(enrollment, project_stage, by=by, at=at)
    if not Team.objects.for_looking_list(project_stage).filter(pk=team.pk).exists():
        raise ProjectError(_("This team looks for nobody now. Ask another one."))
    asked = JoinRequest.objects.filter(enrollment=enrollment, team__project_stage=project_stage)
    if asked.filter(team=team).exists():
        raise ProjectError(_("You have asked this team before. Its lead can still give you its code."))
    if asked.open().count() >= MOST_OPEN:
        words = {"most": MOST_OPEN}
        raise ProjectError(_("You have asked %(most)d teams. Wait for an answer, or take a request back.") % words)
    request = JoinRequest.objects.create(team=team, enrollment=enrollment, note=note, asked_at=at)
    _tell(request, "team_asked", team.lead.student, url=team.get_absolute_url(), at=at)
    return request


@transaction.atomic
def accept_request(request, *, by, at=None):
    """The lead lets the student in, if there is a place and they are in no other team by now."""
    at, team = at or timezone.now(), request.team
    enrollment = locked_student(request.enrollment, team.project_stage)
    request, team = _to_answer(request, by=by, at=at)
    require_teamless(enrollment, team.project_stage, by=by)
    enter(team, enrollment, at=at)
    team.refresh_from_db(fields=["size"])
    _close(request, JoinRequest.Status.ACCEPTED)
    _tell(request, "team_accepted", enrollment.student, url=team.get_absolute_url(), at=at)
    team_notices.tell_joined(team, enrollment.student, at=at)
    return team


@transaction.atomic
def decline_request(request, *, by, at=None):
    at = at or timezone.now()
    request, team = _to_answer(request, by=by, at=at)
    _close(request, JoinRequest.Status.DECLINED)
    url = reverse("projects:teams", args=team.project_stage.camp.address)
    _tell(request, "team_declined", request.enrollment.student, url=url, at=at)
    return team


def take_request_back(request, *, by):
    """Nothing happens when it is answered already."""
    own = JoinRequest.objects.filter(pk=request.pk, enrollment__student=by, status=JoinRequest.Status.OPEN)
    own.update(status=JoinRequest.Status.TAKEN_BACK)


@transaction.atomic
def seek(enrollment, project_stage, *, by, about, at=None):
    """Stand on the list of the students who look for a team, with these words."""
    at = at or timezone.now()
    enrollment = _locked_teamless(enrollment, project_stage, by=by, at=at)
    values = {"about": about, "since": at}
    return Seeker.objects.update_or_create(project_stage=project_stage, enrollment=enrollment, defaults=values)[0]


def stop_seeking(enrollment, project_stage):
    Seeker.objects.filter(project_stage=project_stage, enrollment=enrollment).delete()


def mark_asked(teams, enrollment):
    """Give each team `asked`: the student's request to it, None where there is none. One query."""
    requests = {one.team_id: one for one in JoinRequest.objects.filter(enrollment=enrollment, team__in=list(teams))}
    for team in teams:
        team.asked = requests.get(team.pk)


def _locked_teamless(enrollment, project_stage, *, by, at):
    enrollment = locked_student(enrollment, project_stage)
    require_unlocked(project_stage, at=at)
    require_teamless(enrollment, project_stage, by=by)
    return enrollment


def _to_answer(request, *, by, at):
    """The request and its team, re-read under the team's lock, while its lead is `by` and it waits for an answer."""
    team = led_team(request.team, by=by, at=at)
    request = JoinRequest.objects.select_related("enrollment__student").get(pk=request.pk)
    if not request.is_open:
        raise ProjectError(_("This request is answered or taken back already."))
    request.team = team
    return request, team


def _close(request, status):
    request.status = status
    request.save(update_fields=["status"])


def _tell(request, kind, person, *, url, at):
    camp, words = request.team.project_stage.camp, {"team": request.team, "student": request.enrollment.student}
    notices.queue(f"projects/{kind}", to=person, camp=camp, url=url, at=at, request=request, **words)
