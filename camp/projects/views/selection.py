"""A team's list of preferences, and the receipts of what it submitted."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from camp.projects.access import access_to
from camp.projects.choosing import selection
from camp.projects.choosing.fits import fit_of
from camp.projects.choosing.orders import acted
from camp.projects.choosing.receipts import choices_now, lists_of, receipt_url
from camp.projects.choosing.sheets import sheet
from camp.projects.errors import ProjectError
from camp.projects.forms.selection import PreferencesForm
from camp.projects.models import Project, SelectionRound
from camp.projects.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request, **address):
    access = _student(request, **address)
    if request.method != "POST":
        return _searched(request, access)
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _answered(request, access, form, status=400)
    if form.cleaned_data["act"] == "submit":
        return _submitted(request, access, form)
    return _answered(request, access, form)


def _searched(request, access):
    """The page; a search brings along the order that is not submitted yet, and the version that it is based on."""
    if "based_on" not in request.GET:
        return _sheet(request, access, PreferencesForm(), query=request.GET.get("q", "")[:100])
    form = PreferencesForm(request.GET)
    return _answered(request, access, form, status=200 if form.is_valid() else 400)


@require_safe
def receipt(request, number, version, **address):
    """One version of the team's list, as it was submitted."""
    access = _student(request, **address)
    round = get_object_or_404(SelectionRound, project_stage=access.project_stage, number=number)
    lists = list(lists_of(round, access.team))
    shown = next((one for one in lists if one.version == version), None)
    if shown is None:
        raise Http404
    context = {"round": round, "receipt": shown, "choices": choices_now(shown), "lists": lists}
    context |= {"is_latest": shown is lists[0], "fit": None if round.is_published else fit_of(access.team)}
    return page(request, access, "projects/receipt.html", tab="preferences", **context)


def _student(request, **address):
    access = access_to(request, **address)
    access.require_topics()
    access.require_student()
    return access


def _submitted(request, access, form):
    round = selection.current_round(access.project_stage, timezone.now())
    if round is None:
        raise Http404
    projects = _projects(access, form.cleaned_data["order"])
    words = {"by": request.user, "based_on": form.cleaned_data["based_on"] or 0}
    try:
        made = selection.submit_own_list(round, access.enrollment, projects, **words)
    except ProjectError as error:
        form.add_error(None, str(error))
        is_conflict = isinstance(error, selection.StaleError)
        return _answered(request, access, form, status=error.status, is_conflict=is_conflict)
    if made.version != words["based_on"]:
        messages.success(request, _("Your list is submitted. This is its receipt; every member gets it by mail too."))
    elif trouble := fit_of(made.team).sentence:
        messages.warning(request, _("Nothing was changed. %(trouble)s") % {"trouble": trouble})
    else:
        messages.info(request, _("Nothing was changed: this list counts already."))
    return redirect(receipt_url(made))


def _projects(access, ids):
    """The projects in order. An id of no project of this camp stands for one that the service refuses."""
    found = Project.objects.filter(project_stage=access.project_stage).in_bulk(ids)
    return [found.get(pk) or Project(pk=pk) for pk in ids]


def _answered(request, access, form, *, status=200, is_conflict=False):
    """The page again with the order as the buttons made it, nothing submitted and nothing lost.

    After a conflict it is based on the list of the other member, which it shows: who submits again has seen it.
    """
    sent = form.cleaned_data
    order = acted(sent["order"], sent.get("act", "")) if "order" in sent else None
    based_on = None if is_conflict else sent.get("based_on")
    words = {"order": order, "based_on": based_on, "query": sent.get("q", ""), "is_conflict": is_conflict}
    return _sheet(request, access, form, status=status, **words)


def _sheet(request, access, form, *, status=200, is_conflict=False, **words):
    shown = sheet(access, user=request.user, now=timezone.now(), **words)
    locked = access.project_stage.teams_are_locked()
    context = {"sheet": shown, "form": form, "is_conflict": is_conflict, "is_locked": locked}
    return page(request, access, "projects/preferences.html", tab="preferences", status=status, **context)
