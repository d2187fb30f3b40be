"""The exercises of a course: a list of names, or in short a pattern with the numbers that it runs through."""

import re

from django.utils.translation import gettext as _
from pydantic import PlainValidator

from camp.campfile.values import near, refuse, tidy
from camp.rankings import models as rankings

MOST = 1000
SLOT = re.compile(r"\{(?::0([1-9]))?\}")
KEYS = ("pattern", "from", "to")
NUMBERED = re.compile(r"^([^{}]*?)(\d+)([^{}\d]*)$")
NAME = rankings.Exercise._meta.get_field("name")


def expand(pattern, first, last):
    """The names that a pattern stands for: `exercise{:02}` from 0 to 2 is exercise00, exercise01, exercise02."""
    width = SLOT.search(pattern)[1] or "0"
    return [SLOT.sub(f"{number:0{width}d}", pattern) for number in range(first, last + 1)]


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
    names = _from_pattern(value) if isinstance(value, dict) else _from_list(value)
    if len(names) > MOST:
        refuse(_("A course has at most %(most)d exercises.") % {"most": MOST})
    seen = set()
    for index, name in enumerate(names):
        if name in seen:
            refuse(_("The exercise “%(name)s” stands here twice. Keep it once.") % {"name": name}, at=(index,))
        seen.add(name)
    return names


def _from_list(value):
    if not isinstance(value, list):
        refuse(_('Write a list of names, or { pattern = "exercise{:02}", from = 0, to = 29 }.'))
    for index, name in enumerate(value):
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > NAME.max_length:
            refuse(_("Write a name of 1 to %(most)d characters.") % {"most": NAME.max_length}, at=(index,))
    return [tidy(NAME, name) for name in value]


def _from_pattern(value):
    for key in value:
        if key not in KEYS:
            refuse(_("There is no key “%(key)s” here.") % {"key": key} + near(key, KEYS), at=(key,))
    for key in KEYS:
        if key not in value:
            refuse(_("The key “%(key)s” is missing.") % {"key": key})
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
    """Bring a course's exercises to the names of the file. They are one line of the report."""
    rows = {row.name: row for row in course.exercises.all()}
    before = list(rows)
    if before == wanted:
        return
    course.exercises.filter(name__in=set(rows) - set(wanted)).delete()
    for position, name in enumerate(wanted):
        rows.setdefault(name, rankings.Exercise(course=course, name=name)).position = position
    rankings.Exercise.objects.bulk_create(rows[name] for name in wanted if rows[name].pk is None)
    rankings.Exercise.objects.bulk_update([rows[name] for name in wanted if name in before], ["position"])
    report.add("changed" if before else "created", course, [("exercises", summary(before), summary(wanted))])


def summary(names):
    return f"{len(names)} ({names[0]} … {names[-1]})" if names else "0"
