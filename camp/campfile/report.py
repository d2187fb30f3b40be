"""What loading a camp file did, in words."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SECRETS = ("group_link",)  # Beside those that a model names itself.
LONGEST = 60  # Characters of a value that are shown; a longer one is counted.


@dataclass(frozen=True)
class Entry:
    """What happened to one object of the camp, and its fields: (name, old, new)."""

    outcome: str
    model: type
    name: str
    fields: tuple = ()

    def __str__(self):
        details = "; ".join(f"{name}: {self._change(name, old, new)}" for name, old, new in self.fields)
        return f"{self.name}: {details}" if details else self.name

    def _change(self, name, old, new):
        return _("changed (a secret)") if name in (*SECRETS, *getattr(self.model, "SECRETS", ())) else change(old, new)


class Report:
    """Entries in the order in which they happened, the students who moved on because of them, and what may be a slip.

    `overlaps` are pairs of meetings of one course at the same time.
    """

    def __init__(self, camp=None):
        self.camp, self.entries = camp, []
        self.admitted, self.promoted = [], []
        self.overlaps = []

    def add(self, outcome, row, fields=()):
        self.entries.append(Entry(outcome, type(row), name_of(row), tuple(fields)))

    def of(self, outcome):
        return [entry for entry in self.entries if entry.outcome == outcome]

    @property
    def is_unchanged(self):
        return len(self.of("left")) == len(self.entries)

    def lines(self):
        """What a person reads: every change, then what was left as it was, counted by kind."""
        words = {"created": _("created"), "changed": _("changed"), "removed": _("removed")}
        yield from (f"{words[entry.outcome]}: {entry}" for entry in self.entries if entry.outcome in words)
        left = Counter(str(entry.model._meta.verbose_name) for entry in self.of("left"))
        if left:
            yield _("left as they were: %(rows)s") % {"rows": ", ".join(f"{name} ({n})" for name, n in left.items())}
        yield from self._moves()
        for first, second in self.overlaps:
            sentence = _("warning: meetings %(first)s and %(second)s of course %(number)d are at the same time.")
            yield sentence % {"first": first.key, "second": second.key, "number": first.course}

    def _moves(self):
        if n := len(self.admitted):
            yield ngettext(
                "%(n)d student of the waiting list has a seat now.",
                "%(n)d students of the waiting list have a seat now.",
                n,
            ) % {"n": n}
        if n := len(self.promoted):
            yield ngettext("%(n)d student entered a stage.", "%(n)d times a student entered a stage.", n) % {"n": n}


def name_of(row):
    """The kind of a row and the name by which the file knows it."""
    name = next((value for key in ("key", "number", "slug") if (value := getattr(row, key, None))), None)
    return f"{row._meta.verbose_name} {name}" if name else f"{row._meta.verbose_name} “{row}”"


def change(old, new):
    if max(len(str(old)), len(str(new))) > LONGEST or "\n" in f"{old}{new}":
        lengths = {"old": len(str(old)), "new": len(str(new))}
        return _("rewritten (%(old)d → %(new)d characters)") % lengths
    return f"{shown(old)} → {shown(new)}"


def shown(value):
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
