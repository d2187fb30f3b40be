"""Who hears of a result, and what: the members of teams, the mentors of projects, and students who are in no team."""

from django.db.models import F
from django.urls import reverse

from camp.accounts.models import User
from camp.notices import services as notices
from camp.projects.memberships import teamless
from camp.projects.models import Mentor, Placement, Project, SelectionRound, TeamMember


def next_round(round, *, at):
    """The round in which whoever has no project may still try again; None without one."""
    later = SelectionRound.objects.filter(project_stage=round.project_stage_id, number__gt=round.number)
    return later.filter(published_at=None, closes_at__gt=at).order_by("number").first()


def tell_result(placements, round, *, at):
    """A notice and a mail to everybody whom the published result of a round concerns."""
    _tell_teams(placements, round, at=at)
    _tell_mentors(round, at=at)
    students = [enrollment.student for enrollment in teamless([round.project_stage_id])]
    _tell(round.project_stage.camp, "teamless", "result", students, at=at, again=next_round(round, at=at))


def tell_moved(placements, before, round, *, at):
    """The same about placements that staff changed by hand. `before`: {team id: the project until then, or None}."""
    _tell_teams(placements, round, at=at, is_moved=True)
    changes = [
        {"team": placement.team, "project": project, "is_new": is_new}
        for placement in placements
        for project, is_new in ((before[placement.team_id], False), (placement.project, True))
        if project
    ]
    projects = {change["project"].pk for change in changes}
    for mentor, theirs in _mentors_of(projects).items():
        words = {"changes": [change for change in changes if change["project"].pk in theirs]}
        words["reason"] = placements[0].reason
        _tell(round.project_stage.camp, "mentor_moved", "mentor", [mentor.user], at=at, **words)


def _tell(camp, kind, page, people, *, at, **words):
    url = reverse(f"projects:{page}", args=camp.address)
    notices.queue_all(f"projects/{kind}", to=people, camp=camp, url=url, at=at, **words)


def _tell_teams(placements, round, *, at, is_moved=False):
    camp, again, people = round.project_stage.camp, next_round(round, at=at), _members(placements)
    for placement in placements:
        kind = "moved" if is_moved else "allocated" if placement.is_placed else "not_allocated"
        _tell(camp, kind, "result", people.get(placement.team_id, ()), at=at, placement=placement, again=again)


def _members(placements):
    """{team: users}."""
    rows = TeamMember.objects.filter(team__in=[one.team_id for one in placements]).order_by("pk")
    members = list(rows.values_list("team", "enrollment__student"))
    users, found = User.objects.in_bulk([user for _team, user in members]), {}
    for team, user in members:
        found.setdefault(team, []).append(users[user])
    return found


def _tell_mentors(round, *, at):
    """Each reads which teams all of their projects have now, of earlier rounds too."""
    rows = {row["project"].pk: row for row in _projects_with_teams(round)}
    for mentor, projects in _mentors_of(rows).items():
        words = {"round": round, "rows": [rows[pk] for pk in rows if pk in projects]}
        _tell(round.project_stage.camp, "mentor_teams", "mentor", [mentor.user], at=at, **words)


def _projects_with_teams(round):
    """[{"project", "teams"}] by number: what takes place, and what has teams though it is closed."""
    placed = Placement.objects.placed().filter(round__project_stage=round.project_stage_id).order_by("team__name", "pk")
    teams = {}
    for placement in placed.select_related("team").prefetch_related("team__members__enrollment__student"):
        teams.setdefault(placement.project_id, []).append(placement.team)
    projects = Project.objects.filter(project_stage=round.project_stage_id).order_by("number")
    return [{"project": one, "teams": teams.get(one.pk, [])} for one in projects if one.is_open or one.pk in teams]


def _mentors_of(projects):
    """{mentor: ids of their own and further projects among these}, of mentors who are still staff of the camp."""
    found = {}
    for project in Project.objects.filter(pk__in=projects).prefetch_related("co_mentors"):
        for mentor in {project.mentor_id, *(one.pk for one in project.co_mentors.all())} - {None}:
            found.setdefault(mentor, set()).add(project.pk)
    staff = Mentor.objects.filter(pk__in=found, user__staff_roles__camp=F("project_stage__camp")).distinct()
    return {mentor: found[mentor.pk] for mentor in staff.select_related("user").order_by("pk")}
