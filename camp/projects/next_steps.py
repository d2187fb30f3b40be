"""What a student of the project stage does next: one step, from finding a team to reading the grade."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from camp.projects.access import is_in_stage, team_of
from camp.projects.choosing.receipts import latest_list
from camp.projects.choosing.selection import current_round
from camp.projects.models import Certificate, Evaluation, ProjectStage
from camp.projects.results import result_of


@dataclass(frozen=True)
class NextStep:
    """`text` goes on with the `moment`, where there is one. `result_url`: once the team has a project."""

    title: str
    text: str
    url: str
    label: str
    moment: datetime | None = None
    result_url: str = ""


def project_step(enrollment, *, now):
    """The next step of an active student of the camp; None for who is not in its project stage. At most 8 queries."""
    project_stage = ProjectStage.objects.for_page().filter(camp=enrollment.camp_id).first()
    if project_stage is None or not is_in_stage(enrollment, project_stage):
        return None
    return _Finder(enrollment, project_stage, now).step()


class _Finder:
    """Goes from the end of the stage to its beginning, and stops where the student stands."""

    def __init__(self, enrollment, project_stage, now):
        self.enrollment, self.stage, self.now = enrollment, project_stage, now
        self.team = team_of(enrollment, project_stage)
        self.result = result_of(self.team, project_stage)
        self.round = current_round(project_stage, now) if project_stage.topics_are_published(now) else None

    def step(self):
        found = self._graded() or self._placed() or self._teamless() or self._selecting() or self._unplaced()
        return found or self._waiting()

    def _to(self, name):
        return reverse(f"projects:{name}", args=self.stage.camp.address)

    def _graded(self):
        published = Evaluation.objects.published().filter(enrollment=self.enrollment)
        latest = published.filter(placement__team__project_stage=self.stage).order_by("-published_at").first()
        if latest is None:
            return None
        has_certificate = Certificate.objects.valid().filter(enrollment=self.enrollment).exists()
        text = _("Your certificate is issued, too.") if has_certificate else _("Read what the mentors say about it.")
        title = _("Your grade: %(grade)s") % {"grade": latest.get_grade_display()}
        label = _("See the grade and the certificate") if has_certificate else _("See the grade")
        return NextStep(title, text, self._to("work"), label, result_url=self._to("result"))

    def _placed(self):
        if not self.result.is_placed:
            return None
        title = _("Your project: %(project)s") % {"project": self.result.placement.project}
        ways = {"url": self._to("work"), "label": _("Go to your work"), "result_url": self._to("result")}
        if self.stage.takes_hand_ins(self.now):
            return NextStep(title, _("Hand in your work until"), moment=self.stage.hand_in_closes_at, **ways)
        return NextStep(title, _("The hand-in is closed. A mail tells you when the grades are published."), **ways)

    def _teamless(self):
        if self.team:
            return None
        if not self.stage.teams_are_locked(self.now):
            text = _("Found one, alone or for others to join, or join one with its code. Teams change until")
            moment = self.stage.teams_lock_at
            return NextStep(_("Find your team"), text, self._to("team"), _("Found or join a team"), moment)
        if self._is_open:
            text = _("You are in no team: with your list you become a team of one. It is taken until")
            return NextStep(*self._list(_("Give your list of projects"), text))
        text = _("The teams are locked. Write to the organizers: they can still put you into one.")
        return NextStep(_("You are in no team"), text, self._to("team"), _("My team"))

    @property
    def _is_open(self):
        return self.round is not None and self.round.is_open(self.now)

    def _list(self, title, text):
        return title, text, self._to("preferences"), _("Go to the list"), self.round.closes_at

    def _selecting(self):
        if not self._is_open:
            return None
        latest = latest_list(self.round, self.team)
        if latest and latest.choices:
            return NextStep(*self._list(_("Your team's list is given"), _("Every member can change it until")))
        text = _("Rank the projects that your team wants. A team without a list gets none. Lists are taken until")
        return NextStep(*self._list(_("Give your list of projects"), text))

    def _unplaced(self):
        if self.result.placement is None:
            return None
        text = _("The result is published. Read what it says and how it goes on.")
        return NextStep(_("Your team has no project yet"), text, self._to("result"), _("See the result"))

    def _waiting(self):
        """The team stands, and nothing is to be given: before the round, after it, or without one."""
        if self.round is None:
            if not self.stage.topics_are_published(self.now):
                text = _("The projects are not published yet. You read it here when they are.")
                return NextStep(_("Your team stands"), text, self._to("team"), _("My team"))
            text = _("Read them and save those that you like. No time is set for the selection yet.")
            return NextStep(_("Choose projects to your liking"), text, self._to("list"), _("See the projects"))
        if self.round.is_to_come(self.now):
            text = _("Read them and save those that you like. The selection opens")
            words = _("Choose projects to your liking"), text, self._to("list"), _("See the projects")
            return NextStep(*words, self.round.opens_at)
        text = _("The lists are closed. A mail tells you the result, at the earliest")
        title = _("The result is not published yet")
        return NextStep(title, text, self._to("result"), _("Result"), self.result.due_at)
