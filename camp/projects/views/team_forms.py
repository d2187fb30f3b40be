"""What the pages of teams with a form have in common: whose they are, what is done, and what stands in the way."""

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from camp.projects.access import access_to
from camp.projects.errors import ProjectError
from camp.projects.pages import page

either = require_http_methods(["GET", "HEAD", "POST"])


def student_of(request, address):
    access = access_to(request, **address)
    access.require_student()
    return access


def posted(request):
    return request.POST if request.method == "POST" else None


def tried(form, act, *subjects, **known):
    """Do what the form asks for. None when it is done; otherwise the status of the page that shows the form again."""
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 400
    try:
        act(*subjects, **known, **form.cleaned_data)
    except ProjectError as error:
        form.add_error(None, str(error))
        return error.status
    return None


def formed(request, access, template, form, status, **context):
    """The page of a form, or of what stands in its way: the lock, a team of one's own, a project of the team."""
    locked = access.project_stage.teams_are_locked()
    shown = {"form": form, "team": access.team, "is_locked": locked} | context
    return page(request, access, template, tab="team", status=status, **shown)


def to_team(access):
    return redirect("projects:team", *access.camp.address)
