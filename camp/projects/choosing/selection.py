"""What happens in a selection round: teams give their ranked list of projects, and change it until the round closes.

The team's row is locked first, so that two members who submit at the same moment are decided on one after the other;
then the projects, so that one that is being withdrawn knows whose list it is on.
"""

from collections import Counter
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.accounts.models import User
from camp.camps.contacts import with_contact
from camp.camps.times import moment_text
from camp.notices import services as notices
from camp.projects.choosing.receipts import latest_list, receipt_url
from camp.projects.errors import ProjectError
from camp.projects.models import Placement, Preference, PreferenceList, Project, SelectionRound, Team, TeamMember
from camp.projects.teams import ensure_team
from camp.stages.models import Participation


class ClosedError(ProjectError):
    """The round does not take this now, or not from this team."""

    status = 403


class WrongListError(ProjectError):
    """The list holds what cannot be on it."""

    status = 400


class StaleError(ProjectError):
    """Somebody else submitted since the page was made."""

    status = 409


def current_round(project_stage, now):
    """The round to show: the one that is open, else the latest that closed, else the next; None without rounds."""
    rounds = SelectionRound.objects.filter(project_stage=project_stage)
    return (
        rounds.open_at(now).order_by("-number").first()
        or rounds.closed_at(now).order_by("-closes_at", "-number").first()
        or rounds.order_by("opens_at", "number").first()
    )


def coming_round(project_stage, now):
    """The next round that opens."""
    rounds = SelectionRound.objects.filter(project_stage=project_stage, opens_at__gt=now)
    return rounds.order_by("opens_at", "number").first()


class Lack(StrEnum):
    """What an open project has not for one more team."""

    SEAT = "seat"
    TIME = "time"


def lacks_of(project_stage):
    """{project id: what it lacks}, by what all rounds have given; a project that is not in it can take a team."""
    placed = Placement.objects.placed().filter(project__project_stage=project_stage)
    placed = list(placed.values_list("project", "project__mentor"))
    teams, held = Counter(project for project, _mentor in placed), Counter(mentor for _project, mentor in placed)
    projects = Project.objects.open().filter(project_stage=project_stage)
    found = {}
    for pk, seats, mentor, capacity in projects.values_list("pk", "seats", "mentor", "mentor__capacity"):
        if teams[pk] >= seats:
            found[pk] = Lack.SEAT
        elif capacity is not None and held[mentor] >= capacity:
            found[pk] = Lack.TIME
    return found


def is_placed(team):
    """Whether an allocation was published that gave the team a project."""
    return team is not None and Placement.objects.placed().filter(team=team).exists()


@transaction.atomic
def submit_own_list(round, enrollment, projects, *, by, based_on, at=None):
    """The same as `submit_list` for a student; who has no team becomes a team of one with it."""
    at = at or timezone.now()
    team = _own_team(round, enrollment, by=by, at=at)
    return submit_list(round, team, projects, by=by, based_on=based_on, at=at)


@transaction.atomic
def add_choice(round, enrollment, project, *, by, at=None):
    """Put a project behind what is on the list of the student's team. Returns the receipt of what counts then."""
    at = at or timezone.now()
    team = _locked_team(_own_team(round, enrollment, by=by, at=at))
    latest, listed = latest_list(round, team), listed_projects(round, team)
    if latest and project in listed:
        return latest
    return submit_list(round, team, [*listed, project], by=by, based_on=latest.version if latest else 0, at=at)


def listed_projects(round, team):
    """The projects on the list that counts, in its order."""
    return [line.project for line in _lines(round, team).select_related("project")]


def listed_ids(round, team):
    return list(_lines(round, team).values_list("project", flat=True)) if team else []


def _lines(round, team):
    return Preference.objects.filter(round=round, team=team).order_by("rank")


def _own_team(round, enrollment, *, by, at):
    teams = Team.objects.standing().filter(members__enrollment=enrollment, project_stage=round.project_stage_id)
    _require_open(round, teams.first(), at=at)
    return ensure_team(enrollment, round.project_stage, by=by, at=at)


def _locked_team(team):
    return Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)


@transaction.atomic
def submit_list(round, team, projects, *, by, based_on, at=None):
    """Let this ranked list of the team count from now on. Returns the receipt.

    `based_on`: the version that the page was made from, 0 for none. When another one has come since, nothing is
    changed; the list that counts already, sent again, is one. No projects: the team takes its list back.
    """
    at = at or timezone.now()
    team = _locked_team(team)
    round = SelectionRound.objects.select_related("project_stage__camp__organization").get(pk=round.pk)
    _require_open(round, team, at=at)
    _require_taking_part(round, team, by=by)
    latest, ids = latest_list(round, team), [project.pk for project in projects]
    if latest and is_repeated(latest, ids, by=by, based_on=based_on):
        return latest
    version = latest.version if latest else 0
    if version != based_on:
        raise StaleError(_("Somebody in your team has submitted a list meanwhile. Compare it with yours below."))
    if not version and not ids:
        raise WrongListError(_("There is no project on your list yet. Add one first."))
    return _store(round, team, _checked(round, team, ids), version=version + 1, by=by, at=at)


