"""An allocation run as it stands: what was computed, and what staff have moved since."""

from functools import cached_property

from camp.projects.allocation.problem import facts_from, with_number_keys
from camp.projects.allocation.solving import blocking, explain, statistics_of


class Outcome:
    """A run after its moves, from its own snapshot: rows that change later do not change it."""

    def __init__(self, run):
        self.run = run

    @cached_property
    def facts(self):
        return facts_from(self.run.snapshot)

    @property
    def problem(self):
        return self.facts.problem

    @cached_property
    def moves(self):
        return list(self.run.moves.order_by("moved_at", "pk").select_related("team", "project", "moved_by"))

    @cached_property
    def computed(self):
        return with_number_keys(self.run.placements)

    @cached_property
    def placement(self):
        """{team: project or None}."""
        return self.after(self.moves)

    def after(self, moves):
        return self.computed | {move.team_id: move.project_id for move in moves}

    def before(self, move):
        return self.after([one for one in self.moves if (one.moved_at, one.pk) < (move.moved_at, move.pk)])

    @cached_property
    def moved(self):
        """{team: its last move} of those who are not where they were computed to be."""
        last = {move.team_id: move for move in self.moves}
        return {team: move for team, move in last.items() if self.placement[team] != self.computed[team]}

    @cached_property
    def last_moves(self):
        """The last one that still counts, or the two of an exchange: neither taken back nor taking one back."""
        back = {move.takes_back_id for move in self.moves}
        counting = [move for move in self.moves if not move.takes_back_id and move.pk not in back]
        return self.together(counting[-1]) if counting else []

    def together(self, move):
        """A move alone, or the two of an exchange, the first one first."""
        first = move.exchanged_with_id or move.pk
        return [one for one in self.moves if first in (one.pk, one.exchanged_with_id)]

    @cached_property
    def reasons(self):
        return explain(self.facts, self.placement)

    @cached_property
    def statistics(self):
        return statistics_of(self.facts, self.placement)

    @cached_property
    def blocking(self):
        return blocking(self.facts, self.placement)

    def new_blocking(self, changes):
        """The pairs that moves, {team: project or None}, would make unstable which are not so yet."""
        after = blocking(self.facts, self.placement | changes)
        return [pair for key, pair in after.items() if key not in self.blocking]

    def choice(self, team):
        """Which choice the team got, None for no project or one that was not on its list."""
        project, wanted = self.placement[team], self.problem.preferences[team]
        return wanted.index(project) + 1 if project in wanted else None

    def why(self, team, titles):
        """The lines of `Placement.why`; they are `camp.projects.allocation.explaining.sentence`s in the making."""
        wanted = self.problem.preferences[team]
        return [
            line | {"title": titles[line["project"]], "rank": wanted.index(line["project"]) + 1}
            for line in self.reasons[team]
        ]
