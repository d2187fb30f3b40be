"""What staff see of an allocation run: who is where, who is nowhere and why, and what changed since the run before."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from camp.camps.pictures import histogram
from camp.projects.appraisal import Block
from camp.projects.explaining import nth, sentence
from camp.projects.models import AllocationRun, Project, Team
from camp.projects.outcome import Outcome


@dataclass(frozen=True)
class Seated:
    team: Team
    nth: str  # Empty: not on its list.
    is_moved: bool


@dataclass(frozen=True)
class Offered:
    """A project of the run. `free`: seats without a team, whatever its mentor's capacity."""

    project: Project
    teams: list[Seated]
    seats: int
    free: int
    minimum: int
    is_closed: bool
    is_under: bool


@dataclass(frozen=True)
class Unplaced:
    team: Team
    gave_no_list: bool
    is_moved: bool
    sentences: list[str]


@dataclass(frozen=True)
class Change:
    team: Team
    before: Project | None
    after: Project | None


@dataclass(frozen=True)
class Bin:
    label: str
    count: int
    is_own: bool = False


@dataclass(frozen=True)
class Moved:
    """A move, and the pairs that it made unstable, in words."""

    move: object
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

    @property
    def statistics(self):
        return self.outcome.statistics

    @property
    def free_seats(self):
        return sum(self.statistics["free"].values())

    @cached_property
    def bins(self):
        """Teams by choice up to the last that somebody got, then those by hand and without a project."""
        by_choice = {int(choice): teams for choice, teams in self.statistics["by_choice"].items()}
        choices = [Bin(nth(one), by_choice.get(one, 0)) for one in range(1, max(by_choice, default=1) + 1)]
        by_hand = [Bin(_("not on its list"), self.statistics["off_list"])] if self.statistics["off_list"] else []
        none = [Bin(_("no seat"), self.statistics["no_seat"]), Bin(_("no list"), self.statistics["gave_no_list"])]
        return [*choices, *by_hand, *none]

    @property
    def picture(self):
        return histogram(self.bins)

    @cached_property
    def offered(self):
        """By number; projects that are gone last, and of those only what somebody listed is in a run at all."""
        rows = [self._offered(project) for project in self.projects.values()]
        return sorted(rows, key=lambda row: (row.is_closed, row.project.number))

    def _offered(self, project):
        offer, is_closed = self.outcome.problem.projects[project.pk], project.pk in self.outcome.facts.closed
        teams = [self._seated(team) for team, pk in self.outcome.placement.items() if pk == project.pk]
        return Offered(
            project=project, teams=sorted(teams, key=lambda row: row.team.name), seats=offer.seats,
            free=0 if is_closed else max(offer.seats - len(teams), 0), minimum=offer.minimum, is_closed=is_closed,
            is_under=project.pk in self.statistics["under_minimum"],
        )  # fmt: skip

    def _seated(self, team):
        choice = self.outcome.choice(team)
        return Seated(self.teams[team], nth(choice) if choice else "", team in self.outcome.moved)

    @cached_property
    def unplaced(self):
        rows = [self._unplaced(team) for team, project in self.outcome.placement.items() if project is None]
        return sorted(rows, key=lambda row: (row.gave_no_list, row.team.name))

    def _unplaced(self, team):
        wanted = self.outcome.problem.preferences[team]
        said = [sentence(line | {"rank": wanted.index(line["project"]) + 1}) for line in self.outcome.reasons[team]]
        return Unplaced(self.teams[team], not wanted, team in self.outcome.moved, said)

    @cached_property
    def moves(self):
        return [Moved(move, [self._stored(pair) for pair in move.blocking]) for move in self.outcome.moves]

    def _stored(self, pair):
        return words_of(self.teams[pair["team"]], self.projects[pair["project"]], pair["reason"])

    def new_pairs(self, team, project):
        """What a move would make unstable, in words."""
        pairs = self.outcome.new_blocking(team.pk, project and project.pk)
        return [words_of(self.teams[pair.team], self.projects[abs(pair.project)], pair.reason) for pair in pairs]

    @cached_property
    def previous(self):
        earlier = AllocationRun.objects.filter(round=self.run.round_id, number__lt=self.run.number)
        return earlier.order_by("-number").first()

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


def words_of(team, project, reason):
    """Why a team and a project would rather have each other than what a move leaves them."""
    said = {
        Block.FREE: _("“%(team)s” would rather have “%(project)s”, which has a free seat."),
        Block.SAME_MENTOR: _("“%(team)s” would rather have “%(project)s”, which has a free seat and the same mentor."),
    }.get(reason) or _(
        "“%(team)s” would rather have “%(project)s”, and comes before a team there in the order of its mentor."
    )
    return said % {"team": team, "project": project}
