"""The side of those who evaluate: mentors see the teams of their projects, organizers all of them."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from camp.projects.access import access_to
from camp.projects.errors import ProjectError
from camp.projects.forms.work import GradeForm
from camp.projects.pages import page
from camp.projects.views.work import REFUSED, placement_or_404, require_grader
from camp.projects.work import grading, work_pages
from camp.projects.work.graders import seats_of


@require_safe
def teams(request, **address):
    access = access_to(request, **address)
    if not access.is_organizer:
        access.require_mentor()
    lines = work_pages.lines_of(access.project_stage, mentor=None if access.is_organizer else access.mentor)
    return page(request, access, "projects/grading.html", tab="grading", lines=lines)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request, pk, **address):
    """Hand-ins of a team and the form that evaluates it. With `preview`, the rubric is only reckoned."""
    access = access_to(request, **address)
    placement = placement_or_404(access, pk)
    require_grader(request.user, access, placement)
    seats, criteria = seats_of(placement, viewer=request.user), list(access.project_stage.criteria.all())
    words = {"criteria": criteria, "seats": seats, "is_preview": "preview" in request.POST}
    if request.method != "POST":
        form = GradeForm(initial=work_pages.first_values(seats), **words)
        return _page(request, access, placement, form, seats)
    return _sent(request, access, placement, GradeForm(request.POST, **words), seats)


def _sent(request, access, placement, form, seats):
    is_valid = form.is_valid()
    if form.is_preview:
        form.follow(work_pages.reckoned(form.criteria, form.points)["suggested_grade"])
        return _page(request, access, placement, form, seats)
    if not is_valid:
        return _page(request, access, placement, form, seats, status=400)
    try:
        made = grading.propose(placement, by=request.user, **form.answers)
    except ProjectError as error:
        form.add_error(None, str(error))
        return _page(request, access, placement, form, seats, status=REFUSED)
    said = ngettext("Proposed for %(count)d student.", "Proposed for %(count)d students.", len(made))
    next_step = _("The organizers confirm and publish the grades.")
    messages.success(request, f"{said % {'count': len(made)}} {next_step}")
    return redirect("projects:grade", *access.camp.address, placement.pk)


def _page(request, access, placement, form, seats, *, status=200):
    points = form.points if form.is_bound else {one.key: form.initial.get(f"points-{one.key}") for one in form.criteria}
    known = {key: value for key, value in points.items() if value is not None}
    context = {
        "placement": placement,
        "form": form,
        "seats": seats,
        "handed_in": work_pages.handed_in(placement, evaluations=placement.evaluations.all()),
        **work_pages.reckoned(form.criteria, known),
        **work_pages.deadline(access.project_stage),
    }
    return page(request, access, "projects/grade.html", tab="grading", status=status, **context)
