"""What students do with their teams, until the teams are locked: they found, join, leave, lead and change them.

A student's enrollment is locked before their team, so that nobody is in two teams; the place in a team is taken in the
database, which locks the team's row until the end: who joins, leaves and leads is decided one after the other.
"""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.projects import team_notices
from camp.projects.errors import ProjectError
from camp.projects.memberships import (
    NameTakenError,
    depart,
    enter,
    found,
    locked_enrollment,
    locked_student,
    locked_team,
    locked_team_of,
    plain_code,
    refuse_taken_names,
    require_teamless,
    require_unlocked,
    require_unplaced,
    required,
)
from camp.projects.models import Team
from camp.projects.models.team import new_team_code

MOST_NAMESAKES = 30
LONGEST_NAME = Team._meta.get_field("name").max_length


class WrongCodeError(ProjectError):
    """No team has this code now."""

    status = 400


@transaction.atomic
def ensure_team(enrollment, project_stage, *, by, at=None):
    """The student's team; who has none founds a team of one that is named after them.

    Also when the teams are locked: who came late, or forgot to found a team, can still choose a project alone.
    """
    at = at or timezone.now()
    enrollment = locked_student(enrollment, project_stage)
    team = Team.objects.standing().filter(members__enrollment=enrollment, project_stage=project_stage).first()
    if team:
        return team
    for name in _names_for(enrollment.student):
        with suppress(NameTakenError):
            return found(enrollment, project_stage, name=name, at=at)
    raise NameTakenError(_("Many teams have your name already. Found a team and give it another name."))


def _names_for(student):
    """Their name, and with numbers behind it for namesakes."""
    yield str(student)[:LONGEST_NAME]
    for number in range(2, MOST_NAMESAKES):
        yield f"{str(student)[: LONGEST_NAME - 3]} {number}"


@transaction.atomic
def create_team(enrollment, project_stage, *, by, name, is_looking=False, looking_for="", at=None):
    """Found a team, and lead it."""
    at = at or timezone.now()
    enrollment = locked_student(enrollment, project_stage)
    require_unlocked(project_stage, at=at)
    require_teamless(enrollment, project_stage, by=by)
    return found(enrollment, project_stage, name=name, is_looking=is_looking, looking_for=looking_for, at=at)


@transaction.atomic
def join_team(enrollment, project_stage, *, by, code, at=None):
    """Join the team with this code, typed in any case, with spaces or hyphens. The last place goes once.

    Whoever is in it already, by a first press of the button, is in it.
    """
    at, code = at or timezone.now(), plain_code(code)
    enrollment = locked_student(enrollment, project_stage)
    own = Team.objects.standing().filter(members__enrollment=enrollment, project_stage=project_stage).first()
    if own and own.code == code:
        return own
    require_unlocked(project_stage, at=at)
    require_teamless(enrollment, project_stage, by=by)
    team = team_with_code(project_stage, code)
    enter(team, enrollment, at=at)
    team.refresh_from_db()
    if team.code != code:
        raise WrongCodeError(_("The lead has just renewed this code. Ask for the new one."))
    team_notices.tell_joined(team, enrollment.student, at=at)
    return team


def team_with_code(project_stage, code):
    """The team that this code leads to now."""
    teams = Team.objects.standing().filter(project_stage=project_stage, code=plain_code(code))
    team = teams.select_related("lead__student").first()
    if team is None:
        raise WrongCodeError(_("No team has this code now. Ask its lead for the current code."))
    return team


@transaction.atomic
def leave_team(enrollment, project_stage, *, by, at=None):
    """Leave one's team. A lead hands it to who is in it longest; the last one to leave disbands it."""
    at = at or timezone.now()
    enrollment = locked_enrollment(enrollment)
    team, member = locked_team_of(enrollment, project_stage)
    if member is None:
        raise ProjectError(_("You are in no team."))
    require_unlocked(project_stage, at=at)
    require_unplaced(team)
    depart(team, member, at=at)
    team_notices.tell_left(team, enrollment.student, at=at)
    return team


@transaction.atomic
def hand_over_lead(team, *, to, by, at=None):
    """The lead makes another member (`to`, an enrollment) the lead."""
    team = led_team(team, by=by, at=at)
    if not team.members.filter(enrollment=to).exists():
        raise ProjectError(_("Only somebody in your team can lead it. Perhaps they have left meanwhile."))
    team.lead = to
    team.save(update_fields=["lead"])
    team_notices.tell_lead(team, but=by, at=at)
    return team


@transaction.atomic
def edit_team(team, *, by, name, is_looking, looking_for="", at=None):
    """The lead renames the team and says whether it looks for members, and whom."""
    team = led_team(team, by=by, at=at)
    team.name, team.is_looking, team.looking_for = name, is_looking, looking_for
    with refuse_taken_names():
        team.save(update_fields=["name", "is_looking", "looking_for"])
    return team


@transaction.atomic
def new_code(team, *, by, at=None):
    """The lead renews the invitation code: whoever has the old one cannot join with it any more."""
    team = led_team(team, by=by, at=at)
    team.code = new_team_code()
    team.save(update_fields=["code"])
    return team


@transaction.atomic
def remove_member(team, *, enrollment, by, reason, at=None):
    """The lead takes somebody else out of the team, who reads the reason."""
    at, enrollment = at or timezone.now(), locked_enrollment(enrollment)
    team = led_team(team, by=by, at=at)
    if enrollment.student_id == by.pk:
        raise ProjectError(_("You cannot take yourself out: leave the team instead."))
    member = team.members.filter(enrollment=enrollment).first()
    if member is None:
        raise ProjectError(_("This person is not in your team any more."))
    require_unplaced(team)
    depart(team, member, at=at, reason=required(reason))
    team_notices.tell_removed(team, enrollment.student, reason=required(reason), at=at)
    return team


def led_team(team, *, by, at):
    """The team re-read under its lock, while its lead is `by` and may change it."""
    team = locked_team(team.pk)
    require_unlocked(team.project_stage, at=at or timezone.now())
    if team.is_disbanded or not team.is_led_by(by):
        raise ProjectError(_("Only the lead of the team does this, and you do not lead it now."))
    return team
