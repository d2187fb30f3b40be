"""A student's team: founded, joined, looked at, led and left; and the list of the teams that look for members."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from camp.projects import teams as services
from camp.projects.access import access_to
from camp.projects.asking import mark_asked
from camp.projects.choosing.fits import fit_of
from camp.projects.errors import ProjectError
from camp.projects.forms.teams import AskForm, JoinForm, LeadForm, ReasonForm, TeamForm
from camp.projects.models import JoinRequest, Seeker, Team
from camp.projects.next_steps import project_step
from camp.projects.pages import page, placement_of
from camp.projects.views.team_forms import either, formed, posted, student_of, to_team, tried
from camp.rankings.uploads.limits import lets_try

CODES_A_MINUTE = 20  # That one person may try: each is looked at first, then used.
PER_PAGE = 50


@require_safe
def teams(request, **address):
    """The teams that look for members, for students of the stage and the staff."""
    access = access_to(request, **address)
    if not access.is_staff:
        access.require_student()
    locked = access.project_stage.teams_are_locked()
    looking = Team.objects.none() if locked else Team.objects.for_looking_list(access.project_stage)
    shown = Paginator(looking, PER_PAGE).get_page(request.GET.get("page"))
    may_ask = access.is_student and access.team is None and not locked
    if may_ask:
        mark_asked(shown, access.enrollment)
    seekers = [] if locked else list(Seeker.objects.seeking(access.project_stage))
    own = next((one for one in seekers if access.is_student and one.enrollment_id == access.enrollment.pk), None)
    context = {"page": shown, "is_locked": locked, "may_ask": may_ask, "seekers": seekers, "own": own}
    return page(request, access, "projects/teams.html", tab="teams", **context)


@never_cache
@require_safe
def team(request, **address):
    """The reader's own team, or the ways to one."""
    access = student_of(request, address)
    members = _members(access)
    locked, placement = access.project_stage.teams_are_locked(), placement_of(access.team)
    asks = list(JoinRequest.objects.to_answer(access.team)) if _leads(access, request.user) and not locked else []
    return page(
        request, access, "projects/team.html", tab="team", team=access.team, members=members, others=_others(members),
        is_lead=_leads(access, request.user), is_locked=locked, placement=placement,
        may_grow=len(members) == 1 and not locked and not placement, **_next(request, access),
        asks=asks, fit=fit_of(access.team, size=access.team.size + 1) if asks else None,
    )  # fmt: skip


def _next(request, access):
    """The student's next step, and whether it leads to another page."""
    step = project_step(access.enrollment, now=timezone.now())
    return {"step": step, "leads_elsewhere": step is not None and step.url != request.path}


@either
def new(request, **address):
    access = student_of(request, address)
    form = TeamForm(posted(request))
    status = tried(form, services.create_team, access.enrollment, access.project_stage, by=request.user)
    if status is None:
        messages.success(request, _("Your team is founded. Send its code to those you want in it."))
        return to_team(access)
    return formed(request, access, "projects/team_new.html", form, status, has_team=access.team is not None)


@never_cache
@either
def join(request, **address):
    """Join by a code, which a link that was passed on brings along: first see whose it is, then join."""
    access = student_of(request, address)
    if request.method != "POST":
        return _invited(request, access)
    form = JoinForm(request.POST)
    status = tried(form, _join, access, user=request.user)
    if status is None:
        messages.success(request, _("You are in the team now."))
        return to_team(access)
    return formed(request, access, "projects/team_join.html", form, status, has_team=access.team is not None)


def _invited(request, access):
    """The page before joining, with the team that the code leads to."""
    form, found = JoinForm(request.GET if "code" in request.GET else None), []
    status = tried(form, _find, access, user=request.user, found=found)
    context = _about(found[0]) if status is None else {}
    if context and access.team == context["found"]:
        messages.info(request, _("You are in the team now."))
        return to_team(access)
    has_team = access.team is not None
    return formed(request, access, "projects/team_join.html", form, status or 200, has_team=has_team, **context)


