"""Seats and mentors' time as they are now, over all rounds of a stage: what moves and publishing are held to.

Whoever gives a seat locks teams, then the round, then the projects, then their mentors, each kind by id. Two rounds
have only the project or the mentor in common that both want.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from camp.projects.allocation.problem import placed_elsewhere
from camp.projects.errors import ProjectError
from camp.projects.models import Mentor, Project


def lock_seats(projects):
    """Hold these projects (ids) and their mentors until the end of the transaction: {id: project}."""
    rows = Project.objects.filter(pk__in=projects).order_by("pk").select_for_update(of=("self",), no_key=True)
    held = {project.pk: project for project in rows}
    mentors = Mentor.objects.filter(pk__in={project.mentor_id for project in held.values()}).order_by("pk")
    list(mentors.select_for_update(of=("self",), no_key=True))
    return held


@dataclass(frozen=True)
class Seats:
    """Who has a seat: `elsewhere` is what other rounds gave, {team: project id}; the rest counts them in, too."""

    projects: dict[int, Project]
    elsewhere: dict[int, int]
    in_project: Counter
    with_mentor: Counter

    def free(self, pk):
        """Seats without a team, whatever the mentor's capacity; below 0 where there are more teams than seats."""
        return self.projects[pk].seats - self.in_project[pk]

    def lacks(self, pk):
        """(a free seat, time of its mentor): what one more team would find missing."""
        return self.free(pk) <= 0, self._time_of(pk) <= 0

    def _time_of(self, pk):
        mentor = self.projects[pk].mentor
        if mentor is None or mentor.capacity is None:
            return float("inf")
        return mentor.capacity - self.with_mentor[mentor.pk]

    def require_kept(self, projects):
        """Refuse more teams than seats, or than a mentor can supervise, in projects (ids) that a round gives."""
        for pk in sorted(projects):
            words = {"project": self.projects[pk], "mentor": self.projects[pk].mentor}
            if self.free(pk) < 0:
                raise ProjectError(_("“%(project)s” would have more teams than seats. Move a team out first.") % words)
            if self._time_of(pk) < 0:
                raise ProjectError(
                    _("%(mentor)s would have more teams than they can supervise. Move a team out first.") % words
                )


def seats_now(round, placement):
    """The seats with this placement, {team: project id or None}, as what the round gives."""
    elsewhere = dict(placed_elsewhere(round))
    given = Counter([*elsewhere.values(), *filter(None, placement.values())])
    projects = Project.objects.filter(project_stage=round.project_stage_id).select_related("mentor__user").in_bulk()
    with_mentor = Counter()
    for pk, teams in given.items():
        with_mentor[projects[pk].mentor_id] += teams
    return Seats(projects, elsewhere, given, with_mentor)
