"""What staff see of an allocation run: who is where, who is nowhere and why, and what changed since the run before."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from camp.camps.pictures import share
from camp.projects.admin.times import on_camp_clock
from camp.projects.allocation.appraisal import Block, room
from camp.projects.allocation.explaining import nth, sentence
from camp.projects.allocation.outcome import Outcome
from camp.projects.allocation.problem import placed_elsewhere
from camp.projects.allocation.runs import closing_reasons
from camp.projects.memberships import teamless
from camp.projects.models import AllocationRun, Project, Team


@dataclass(frozen=True)
class Seated:
    team: Team
    nth: str  # Empty: not on its list.
    is_moved: bool


@dataclass(frozen=True)
class Offered:
    """A project of the run. `free`: seats without a team, whatever its mentor's capacity; `usable`: within it.

    `is_closed_here`: closed for this run, so the next one may offer it again.
    """

    project: Project
    teams: list[Seated]
    seats: int
    free: int
    usable: int
    minimum: int
    is_closed: bool
    is_closed_here: bool
    is_under: bool

    @property
    def lacks_time(self):
        """Whether there are seats that its mentor cannot supervise."""
        return self.usable < self.free


@dataclass(frozen=True)
class Unplaced:
    """`choices`: (project, why not) of its list, in order. `elsewhere`: what another round gave it since."""

    team: Team
    points: str
    choices: list[tuple[Project, str]]
    is_moved: bool
    elsewhere: Project | None


@dataclass(frozen=True)
class Change:
    team: Team
    before: Project | None
    after: Project | None


@dataclass(frozen=True)
class Bar:
    """So many teams; `width` in per cent of the longest bar."""

    label: str
    count: int
    width: str


@dataclass(frozen=True)
class Moved:
    """A move or the two of an exchange, when it was on the clock of the camp, and what it made unstable, in words."""

    moves: list
    at: str
    pairs: list[str]


class Report:
    def __init__(self, run):
        self.run, self.outcome = run, Outcome(run)

    @cached_property
    def teams(self):
        return Team.objects.in_bulk(self.outcome.placement)

    @cached_property
    def projects(self):
        return Project.objects.select_related("mentor__user").in_bulk(self.outcome.problem.projects)

    @cached_property
    def teamless(self):
        """Students of the stage who are in no team, so in no number of the run."""
        return [enrollment.student for enrollment in teamless([self.run.round.project_stage_id])]

    @property
    def statistics(self):
        return self.outcome.statistics

    @property
    def free_seats(self):
        return sum(self.statistics["free"].values())

    def _counts(self):
        """(label, teams) by choice up to the last that somebody got, then those by hand and without a project."""
        by_choice = {int(choice): teams for choice, teams in self.statistics["by_choice"].items()}
        choices = [(nth(one), by_choice.get(one, 0)) for one in range(1, max(by_choice, default=1) + 1)]
        by_hand = [(_("not on its list"), self.statistics["off_list"])] if self.statistics["off_list"] else []
        none = [(_("no seat"), self.statistics["no_seat"]), (_("no list"), self.statistics["gave_no_list"])]
        return [*choices, *by_hand, *none]

    @property
    def bars(self):
        counts = self._counts()
        highest = max(count for _label, count in counts) or 1
        return [Bar(label, count, share(count, highest)) for label, count in counts]

    @property
    def placed(self):
        return sum(project is not None for project in self.outcome.placement.values())

    @cached_property
    def room(self):
        """Free seats of each project, and how many teams each mentor can still take."""
        return room(self.outcome.problem, self.outcome.placement)

    @cached_property
    def offered(self):
        """By number; projects that are gone last, and of those only what somebody listed is in a run at all."""
        rows = [self._offered(project) for project in self.projects.values()]
        return sorted(rows, key=lambda row: (row.is_closed, row.project.number))

    @property
    def under_filled(self):
        return [row for row in self.offered if row.is_under]

    @property
    def closed_here(self):
        return [row.project for row in self.offered if row.is_closed_here]

    @property
    def closed_for_good(self):
        """(project, why) of what publishing closes."""
        why = closing_reasons(self.run)
        return [(row.project, why[row.project.pk]) for row in self.offered if row.is_closed_here]

    def _offered(self, project):
        offer, is_closed = self.outcome.problem.projects[project.pk], project.pk in self.outcome.facts.closed
        teams = [self._seated(team) for team, pk in self.outcome.placement.items() if pk == project.pk]
        free = 0 if is_closed else self.room[0][project.pk]
        return Offered(
            project=project, teams=sorted(teams, key=lambda row: row.team.name), seats=offer.seats, free=free,
            usable=min(free, self.room[1][offer.mentor]), minimum=offer.minimum, is_closed=is_closed,
            is_closed_here=project.pk in self.run.closed,
            is_under=project.pk in self.statistics["under_minimum"],
        )  # fmt: skip

    def _seated(self, team):
        choice = self.outcome.choice(team)
        return Seated(self.teams[team], nth(choice) if choice else "", team in self.outcome.moved)

    @cached_property
    def unplaced(self):
        elsewhere = dict(placed_elsewhere(self.run.round))
        given = Project.objects.in_bulk(set(elsewhere.values()))
        rows = [
            self._unplaced(team, given.get(elsewhere.get(team)))
            for team, project in self.outcome.placement.items()
            if project is None
        ]
        return sorted(rows, key=lambda row: (not row.choices, row.team.name))

    def _unplaced(self, team, elsewhere):
        said = [sentence(line | {"rank": rank}) for rank, line in enumerate(self.outcome.reasons[team], start=1)]
        return Unplaced(
            team=self.teams[team], points=self.points_of(team), is_moved=team in self.outcome.moved,
            choices=list(zip(self.choices_of(team), said, strict=True)), elsewhere=elsewhere,
        )  # fmt: skip

    def choices_of(self, team):
        """The projects on the list of a team (id), in its order."""
        return [self.projects[pk] for pk in self.outcome.problem.preferences[team]]

    def points_of(self, team):
        return f"{self.outcome.problem.points.get(team, Decimal(0)):f}"

    @cached_property
    def moves(self):
        return [self._moved(move) for move in self.outcome.moves if not move.exchanged_with_id]

    def _moved(self, move):
        pairs = [self._said(pair["team"], pair["project"], pair["reason"]) for pair in move.blocking]
        return Moved(
            self.outcome.together(move), on_camp_clock(move.moved_at, self.run.round.project_stage.camp), pairs
        )

    def new_pairs(self, changes):
        """What moves, {team id: project id or None}, would make unstable, in words."""
        pairs = self.outcome.new_blocking(changes)
        return [self._said(pair.team, abs(pair.project), pair.reason) for pair in pairs]

    @property
    def unstable(self):
        """What makes the result unstable as it is, in words; nothing in a second round, which is no matching."""
        pairs = () if self.outcome.facts.assigns else self.outcome.blocking.values()
        return [self._said(pair.team, abs(pair.project), pair.reason) for pair in pairs]

    def _said(self, team, project, reason):
        mentor = self.outcome.problem.projects[project].mentor
        is_ranked = team in self.outcome.problem.ranked_places[mentor]
        return words_of(self.teams[team], self.projects[project], reason, is_ranked=is_ranked)

    @cached_property
    def previous(self):
        earlier = AllocationRun.objects.filter(round=self.run.round_id, number__lt=self.run.number)
        return earlier.order_by("-number").first()

    @property
    def newly_closed(self):
        """Projects that the run before offered and this one does without."""
        return self._closed_in_one(self.run, self.previous)

    @property
    def offered_again(self):
        return self._closed_in_one(self.previous, self.run)

    def _closed_in_one(self, run, other):
        only = set(run.closed) - set(other.closed)
        return Project.objects.filter(pk__in=only).order_by("number")

    @cached_property
    def changes(self):
        """Teams that are elsewhere than in the run before, those that took part in both."""
        if not self.previous:
            return []
        before, after = Outcome(self.previous).placement, self.outcome.placement
        elsewhere = [team for team in after if team in before and before[team] != after[team]]
        named = Project.objects.in_bulk({one for team in elsewhere for one in (before[team], after[team]) if one})
        rows = [Change(self.teams[team], named.get(before[team]), named.get(after[team])) for team in elsewhere]
        return sorted(rows, key=lambda row: row.team.name)


def words_of(team, project, reason, *, is_ranked):
    """Why a team and a project would rather have each other than what a move leaves them.

    `is_ranked`: the mentor put the team into their order; else points or the lottery decided between teams.
    """
    by_order = _(
        "“%(team)s” would rather have “%(project)s”, and comes before a team there in the order of its mentor."
    )
    by_points = _(
        "“%(team)s” would rather have “%(project)s”, and comes before a team there by its points or by the lottery; the"
        " mentor ranked neither."
    )
    said = {
        Block.FREE: _("“%(team)s” would rather have “%(project)s”, which has a free seat."),
        Block.SAME_MENTOR: _("“%(team)s” would rather have “%(project)s”, which has a free seat and the same mentor."),
    }.get(reason) or (by_order if is_ranked else by_points)
    return said % {"team": team, "project": project}
