"""What a student of the project stage does next: one step, from finding a team to reading the grade."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from camp.projects.access import is_in_stage, team_of
from camp.projects.certificate_state import certificate_state
from camp.projects.choosing.receipts import latest_list
from camp.projects.choosing.selection import coming_round, current_round
from camp.projects.models import Evaluation, ProjectStage
from camp.projects.reminders import Reminder, reminders_of
from camp.projects.results import result_of
from camp.projects.work.handing_in import counted


@dataclass(frozen=True)
class NextStep:
    """`text` goes on with the `moment`, where there is one. `result_url`: once the team has a project.

    `asks_organizers`: the text sends the student to them. `is_warning`: something was taken from them.
    """

    title: str
    text: str
    url: str
    label: str
    moment: datetime | None = None
    result_url: str = ""
    asks_organizers: bool = False
    is_warning: bool = False
    reminders: tuple[Reminder, ...] = ()


def project_step(enrollment, *, now):
    """The next step of an active student of the camp; None for who is not in its project stage. At most 12 queries."""
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
        if found := self._graded() or self._placed():
            return found
        found = self._teamless() or self._selecting() or self._unplaced() or self._waiting()
        return replace(found, reminders=tuple(self._reminders()))

    def _reminders(self):
        if not self.team:
            return []
        return reminders_of(self.team, self.round if self._is_open else None, list_url=self._to("preferences"))

    def _to(self, name):
        return reverse(f"projects:{name}", args=self.stage.camp.address)

    def _graded(self):
        published = Evaluation.objects.published().filter(enrollment=self.enrollment)
        latest = published.filter(placement__team__project_stage=self.stage).order_by("-published_at").first()
        if latest is None:
            return None
        state = certificate_state(latest)
        label = _("See the grade and the certificate") if state.valid else _("See the grade")
        title = _("Your grade: %(grade)s") % {"grade": latest.get_grade_display()}
        words = title, _certificate_words(state), self._to("work"), label
        return NextStep(*words, result_url=self._to("result"), is_warning=state.needs_a_word)

    def _placed(self):
        if not self.result.is_placed:
            return None
        title = _("Your project: %(project)s") % {"project": self.result.placement.project}
        ways = {"url": self._to("work"), "label": _("Go to your work"), "result_url": self._to("result")}
        counting = counted(self.result.placement.hand_ins.all(), self.stage.hand_in_closes_at)
        if self.stage.takes_hand_ins(self.now):
            return NextStep(title, _hand_in_words(counting), moment=self.stage.hand_in_closes_at, **ways)
        return NextStep(title, _closed_words(counting), **ways)

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
        if coming := self._coming():
            text = _(
                "Choose projects to your liking: with your own list you become a team of one. Lists are taken from"
            )
            return NextStep(_("You are in no team"), text, self._to("list"), _("See the projects"), coming.opens_at)
        text = _("The teams are locked. Write to the organizers: they can still put you into one.")
        return NextStep(_("You are in no team"), text, self._to("team"), _("My team"), asks_organizers=True)

    @property
    def _is_open(self):
        return self.round is not None and self.round.is_open(self.now)

    def _coming(self):
        """The round that opens next, once there are topics to choose from."""
        return coming_round(self.stage, self.now) if self.round else None

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
        """A round left the team without a project, and no list of a further one is being decided on."""
        again = self.result.awaited
        if self.result.placement is None or (again and again.is_closed(self.now)):
            return None
        step = NextStep(
            _("Your team has no project yet"), _("The result is published. Read what it says and how it goes on."),
            self._to("result"), _("See the result"),
        )  # fmt: skip
        if again and self.round:
            text = _("Round %(number)d shares the seats that are still free. Lists are taken from")
            return replace(step, text=text % {"number": again.number}, moment=again.opens_at)
        return step

    def _waiting(self):
        """The team stands, and nothing is to be given: before a round, after it, or without one."""
        awaited = self.result.awaited
        if self.round is None and not self.stage.topics_are_published(self.now):
            text = _("The projects are not published yet. You read it here when they are.")
            return NextStep(_("Your team stands"), text, self._to("team"), _("My team"))
        if self.round is None:
            return self._choosing(_("Read them and save those that you like. No time is set for the selection yet."))
        if awaited is None:
            text = _(
                "Your team took no part in the selection, and no further round is planned. Write to the organizers."
            )
            words = _("Your team has no project yet"), text, self._to("result"), _("Result")
            return NextStep(*words, asks_organizers=True)
        if awaited.is_to_come(self.now):
            return self._choosing(_("Read them and save those that you like. The selection opens"), awaited.opens_at)
        text = _("The lists are closed. A mail tells you the result, at the earliest")
        title = _("The result is not published yet")
        return NextStep(title, text, self._to("result"), _("Result"), self.result.due_at)

    def _choosing(self, text, moment=None):
        title = _("Choose projects to your liking")
        return NextStep(title, text, self._to("list"), _("See the projects"), moment)


def _certificate_words(state):
    if state.is_outdated:
        words = {"grade": state.valid.get_grade_display()}
        return _("Your certificate still says “%(grade)s”. The organizers replace it and write to you.") % words
    if state.revoked:
        words = {"reason": state.revoked.revoked_reason}
        return _("Your certificate is revoked. The organizers wrote: %(reason)s") % words
    return _("Your certificate is issued, too.") if state.valid else _("Read what the mentors say about it.")


def _hand_in_words(counting):
    if counting is None:
        return _("Your team has handed in nothing yet. Hand in your work until")
    return _("Hand-in no. %(number)d counts. Your team can replace it until") % {"number": counting.number}


def _closed_words(counting):
    if counting is None:
        return _("The hand-in is closed, and your team has handed in nothing. Write to your mentor.")
    words = {"number": counting.number}
    return (
        _("The hand-in is closed, and no. %(number)d counts. A mail tells you when the grades are published.") % words
    )
