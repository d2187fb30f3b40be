"""What happens to the topics that teams propose: they are made, changed, decided on with a reason, and withdrawn.

The row of the team is locked before that of the proposal, and both before the project stage, whose lock gives out the
numbers of projects. `seen`: the version (`version_of`) that the reader had before them; an older one is refused, so
that nobody decides on words, or writes over words, that they have not read.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camp.accounts.models import User
from camp.notices import services as notices
from camp.projects.errors import ProjectError
from camp.projects.memberships import locked_student, locked_team
from camp.projects.models import Mentor, Placement, Project, ProjectStage, Proposal
from camp.projects.teams import ensure_team

MOST_OPEN = 5  # Of one team at the same time.
TOPIC = ("title", "summary", "description", "difficulty", "skills", "support_project")


class ProposalsClosedError(ProjectError):
    """Proposals are not taken now."""

    status = 403


@transaction.atomic
def propose(enrollment, project_stage, *, by, title, summary, wished_mentor=None, at=None, **topic):
    """Propose a topic for the student's team; who has none gets a team of one. Its wished mentor is told."""
    at = at or timezone.now()
    enrollment = locked_student(enrollment, project_stage)
    project_stage = ProjectStage.objects.for_page().get(pk=project_stage.pk)
    require_open(project_stage, at=at)
    team = locked_team(ensure_team(enrollment, project_stage, by=by, at=at).pk)
    if team.proposals.filter(status__in=Proposal.OPEN).count() >= MOST_OPEN:
        raise ProjectError(_("Your team has %(most)d open proposals. Withdraw one first.") % {"most": MOST_OPEN})
    proposal = Proposal(
        project_stage=project_stage, team=team, title=title, summary=summary, wished_mentor=wished_mentor,
        proposed_by=by, proposed_at=at, **topic,
    )  # fmt: skip
    _save(proposal, by=by, at=at)
    _tell_mentor(proposal)
    return proposal


@transaction.atomic
def change_proposal(proposal, *, by, seen=None, at=None, **topic):
    """Put the topic in other words: any member may, until it is decided. What was asked for then waits for an answer.

    After the proposals closed, only what a mentor or an organizer asked for is still changed.
    """
    at = at or timezone.now()
    proposal = _locked(proposal, seen=seen)
    require_changeable(proposal, by=by, at=at)
    for name, value in topic.items():
        setattr(proposal, name, value)
    proposal.decide(Proposal.Status.SUBMITTED, by=None, at=None)
    return _save(proposal, by=by, at=at)


@transaction.atomic
def withdraw_proposal(proposal, *, by, at=None):
    """The team takes its proposal back."""
    at = at or timezone.now()
    proposal = _locked(proposal)
    _require_member(proposal, by)
    require_undecided(proposal)
    proposal.decide(Proposal.Status.WITHDRAWN, by=by, at=at)
    return _save(proposal, by=by, at=at)


@transaction.atomic
def ask_for_changes(proposal, *, by, reason, seen=None, at=None):
    """Give the proposal back to its team, with what is missing."""
    return _answer(proposal, Proposal.Status.CHANGES_ASKED, by=by, reason=reason, seen=seen, at=at)


@transaction.atomic
def decline_proposal(proposal, *, by, reason, seen=None, at=None):
    return _answer(proposal, Proposal.Status.DECLINED, by=by, reason=reason, seen=seen, at=at)


@transaction.atomic
def accept_proposal(proposal, *, by, seats=1, mentor=None, reason="", seen=None, at=None):
    """Make the proposal an open project, one of whose seats is reserved for its team.

    Its mentor is the given one, else the one whom the team wished for, else whoever accepts it, if they are a mentor
    of the stage. A mentor promises no more seats than they can supervise.
    """
    at = at or timezone.now()
    proposal = _locked(proposal, seen=seen)
    require_undecided(proposal)
    if seats < 1:
        raise ProjectError(_("Give at least one seat: it is reserved for the team."))
    mentor = (
        mentor or proposal.wished_mentor or Mentor.objects.of(by).filter(project_stage=proposal.project_stage).first()
    )
    proposal.project = _project_of(proposal, mentor=mentor, by=by, seats=seats, at=at)
    proposal.decide(Proposal.Status.ACCEPTED, by=by, at=at, reason=reason.strip())
    _save(proposal, by=by, at=at)
    _tell_team(proposal, by=by, at=at)
    return proposal


def version_of(proposal):
    """The number of the latest change; 0 for a proposal without a history."""
    return proposal.history.aggregate(version=Max("history_id"))["version"] or 0


