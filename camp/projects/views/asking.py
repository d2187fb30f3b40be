"""Asking to join a team, answering that, and standing on the list of who looks for a team."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from camp.projects import asking as services
from camp.projects.errors import ProjectError
from camp.projects.forms.teams import NoteForm, SeekForm
from camp.projects.models import JoinRequest, Seeker, Team
from camp.projects.views.team_forms import either, formed, posted, student_of, to_team, tried


@either
def ask(request, pk, **address):
    """Write a line to the lead of a team that looks for members."""
    access = student_of(request, address)
    teams = Team.objects.standing().filter(project_stage=access.project_stage).select_related("lead__student")
    team = get_object_or_404(teams, pk=pk)
    team.project_stage = access.project_stage
    form = NoteForm(posted(request))
    status = tried(form, services.ask_to_join, access.enrollment, team, by=request.user)
    if status is None:
        messages.success(request, _("The lead of “%(team)s” is asked. A notice brings the answer.") % {"team": team})
        return _to_teams(access)
    has_team = access.team is not None
    return formed(request, access, "projects/team_ask.html", form, status, asked=team, has_team=has_team)


@require_POST
def answer(request, pk, act, **address):
    """The lead accepts or declines a request to their team; whoever asked takes it back."""
    access = student_of(request, address)
    requests = JoinRequest.objects.filter(team__project_stage=access.project_stage)
    if act == "take-back":
        services.take_request_back(get_object_or_404(requests, pk=pk, enrollment=access.enrollment), by=request.user)
        messages.success(request, _("Your request is taken back."))
        return _to_teams(access)
    asked = get_object_or_404(requests.select_related("team__project_stage", "enrollment"), pk=pk, team=access.team)
    service, said = ANSWERS[act]
    try:
        service(asked, by=request.user)
        messages.success(request, said())
    except ProjectError as error:
        messages.error(request, str(error))
    return to_team(access)


ANSWERS = {
    "accept": (services.accept_request, lambda: _("They are in your team now, and are told.")),
    "decline": (services.decline_request, lambda: _("The request is declined. The student is told.")),
}


@either
def seek(request, **address):
    """Stand on the list of who looks for a team, or change the words there."""
    access = student_of(request, address)
    own = Seeker.objects.filter(project_stage=access.project_stage, enrollment=access.enrollment).first()
    form = SeekForm(posted(request), initial={"about": own.about if own else ""})
    status = tried(form, services.seek, access.enrollment, access.project_stage, by=request.user)
    if status is None:
        messages.success(request, _("You stand on the list. Founding or joining a team takes you off it."))
        return _to_teams(access)
    return formed(request, access, "projects/team_seek.html", form, status, has_team=access.team is not None)


@require_POST
def stop(request, **address):
    access = student_of(request, address)
    services.stop_seeking(access.enrollment, access.project_stage)
    messages.success(request, _("You are off the list."))
    return _to_teams(access)


def _to_teams(access):
    return redirect("projects:teams", *access.camp.address)
