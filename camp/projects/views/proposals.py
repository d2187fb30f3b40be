"""Proposals: students see their own team's, the staff all; mentors of the stage and organizers decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from camp.projects import proposals as services
from camp.projects.access import access_to
from camp.projects.catalogue import invites_proposals
from camp.projects.errors import ProjectError, refusal_of
from camp.projects.forms.topics import DecisionForm, ProposalForm
from camp.projects.models import Proposal
from camp.projects.pages import page
from camp.projects.proposal_history import history_of
from camp.projects.proposals import version_of

A_PAGE = 30


@require_safe
def proposals(request, **address):
    access = _reader(request, **address)
    found = Paginator(_visible(access).to_decide_first(), A_PAGE).get_page(request.GET.get("page"))
    project_stage, now = access.project_stage, timezone.now()
    context = {"takes": project_stage.takes_proposals(now), "invites": invites_proposals(project_stage, now)}
    return page(request, access, "projects/proposals.html", tab="proposals", proposals=found, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, **address):
    access = _reader(request, **address)
    access.require_student()
    project_stage, data = access.project_stage, request.POST if request.method == "POST" else None
    words = {"project_stage": project_stage, "is_new": True}
    if error := refusal_of(services.require_open, project_stage, at=timezone.now()):
        form = ProposalForm(initial=data.dict(), **words) if data else None
        return _form(request, access, form, status=error.status, refusal=str(error))
    form = ProposalForm(data, **words)
    made, status = _attempt(form, services.propose, access.enrollment, project_stage, by=request.user)
    if made:
        messages.success(request, _("Your topic is proposed. A notice tells your team what is decided."))
        return redirect(made)
    return _form(request, access, form, status=status)


@require_safe
def proposal(request, pk, **address):
    access, proposal = _proposal(request, pk, **address)
    return _page(request, access, proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk, **address):
    access, proposal = _own(request, pk, **address)
    data, rule = request.POST if request.method == "POST" else None, {"by": request.user, "at": timezone.now()}
    words = {"project_stage": access.project_stage, "is_new": False}
    if error := refusal_of(services.require_changeable, proposal, **rule):
        if data is None:
            return _page(request, access, proposal, status=error.status, refusal=str(error))
        form = ProposalForm(initial=data.dict(), **words)
        return _form(request, access, form, status=error.status, proposal=proposal, refusal=str(error))
    form = ProposalForm(data, initial=model_to_dict(proposal) | {"seen": version_of(proposal)}, **words)
    made, status = _attempt(form, services.change_proposal, proposal, by=request.user)
    if made:
        messages.success(request, _("Your proposal is changed. It waits for a decision."))
        return redirect(made)
    return _form(request, access, _renewed(form, proposal), status=status, proposal=proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk, **address):
    """Ask on a page that names the proposal, then withdraw it."""
    access, proposal = _own(request, pk, **address)
    if request.method != "POST" and proposal.is_open:
        return page(request, access, "projects/proposal_withdraw.html", tab="proposals", proposal=proposal)
    if error := refusal_of(services.withdraw_proposal, proposal, by=request.user):
        return _page(request, access, proposal, status=error.status, refusal=str(error))
    messages.success(request, _("Your proposal is withdrawn."))
    return redirect(proposal)


@require_POST
def decide(request, pk, **address):
    access, proposal = _proposal(request, pk, **address)
    if not _may_decide(access):
        raise access.denied(_("The mentors of this camp's projects and the organizers decide on proposals."))
    if error := refusal_of(services.require_undecided, proposal):
        form = DecisionForm(initial=request.POST.dict(), project_stage=access.project_stage)
        return _page(request, access, proposal, status=error.status, form=form, refusal=str(error))
    form = DecisionForm(request.POST, project_stage=access.project_stage)
    made, status = _attempt(form, _decided, proposal, by=request.user)
    if made:
        messages.success(request, _("It is decided. The team is told."))
        return redirect(made)
    _access, proposal = _proposal(request, pk, **address)
    return _page(request, access, proposal, status=status, form=_renewed(form, proposal))


def _decided(proposal, *, by, decision, reason, seats, mentor, seen):
    """Let the service of this decision act."""
    words = {"by": by, "reason": reason, "seen": seen}
    if decision == DecisionForm.ACCEPT:
        return services.accept_proposal(proposal, seats=seats or 1, mentor=mentor, **words)
    service = services.ask_for_changes if decision == DecisionForm.ASK else services.decline_proposal
    return service(proposal, **words)


def _reader(request, **address):
    """Students of the stage and its staff; strangers to the camp find nothing."""
    access = access_to(request, **address)
    if not access.is_staff:
        access.require_student()
    return access


def _visible(access):
    proposals = Proposal.objects.filter(project_stage=access.project_stage).for_list()
    return proposals if access.is_staff else proposals.filter(team=access.team)


def _proposal(request, pk, **address):
    access = _reader(request, **address)
    return access, get_object_or_404(_visible(access), pk=pk)


def _own(request, pk, **address):
    """A proposal of the reader's own team."""
    access, proposal = _proposal(request, pk, **address)
    if not _is_own(access, proposal):
        raise access.denied(_("Only the members of its team change a proposal."))
    return access, proposal


def _is_own(access, proposal):
    return access.team is not None and proposal.team_id == access.team.pk


def _may_decide(access):
    return access.is_organizer or access.is_mentor


def _attempt(form, service, *rows, **words):
    """What the service made of a sent form. Else None and the HTTP status; a refusal then stands on the form."""
    if not form.is_valid():
        return None, 400 if form.is_bound else 200
    try:
        return service(*rows, **words, **form.cleaned_data), 200
    except ProjectError as error:
        form.add_error(None, str(error))
        return None, error.status


def _renewed(form, proposal):
    """The form with what was typed. Sent again, it counts as filled in by somebody who has read what there is now."""
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = version_of(proposal)
    return form


def _form(request, access, form, *, status, proposal=None, refusal=""):
    context = {"form": form, "proposal": proposal, "refusal": refusal}
    return page(request, access, "projects/proposal_form.html", tab="proposals", status=status, **context)


def _page(request, access, proposal, *, status=200, form=None, refusal=""):
    """The proposal as it is now, with what this reader may do about it."""
    is_own, rule = _is_own(access, proposal), {"by": request.user, "at": timezone.now()}
    may_decide = _may_decide(access) and (proposal.is_open or form)
    fresh = {"initial": {"seen": version_of(proposal)}, "project_stage": access.project_stage}
    context = {
        "proposal": proposal, "history": history_of(proposal), "refusal": refusal,
        "form": (form or DecisionForm(**fresh)) if may_decide else None,
        "may_change": is_own and refusal_of(services.require_changeable, proposal, **rule) is None,
        "may_withdraw": is_own and proposal.is_open,
    }  # fmt: skip
    return page(request, access, "projects/proposal.html", tab="proposals", status=status, **context)
