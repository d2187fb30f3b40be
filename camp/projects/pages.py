"""What all pages of a project stage share: their frame with its tabs."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from camp.projects.models import Placement

# (key, title, name of the address, who is offered it)
TABS = (
    ("projects", _("Projects"), "list", lambda access: True),
    ("proposals", _("Proposals"), "proposals", lambda access: access.is_student or access.is_staff),
    ("team", _("My team"), "team", lambda access: access.is_student),
    ("teams", _("Teams"), "teams", lambda access: access.is_student or access.is_staff),
    ("preferences", _("My list"), "preferences", lambda access: access.is_student),
    ("result", _("Result"), "result", lambda access: access.is_student),
    ("work", _("My work"), "work", lambda access: access.is_student),
    ("mentor", _("Mentor"), "mentor", lambda access: access.is_mentor),
    ("grading", pgettext_lazy("of teams", "Work"), "grading", lambda access: access.is_mentor or access.is_organizer),
)


def page(request, access, template, *, tab, status=200, **context):
    """A page of the project stage; `tab` is the key of the one that it belongs to.

    Who is signed in reads what is for them alone: no cache keeps it, and after signing out "back" does not show it.
    """
    shown = {"access": access, "camp": access.camp, "project_stage": access.project_stage, "tabs": _tabs(access, tab)}
    response = render(request, template, shown | context, status=status)
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response


def _tabs(access, current):
    return [
        {"title": title, "url": reverse(f"projects:{name}", args=access.camp.address), "is_current": key == current}
        for key, title, name, offered in TABS
        if offered(access)
    ]


def placement_of(team):
    """The placement with a project that a team has; None before the allocation and for who got none."""
    return Placement.objects.placed().filter(team=team).for_page().first() if team else None
