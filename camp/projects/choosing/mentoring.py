"""What mentors say about the teams that chose their projects: an order, a shortlist, a refusal, a conflict of interest.

The mentor's row is locked first, so that two open tabs are decided on one after the other. Mentors say it between the
close for teams and their own; only who is responsible for a project says it, and never about a student of their own.
"""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.camps.contacts import with_contact
from camp.camps.times import moment_text
from camp.enrollment.models import Enrollment
from camp.projects.choosing.conflicts import conflicts_of
from camp.projects.choosing.selection import ClosedError, StaleError, WrongListError
from camp.projects.errors import ProjectError
from camp.projects.models import ConflictOfInterest, Mentor, MentorChoice, Preference, Refusal, SelectionRound, Team


def applicants_of(round, mentor):
    """Teams whose list names a project that the mentor is responsible for, in an order that says nothing of ranks."""
    return choosers_of(round, mentor.projects.all())


def choosers_of(round, projects):
    listed = Preference.objects.filter(round=round, project__in=projects)
    return Team.objects.standing().filter(pk__in=listed.values("team")).order_by("name", "pk")


def version_of(round, mentor):
    """Changes whenever the mentor's order or shortlist does: what a page is made from."""
    rows = MentorChoice.objects.filter(round=round, mentor=mentor).order_by("team")
    text = repr(list(rows.values_list("team", "rank", "is_shortlisted")))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def rank_teams(round, mentor, teams, *, by, based_on, shortlisted=(), at=None):
    """Let this be the mentor's one order over all teams that chose their projects. The rest goes by points and lottery.

    `teams` and `shortlisted` are ids; `based_on` is the version that the page was made from.
    """
    round, mentor = _locked(round, mentor, by=by, at=at or timezone.now())
    if round.assigns:
        raise ClosedError(_("In this round nobody ranks teams: the free seats are used as well as the lists allow."))
    if version_of(round, mentor) != based_on:
        raise StaleError(_("You have saved another order meanwhile, in another window perhaps. Compare it with yours."))
    _require_rankable(round, mentor, list(teams), shortlisted)
    _store(round, mentor, list(teams), set(shortlisted))


def _locked(round, mentor, *, by, at):
    """The round and the mentor re-read under the mentor's lock, while the mentor is `by` and may say something."""
    mentor = Mentor.objects.select_for_update(of=("self",), no_key=True).get(pk=mentor.pk)
    round = SelectionRound.objects.select_related("project_stage__camp").get(pk=round.pk)
    if mentor.user_id != by.pk or mentor.project_stage_id != round.project_stage_id:
        raise ClosedError(_("Only the mentor gives this order."))
    if round.is_published:
        raise ClosedError(_("The result of this round is published, so nothing that you say changes it any more."))
    if not round.is_closed(at):
        when = {"when": moment_text(round.closes_at)}
        raise ClosedError(_("The lists of the teams close on %(when)s. Rank the teams then.") % when)
    if not round.takes_mentors_order(at):
        when = {"when": moment_text(round.mentors_close_at)}
        raise ClosedError(_("The mentors' orders closed on %(when)s. What you saved until then counts.") % when)
    return round, mentor


def _require_rankable(round, mentor, teams, shortlisted):
    known = {team.pk: team for team in applicants_of(round, mentor)}
    if len(set(teams)) < len(teams):
        raise WrongListError(_("A team is in your order twice. Keep one of them."))
    if not known.keys() >= {*teams, *shortlisted}:
        raise WrongListError(_("One of these teams has not chosen a project of yours. Take it out of the order."))
    conflicts = conflicts_of(mentor, known.values())
    for pk in (*teams, *shortlisted):
        _require_no_conflict(known[pk], conflicts)


def _require_no_conflict(team, conflicts):
    if team.pk in conflicts:
        words = {"team": team, "why": conflicts[team.pk]}
        raise WrongListError(
            _("You cannot judge “%(team)s”. %(why)s The team is placed by its points, then by lottery.") % words
        )


def _store(round, mentor, teams, shortlisted):
    """Write what changes, each with its history; places are freed first, as each is held once."""
    wanted = {pk: (place, pk in shortlisted) for place, pk in enumerate(teams, start=1)}
    wanted |= {pk: (None, True) for pk in shortlisted if pk not in wanted}
    held = {choice.team_id: choice for choice in MentorChoice.objects.filter(round=round, mentor=mentor)}
    for pk in held.keys() - wanted.keys():
        held.pop(pk).delete()
    moved = [one.pk for one in held.values() if (one.rank, one.is_shortlisted) != wanted[one.team_id]]
    MentorChoice.objects.filter(pk__in=moved).update(rank=None)
    for pk, (place, is_shortlisted) in wanted.items():
        choice = held.get(pk) or MentorChoice(round=round, mentor=mentor, team_id=pk)
        if choice.pk is None or choice.pk in moved:
            choice.rank, choice.is_shortlisted = place, is_shortlisted
            choice.save()


