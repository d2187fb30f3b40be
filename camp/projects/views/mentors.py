"""A mentor's pages: their projects, the teams that chose them, their order of them, and their own students."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from camp.projects.access import access_to
from camp.projects.choosing import mentoring
from camp.projects.choosing.applicants import applicants, desk, helped_applicants, own_students
from camp.projects.choosing.orders import acted
from camp.projects.choosing.selection import StaleError, current_round
from camp.projects.errors import ProjectError
from camp.projects.forms.selection import ConflictForm, MentorOrderForm, RefusalForm
from camp.projects.models import Project, Refusal
from camp.projects.pages import page
from camp.projects.work import work_pages


@require_http_methods(["GET", "HEAD", "POST"])
def mentor(request, **address):
    access = _mentor(request, **address)
    if request.method != "POST":
        return _desk(request, access, MentorOrderForm())
    form = MentorOrderForm(request.POST)
    if not form.is_valid():
        return _answered(request, access, form, status=400)
    if form.cleaned_data["act"] == "submit":
        return _saved(request, access, form)
    return _answered(request, access, form)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request, pk, **address):
    """One team that chose a project of the mentor's, and the form to refuse it; it is asked once more.

    Of a project that they only help with, they read who is in the team.
    """
    access = _mentor(request, **address)
    round, applicant = _applicant(access, pk)
    projects = Project.objects.filter(pk__in=[project.pk for project in applicant.projects])
    form = RefusalForm(request.POST if request.method == "POST" else None, projects=projects)
    is_open = round.takes_mentors_order() and applicant.is_judged
    context = {"round": round, "applicant": applicant, "form": form, "is_open": is_open}
    if form.is_valid():
        if is_open and not applicant.conflict and not _is_confirmed(request):
            context["replaced"] = [one for one in applicant.refusals if one.project == form.cleaned_data["project"]]
            return page(request, access, "projects/mentor_refuse.html", tab="mentor", **context)
        if _done(form, mentoring.refuse_team, round, team=applicant.team, by=request.user, **form.cleaned_data):
            messages.success(request, _("The team is marked as not acceptable for this project."))
            return redirect(request.path)
    return page(request, access, "projects/mentor_team.html", tab="mentor", status=_status(form), **context)


@require_POST
def accept(request, pk, **address):
    """The mentor takes a refusal back."""
    access = _mentor(request, **address)
    refusal = get_object_or_404(Refusal.objects.filter(project__mentor=access.mentor), pk=pk)
    try:
        mentoring.take_refusal_back(refusal, by=request.user)
        messages.success(request, _("The team is acceptable for this project again."))
    except ProjectError as error:
        return _desk(request, access, MentorOrderForm(), status=error.status, refusal=str(error))
    return redirect("projects:mentor_team", *access.camp.address, refusal.team_id)


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request, **address):
    """Which students are the mentor's own, and the form to declare another; it is asked once more."""
    access = _mentor(request, **address)
    initial = {"handle": request.GET.get("student", "")[:150].replace("\x00", "")}
    form = ConflictForm(request.POST) if request.method == "POST" else ConflictForm(initial=initial)
    context = own_students(access.mentor, now=timezone.now()) | {"form": form}
    if form.is_valid() and _done(form, _find, access, form):
        words = {"by": request.user, "note": form.cleaned_data["note"]}
        if not _is_confirmed(request):
            context |= mentoring.said_about(access.mentor, form.student)
            return page(request, access, "projects/mentor_declare.html", tab="mentor", **context)
        if _done(form, mentoring.declare_conflict, access.mentor, form.student, **words):
            messages.success(request, _("It is declared. You no longer judge this student's team."))
            return redirect(request.path)
    return page(request, access, "projects/mentor_conflicts.html", tab="mentor", status=_status(form), **context)


def _find(access, form):
    """The student whom the form names, as one who can be declared."""
    form.student = mentoring.student_called(access.project_stage, form.cleaned_data["handle"])
    mentoring.require_declarable(access.mentor, form.student)


def _is_confirmed(request):
    return "confirmed" in request.POST


def _mentor(request, **address):
    access = access_to(request, **address)
    access.require_mentor()
    access.mentor.project_stage = access.project_stage
    return access


def _applicant(access, pk):
    """The round and a team that chose a project of the mentor's, or one that they help with; after the close."""
    round = current_round(access.project_stage, timezone.now())
    if round is None or not round.is_closed():
        raise Http404
    found = applicants(round, access.mentor, only=pk) or helped_applicants(round, access.mentor, only=pk)
    if not found:
        raise Http404
    return round, found[0]


def _done(form, service, *subjects, **words):
    """Whether the service did it; a refusal stands on the form, with its status."""
    try:
        service(*subjects, **words)
    except ProjectError as error:
        form.add_error(None, str(error))
        form.status = error.status
        return False
    return True


def _status(form):
    return getattr(form, "status", 400) if form.errors else 200


def _saved(request, access, form):
    round = current_round(access.project_stage, timezone.now())
    if round is None:
        raise Http404
    sent = form.cleaned_data
    words = {"by": request.user, "based_on": sent["based_on"], "shortlisted": sent["shortlist"]}
    try:
        mentoring.rank_teams(round, access.mentor, sent["order"], **words)
    except ProjectError as error:
        form.add_error(None, str(error))
        return _answered(request, access, form, status=error.status, is_conflict=isinstance(error, StaleError))
    messages.success(request, _("Your order is saved. You can change it until the mentors' close."))
    return redirect("projects:mentor", *access.camp.address)


def _answered(request, access, form, *, status=200, is_conflict=False):
    """The page again with the order as the buttons made it, nothing saved and nothing lost."""
    sent = form.cleaned_data
    words = {"shortlist": sent.get("shortlist"), "based_on": None if is_conflict else sent.get("based_on")}
    if "order" in sent:
        words["order"] = acted(sent["order"], sent.get("act", ""))
    return _desk(request, access, form, status=status, is_conflict=is_conflict, **words)


def _desk(request, access, form, *, status=200, is_conflict=False, refusal="", **words):
    shown = desk(access.mentor, now=timezone.now(), **words)
    context = {"desk": shown, "form": form, "is_conflict": is_conflict, "refusal": refusal}
    context["lines"] = work_pages.lines_of(access.project_stage, mentor=access.mentor)
    return page(request, access, "projects/mentor.html", tab="mentor", status=status, **context)
