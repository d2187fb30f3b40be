"""The exercises of a course: a list of names, or in short a pattern with the numbers that it runs through.

One that was renamed stands as `{ name = "new", was = ["old"] }`, so that results under the old name still count.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic import PlainValidator

from camp.campfile.values import near, refuse, tidy
from camp.rankings import models as rankings

MOST = 1000
SLOT = re.compile(r"\{(?::0([1-9]))?\}")
KEYS = ("pattern", "from", "to")
NAMED = ("name", "was")
NUMBERED = re.compile(r"^([^{}]*?)(\d+)([^{}\d]*)$")
NAME = rankings.Exercise._meta.get_field("name")


@dataclass(frozen=True)
class Named:
    """An exercise as the file has it, with the names it had before."""

    name: str
    was: tuple[str, ...] = ()


def expand(pattern, first, last):
    """The names that a pattern stands for: `exercise{:02}` from 0 to 2 is exercise00, exercise01, exercise02."""
    width = SLOT.search(pattern)[1] or "0"
    return [SLOT.sub(f"{number:0{width}d}", pattern) for number in range(first, last + 1)]


def short_of(rows):
    """Stored exercises as the file writes them."""
    if any(row.former_names for row in rows):
        return [{"name": row.name, "was": row.former_names} if row.former_names else row.name for row in rows]
    return compact([row.name for row in rows])


def compact(names):
    """The pattern of three or more names that run on without a gap, or the list as it is."""
    match = NUMBERED.match(names[0]) if len(names) > 2 else None
    if not match:
        return names
    before, digits, after = match.groups()
    slot = f"{{:0{len(digits)}}}" if digits.startswith("0") and 1 < len(digits) < 10 else "{}"
    first = int(digits)
    short = {"pattern": f"{before}{slot}{after}", "from": first, "to": first + len(names) - 1}
    return short if expand(*short.values()) == names else names


def read(value):
    exercises = _from_pattern(value) if isinstance(value, dict) else _from_list(value)
    if len(exercises) > MOST:
        refuse(_("A course has at most %(most)d exercises.") % {"most": MOST})
    seen = set()
    for path, name in _all_names(exercises):
        if name in seen:
            refuse(_("The exercise “%(name)s” stands here twice. Keep it once.") % {"name": name}, at=path)
        seen.add(name)
    return exercises


def _all_names(exercises):
    """Every name and former name with its path: none may stand for two exercises."""
    for index, exercise in enumerate(exercises):
        yield (index,), exercise.name
        yield from (((index, "was", place), name) for place, name in enumerate(exercise.was))


def _from_list(value):
    if not isinstance(value, list):
        refuse(_('Write a list of names, or { pattern = "exercise{:02}", from = 0, to = 29 }.'))
    return [_named(one, at=(index,)) for index, one in enumerate(value)]


def _named(value, *, at):
    if not isinstance(value, dict):
        return Named(_name(value, at=at))
    _check_keys(value, NAMED, at=at)
    was = value["was"]
    if not isinstance(was, list) or not was:
        refuse(_('Write a list of former names, such as ["exercise00"].'), at=(*at, "was"))
    former = (_name(name, at=(*at, "was", place)) for place, name in enumerate(was))
    return Named(_name(value["name"], at=(*at, "name")), tuple(former))


def _name(value, *, at):
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > NAME.max_length:
        refuse(_("Write a name of 1 to %(most)d characters.") % {"most": NAME.max_length}, at=at)
    return tidy(NAME, value)


def _check_keys(value, keys, *, at=()):
    for key in value:
        if key not in keys:
            refuse(_("There is no key “%(key)s” here.") % {"key": key} + near(key, keys), at=(*at, key))
    for key in keys:
        if key not in value:
            refuse(_("The key “%(key)s” is missing.") % {"key": key}, at=at)


def _from_pattern(value):
    _check_keys(value, KEYS)
    pattern, first, last = (value[key] for key in KEYS)
    if not isinstance(pattern, str) or len(SLOT.findall(pattern)) != 1 or not pattern.isprintable():
        refuse(_("Write a text with the number's place once: {} or, with two digits, {:02}."), at=("pattern",))
    for key in ("from", "to"):
        if type(value[key]) is not int or not 0 <= value[key] < 10**9:
            refuse(_("Write a whole number without quotes."), at=(key,))
    if not first <= last < first + MOST:
        sentence = _("“to” must not be before “from”, and the course has at most %(most)d exercises.")
        refuse(sentence % {"most": MOST}, at=("to",))
    return _from_list(expand(pattern, first, last))


exercise_names = PlainValidator(read)


def sync_exercises(report, course, wanted):
    """Bring a course's exercises to those of the file: renamed, made, removed, put in order. One line of the report."""
    stored = list(course.exercises.all())
    before = [Named(row.name, tuple(row.former_names)) for row in stored]
    if before == wanted:
        return
    rows = _matched({row.name: row for row in stored}, wanted, course)
    kept, new = [row for row in rows if row.pk], [row for row in rows if row.pk is None]
    course.exercises.exclude(pk__in=[row.pk for row in kept]).delete()
    for position, (row, part) in enumerate(zip(rows, wanted, strict=True)):
        row.name, row.former_names, row.position = part.name, list(part.was), position
    rankings.Exercise.objects.bulk_update(kept, ["name", "former_names", "position"])
    rankings.Exercise.objects.bulk_create(new)
    report.add("changed" if before else "created", course, _changes(before, wanted))


def _matched(stored, wanted, course):
    """For each part of the file the stored row of its name, or else of a former name, or else a new row."""
    rows = []
    for part in wanted:
        known = next((name for name in (part.name, *part.was) if name in stored), None)
        rows.append(stored.pop(known) if known else rankings.Exercise(course=course))
    return rows


def _changes(before, wanted):
    changes = [("exercises", summary([one.name for one in before]), summary([one.name for one in wanted]))]
    renamed = [_renamed(before), _renamed(wanted)]
    return changes if renamed[0] == renamed[1] else [*changes, ("was", *renamed)]


def _renamed(exercises):
    return ", ".join(f"{one.name} ({', '.join(one.was)})" for one in exercises if one.was)


def summary(names):
    return f"{len(names)} ({names[0]} … {names[-1]})" if names else "0"