def is_repeated(latest, ids, *, by, based_on):
    """Whether somebody sends what counts already: unchanged, or by a second press of the button."""
    is_same = [choice["project"] for choice in latest.choices] == ids
    is_pressed_twice = latest.submitted_by_id == by.pk and latest.version == based_on + 1
    return is_same and (is_pressed_twice or latest.version == based_on)


def _require_open(round, team, *, at):
    if round.is_open(at):
        return
    if round.is_to_come(at):
        opens = moment_text(round.opens_at)
        raise ClosedError(_("This round opens on %(when)s. Give your list then.") % {"when": opens})
    if round.is_published:
        raise ClosedError(_("The result of this round is published, so it takes no list any more."))
    closed = {"when": moment_text(round.closes_at)}
    if team and Preference.objects.filter(round=round, team=team).exists():
        raise ClosedError(_("This round closed on %(when)s. The list that your team gave until then counts.") % closed)
    refusal = _("This round closed on %(when)s, and you had given no list. Write to the organizers.") % closed
    raise ClosedError(with_contact(refusal, round.project_stage.camp))


def _require_taking_part(round, team, *, by):
    """The person is in the team and in the stage, and the team stands and has no project."""
    members = TeamMember.objects.filter(team=team, enrollment__student=by)
    admitted = Participation.objects.admitted().filter(
        enrollment__team_members__in=members, stage=round.project_stage.stage_id
    )
    if team.is_disbanded or team.project_stage_id != round.project_stage_id or not admitted.exists():
        raise ClosedError(_("You are not in this team now, so you cannot give its list."))
    if is_placed(team):
        raise ClosedError(_("Your team has a project already, so it needs no list."))


def _checked(round, team, ids):
    """The projects in order, locked; refused with everything that cannot stand on the list as it does."""
    locked = Project.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    found = {project.pk: project for project in locked}
    here = [found[pk] for pk in dict.fromkeys(ids) if pk in found and _is_offered(found[pk], round)]
    wrong = [*_barred(round, team, here, ids), *_twice(here, ids)]
    if len(here) < len(set(ids)):
        wrong.append(_("One of these projects is not in this camp. Take it off the list."))
    if wrong:
        raise WrongListError(" ".join(wrong))
    return here


def _is_offered(project, round):
    return project.project_stage_id == round.project_stage_id and not project.is_draft


def _twice(projects, ids):
    words = _("“%(project)s” is on your list twice. Keep one of them.")
    return [words % {"project": project} for project in projects if ids.count(project.pk) > 1]


def _barred(round, team, projects, ids):
    """What stood on the list before stays valid when its project is closed or withdrawn, but does not move up."""
    stored, lacks = listed_ids(round, team), lacks_of(round.project_stage)
    kept = [one for one in projects if one.pk in stored and not one.is_open]
    reasons = [why_not(one, team, lack=lacks.get(one.pk)) for one in projects if one not in kept]
    if reasons := [reason for reason in reasons if reason]:
        words = {"why": " ".join(reasons)}
        one, more = _("%(why)s Take it off the list."), _("%(why)s Take them off the list.")
        yield (one if len(reasons) == 1 else more) % words
    for project in kept:
        if _is_moved_up(project.pk, stored, ids):
            words = {"project": project}
            yield _("“%(project)s” counts no more, so leave it where it was, or take it off the list.") % words


def _is_moved_up(pk, stored, ids):
    """Whether something that stood before it stands behind it now."""
    before = set(stored[: stored.index(pk)]) & set(ids)
    return not before <= set(ids[: ids.index(pk)])


def why_not(project, team, *, lack):
    """The sentence that says why a team (None: a team of one) cannot choose a project; empty when it can.

    `lack`: what of `lacks_of` is the project's.
    """
    words = {"project": project, "least": project.team_size_min, "most": project.team_size_max}
    if not project.is_open:
        return _("“%(project)s” is closed, so it cannot be chosen.") % words
    if lack == Lack.SEAT:
        return _("“%(project)s” has no free seat.") % words
    if lack == Lack.TIME:
        return _("“%(project)s” cannot be chosen, as its mentor has no time for another team.") % words
    size = team.size if team else 1
    if project.takes_size(size):
        return ""
    text = _("“%(project)s” is for teams of %(least)d to %(most)d people; yours has %(size)d.")
    return text % (words | {"size": size})


def _store(round, team, projects, *, version, by, at):
    Preference.objects.filter(round=round, team=team).delete()
    lines = [Preference(round=round, team=team, project=one, rank=rank) for rank, one in enumerate(projects, start=1)]
    Preference.objects.bulk_create(lines)
    choices = [{"project": one.pk, "number": one.number, "title": one.title} for one in projects]
    receipt = PreferenceList.objects.create(
        round=round, team=team, version=version, choices=choices, submitted_by=by, submitted_at=at
    )
    _send(receipt)
    return receipt


def _send(receipt):
    """Nobody outside the team reads the list while the round is open, so the mails are private."""
    camp = receipt.round.project_stage.camp
    members = User.objects.filter(enrollments__team_members__team=receipt.team).order_by("pk")
    notices.queue_all(
        "projects/preferences_received", to=members, camp=camp, url=receipt_url(receipt), at=receipt.submitted_at,
        is_private=True, receipt=receipt,
    )  # fmt: skip