def _about(team):
    return {"found": team, "free_places": team.size_limit - team.size, "fit": fit_of(team, size=team.size + 1)}


def _find(access, *, user, code, found):
    _require_few_codes(user)
    found.append(services.team_with_code(access.project_stage, code))


def _join(access, *, user, code):
    _require_few_codes(user)
    services.join_team(access.enrollment, access.project_stage, by=user, code=code)


def _require_few_codes(user):
    if not lets_try(user, "team-codes", CODES_A_MINUTE):
        raise TooManyCodesError(_("You have tried many codes. Wait a minute, then try again."))


class TooManyCodesError(ProjectError):
    """Codes are not to be found by trying."""

    status = 429


@either
def edit(request, **address):
    access = _lead(request, address)
    now = {name: getattr(access.team, name) for name in ("name", "is_looking", "looking_for")}
    form = TeamForm(posted(request), initial=now)
    status = tried(form, services.edit_team, access.team, by=request.user)
    if status is None:
        messages.success(request, _("Saved."))
        return to_team(access)
    return formed(request, access, "projects/team_edit.html", form, status)


@either
def leave(request, **address):
    """Ask before, then leave. Whoever has left already, by a first press of the button, has left."""
    access = student_of(request, address)
    if access.team is None:
        messages.info(request, _("You are in no team now."))
        return to_team(access)
    form = AskForm(posted(request))
    status = tried(form, services.leave_team, access.enrollment, access.project_stage, by=request.user)
    if status is None:
        messages.success(request, _("You have left the team “%(team)s”.") % {"team": access.team})
        return to_team(access)
    following = next(iter(_others(_members(access))), None)
    return formed(
        request, access, "projects/team_leave.html", form, status, following=following,
        is_lead=_leads(access, request.user), is_placed=placement_of(access.team) is not None,
    )  # fmt: skip


@either
def lead(request, **address):
    access = _lead(request, address)
    others = _others(_members(access))
    form = LeadForm(posted(request), others=others)
    status = tried(form, services.hand_over_lead, access.team, by=request.user)
    if status is None:
        messages.success(request, _("You have handed over the lead."))
        return to_team(access)
    return formed(request, access, "projects/team_lead.html", form, status, others=others)


@either
def code(request, **address):
    """Ask before, then renew the invitation code."""
    access = _lead(request, address)
    form = AskForm(posted(request))
    status = tried(form, services.new_code, access.team, by=request.user)
    if status is None:
        messages.success(request, _("The team has a new code. The old one and its link are void."))
        return to_team(access)
    return formed(request, access, "projects/team_code.html", form, status)


@either
def remove(request, pk, **address):
    """Ask for the reason, then take a member out of one's own team."""
    access = _lead(request, address)
    member = get_object_or_404(access.team.members.select_related("enrollment__student"), pk=pk)
    form = ReasonForm(posted(request))
    status = tried(form, services.remove_member, access.team, enrollment=member.enrollment, by=request.user)
    if status is None:
        words = {"student": member.enrollment.student}
        messages.success(request, _("%(student)s is no longer in your team, and reads why.") % words)
        return to_team(access)
    is_placed = placement_of(access.team) is not None
    return formed(request, access, "projects/team_remove.html", form, status, member=member, is_placed=is_placed)


def _member(request, address):
    access = student_of(request, address)
    if access.team is None:
        raise access.denied(_("You are in no team now."))
    return access


def _lead(request, address):
    access = _member(request, address)
    if not access.team.is_led_by(request.user):
        raise access.denied(_("Only the lead of the team does this, and you do not lead it now."))
    return access


def _leads(access, user):
    return access.team is not None and access.team.is_led_by(user)


def _members(access):
    """Who is in the reader's team, the longest member first, each with whether they lead it and are the reader."""
    members = list(access.team.members.select_related("enrollment__student")) if access.team else []
    for member in members:
        member.is_lead = member.enrollment_id == access.team.lead_id
        member.is_own = member.enrollment_id == access.enrollment.pk
    return members


def _others(members):
    return [member for member in members if not member.is_own]