def require_open(project_stage, *, at):
    if project_stage.proposals_close_at is None:
        raise ProposalsClosedError(_("Students cannot propose topics in this camp. Choose one of its projects."))
    if not project_stage.takes_proposals(at):
        raise ProposalsClosedError(_("No topics are proposed any more. Choose one of the projects."))


def require_undecided(proposal):
    if not proposal.is_open:
        state = proposal.get_status_display()
        raise ProjectError(_("This proposal is already decided: it is %(state)s.") % {"state": state})


def require_changeable(proposal, *, by, at):
    _require_member(proposal, by)
    require_undecided(proposal)
    if proposal.awaits_decision:
        require_open(proposal.project_stage, at=at)


def _answer(proposal, status, *, by, reason, seen, at):
    at, reason = at or timezone.now(), reason.strip()
    proposal = _locked(proposal, seen=seen)
    require_undecided(proposal)
    if not reason:
        raise ProjectError(_("Give a reason; the team reads it."))
    proposal.decide(status, by=by, at=at, reason=reason)
    _save(proposal, by=by, at=at)
    _tell_team(proposal, by=by, at=at)
    return proposal


def _project_of(proposal, *, mentor, by, seats, at):
    project_stage = proposal.project_stage
    number = next_number(project_stage)
    if mentor:
        _require_time_of(mentor)
    project = Project(
        project_stage=project_stage, number=number, mentor=mentor, seats=seats,
        status=Project.Status.OPEN, reserved_for=proposal.team,
        team_size_max=max(project_stage.team_size_limit, proposal.team.size),
        **{name: getattr(proposal, name) for name in TOPIC},
    )  # fmt: skip
    return _save(project, by=by, at=at)


def _require_time_of(mentor):
    """A reserved seat is a promise. Under the lock of the stage, as every seat that is promised is."""
    if mentor.capacity is None or _promised_by(mentor) < mentor.capacity:
        return
    words = {"mentor": mentor, "most": mentor.capacity}
    raise ProjectError(
        ngettext(
            "%(mentor)s supervises at most %(most)d team, and that place is given or reserved. Choose another mentor, "
            "or ask an organizer to raise the capacity.",
            "%(mentor)s supervises at most %(most)d teams, and these places are given or reserved. Choose another "
            "mentor, or ask an organizer to raise the capacity.",
            mentor.capacity,
        )
        % words
    )


def _promised_by(mentor):
    """How many teams the mentor has, and has reserved a seat for."""
    placed = Placement.objects.placed().filter(project__mentor=mentor)
    reserved = Project.objects.open().filter(mentor=mentor, reserved_for__disbanded_at=None).exclude(reserved_for=None)
    having_one = Placement.objects.placed().values("team")
    return placed.count() + reserved.exclude(reserved_for__in=having_one).count()


def next_number(project_stage):
    """The next free number of a project. The stage is locked until the end of the transaction: each is given once."""
    project_stage = ProjectStage.objects.select_for_update(no_key=True).get(pk=project_stage.pk)
    return (project_stage.projects.aggregate(most=Max("number"))["most"] or 0) + 1


def _locked(proposal, *, seen=None):
    """The proposal re-read after locking its team, the one order in which both are locked."""
    team = locked_team(proposal.team_id)
    proposals = Proposal.objects.select_related("wished_mentor__user", "support_project")
    proposal = proposals.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    proposal.team, proposal.project_stage = team, team.project_stage
    if seen is not None and seen != version_of(proposal):
        raise ProjectError(_("Somebody changed this proposal meanwhile. Read it as it is now, then go on."))
    return proposal


def _require_member(proposal, by):
    if not proposal.team.members.filter(enrollment__student=by).exists():
        raise ProjectError(_("Only the members of its team change a proposal."))


def _save(row, *, by, at):
    row._history_user, row._history_date = by, at
    row.save()
    return row


def _tell_team(proposal, *, by, at):
    people = User.objects.filter(enrollments__team_members__team=proposal.team).order_by("pk")
    open_round = proposal.project_stage.rounds.open_at(at).first()
    words = {"proposal": proposal, "reason": proposal.reason, "by": by, "open_round": open_round}
    kind, camp = f"projects/proposal_{proposal.status}", proposal.project_stage.camp
    notices.queue_all(kind, to=people, camp=camp, url=proposal.get_absolute_url(), at=at, **words)


def _tell_mentor(proposal):
    if proposal.wished_mentor:
        words = {"proposal": proposal, "camp": proposal.project_stage.camp, "url": proposal.get_absolute_url()}
        notices.queue("projects/proposal_made", to=proposal.wished_mentor.user, at=proposal.proposed_at, **words)
