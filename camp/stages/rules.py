"""Whether a student may enter a stage: plain values in, plain values out, no database."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """One requirement held against what a student has done. Units: points, meetings, or 1 for an item.

    `needs_proof`, `proof_from`: of points, whether only proven scores count, always or from a moment on.
    """

    label: str
    kind: str
    done: Decimal
    needed: Decimal
    url: str = ""
    needs_proof: bool = False
    proof_from: datetime | None = None

    @property
    def is_met(self):
        """Full marks of a course that has no maximum yet (nothing needed) are met by nobody."""
        return 0 < self.needed <= self.done

    @property
    def is_announced(self):
        """Full marks of a course without a maximum yet are nothing to tell in numbers."""
        return self.needed > 0

    @property
    def is_item(self):
        return self.kind == "item"

    @property
    def is_attendance(self):
        return self.kind == "attendance"

    @property
    def missing(self):
        return max(self.needed - self.done, Decimal(0))

    @property
    def needed_meetings(self):
        return int(self.needed)

    @property
    def missing_meetings(self):
        return int(self.missing)

    @property
    def shown_done(self):
        """What a meter shows: never more than is needed."""
        return min(self.done, self.needed)


@dataclass(frozen=True)
class Group:
    """Requirements of which at least `needed` must be met."""

    label: str
    needed: int
    lines: tuple[Line, ...]

    @property
    def met(self):
        return sum(line.is_met for line in self.lines)

    @property
    def is_met(self):
        return self.met >= self.needed

    @property
    def asks_for_all(self):
        return self.needed >= len(self.lines)

    @property
    def asks_for_one(self):
        """One of several is enough."""
        return self.needed == 1 and not self.asks_for_all

    @property
    def asks_for_some(self):
        return not self.asks_for_all


@dataclass(frozen=True)
class Rule:
    """The entry rule of a stage: all of its groups. Without groups it is met by everybody."""

    groups: tuple[Group, ...]

    @property
    def is_met(self):
        return all(group.is_met for group in self.groups)

    @property
    def is_open_to_all(self):
        return not self.groups