@transaction.atomic
def refuse_team(round, project, team, *, by, reason, at=None):
    """The mentor of a project finds a team not acceptable for it, with a reason for the organizers."""
    at = at or timezone.now()
    round, mentor = _responsible(round, project, by=by, at=at)
    if not Preference.objects.filter(round=round, project=project, team=team).exists():
        raise WrongListError(_("“%(team)s” has not chosen this project.") % {"team": team})
    _require_no_conflict(team, conflicts_of(mentor, [team]))
    if not reason.strip():
        raise WrongListError(_("Give a reason; the organizers read it."))
    values = {"reason": reason.strip(), "refused_at": at, "refused_by": by}
    refusal, _is_new = Refusal.objects.update_or_create(round=round, project=project, team=team, defaults=values)
    return refusal


@transaction.atomic
def take_refusal_back(refusal, *, by, at=None):
    """The team is acceptable again. Nothing happens when it is already."""
    _responsible(refusal.round, refusal.project, by=by, at=at or timezone.now())
    for row in Refusal.objects.filter(pk=refusal.pk):
        row.delete()


def _responsible(round, project, *, by, at):
    mentor = Mentor.objects.filter(projects=project).first()
    if mentor is None or mentor.user_id != by.pk:
        raise ClosedError(_("Only the person who is responsible for a project decides which teams it takes."))
    return _locked(round, mentor, by=by, at=at)


@transaction.atomic
def declare_conflict(mentor, enrollment, *, by, note="", at=None):
    """A student is the mentor's own: the mentor says nothing about their team any more, and what they said is out.

    While mentors rank it is deleted. Afterwards it is kept for the record; an allocation passes over it.
    """
    mentors = Mentor.objects.select_for_update(of=("self",), no_key=True).select_related("project_stage__camp")
    mentor, at = mentors.get(pk=mentor.pk), at or timezone.now()
    require_declarable(mentor, enrollment, at=at)
    values = {"note": note, "declared_by": by, "declared_at": at}
    conflict = ConflictOfInterest.objects.create(mentor=mentor, enrollment=enrollment, **values)
    forget(mentor, enrollment, at=at)
    return conflict


def require_declarable(mentor, enrollment, *, at=None):
    camp = mentor.project_stage.camp
    if camp.has_ended(at):
        refusal = _("This camp is over, so nothing is declared any more. Write to the organizers.")
        raise ClosedError(with_contact(refusal, camp))
    if ConflictOfInterest.objects.filter(mentor=mentor, enrollment=enrollment).exists():
        raise ProjectError(_("You have declared this already."))


def forget(mentor, enrollment, *, at=None):
    """Delete what the mentor said about the team of a student and could still change."""
    said = said_about(mentor, enrollment, at=at)
    for row in (*said["choices"], *said["refusals"]):
        row.delete()


def said_about(mentor, enrollment, *, at=None):
    """What a mentor has said about the team of a student: what they could change, and whether there is more.

    `is_kept`: in a round without a result in which mentors say nothing more.
    """
    at, said = at or timezone.now(), {"team__members__enrollment": enrollment, "round__published_at": None}
    choices = MentorChoice.objects.filter(mentor=mentor, **said).select_related("team", "round")
    refusals = Refusal.objects.filter(project__mentor=mentor, **said).select_related("team", "project")
    changing, closed = {"round__mentors_close_at__gt": at}, {"round__mentors_close_at__lte": at}
    return {
        "choices": choices.filter(**changing).order_by("round__number"),
        "refusals": refusals.filter(**changing).order_by("round__number", "project__number"),
        "is_kept": choices.filter(**closed).exists() or refusals.filter(**closed).exists(),
    }


def student_called(project_stage, handle):
    """The enrollment of an active student of the stage with this handle, in any case."""
    student = (
        Enrollment.objects.in_camp(project_stage.camp)
        .active()
        .filter(student__handle__iexact=handle, participations__stage=project_stage.stage_id)
        .distinct()
        .first()
    )
    if student is None:
        raise WrongListError(_("No student of this stage has this handle. Look at how it is written."))
    return student
