"""What is wrong with a camp file, and where: a mistake has a path in the file and a sentence that says what to do."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from camp.campfile.places import lines_of


@dataclass(frozen=True)
class Mistake:
    """`path` leads to the value, as ("stages", 2, "entry", 0, "needed")."""

    path: tuple
    sentence: str


class CampFileError(Exception):
    """A camp file is refused; nothing was changed. Its text has one line per mistake, each with its place."""

    def __init__(self, mistakes, source=None):
        self.mistakes = sorted(dict.fromkeys(mistakes), key=lambda mistake: (source or UNKNOWN).line_of(mistake.path))
        self.source = source or UNKNOWN
        super().__init__("\n".join(self.lines()))

    def lines(self):
        return [f"{self.source.place_of(mistake.path)}{mistake.sentence}" for mistake in self.mistakes]


class Source:
    """A text and the name under which the reader knows it."""

    def __init__(self, name, text=""):
        self.name, self.text = name, text

    @cached_property
    def _lines(self):
        return lines_of(self.text)

    def line_of(self, path):
        """The line of the value, or of the table in which it is missing."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def place_of(self, path):
        where = f"{self.name}:{self.line_of(path)}: " if self.name else ""
        return where + (f"{path_text(path)}: " if path else "")


UNKNOWN = Source("")


def path_text(path):
    """The path as a reader writes it: stages[2].entry[0].needed."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{key_text(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def key_text(key):
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'


def twice(values):
    """A mistake for each (path, value) whose value stood before."""
    seen = set()
    for path, value in values:
        if value is not None and value in seen:
            yield Mistake(path, _("“%(value)s” stands here twice. Choose another.") % {"value": value})
        seen.add(value)
