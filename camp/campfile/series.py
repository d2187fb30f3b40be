"""Meetings that come again and again: a series of the file as meetings, and meetings back as series.

Meeting n of the series `cxx` has the key `cxx-n`. A meeting of the file that has one of these keys replaces it.
"""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from camp.campfile import schema
from camp.campfile.mistakes import Mistake
from camp.classrooms.models import Meeting
from camp.classrooms.series import MOST, SLOT, WEEKDAYS, Series, SeriesError, key_of, slips, title_of

NUMBERED = re.compile(r"(.+)-([1-9]\d*)")
SHARED = ("kind", "course", "speaker", "join_url", "number", "passcode")  # What all meetings of a series have alike.
WORDS = {"first": "from", "last": "to"}  # The arithmetic's names, where the file has others.
FEWEST = 3  # Shorter runs are written as meetings.
LONGEST_GAP = timedelta(days=366)


def arithmetic(part):
    days = frozenset(WEEKDAYS.index(name) for name in part.weekdays)
    return Series(days, getattr(part, "from"), part.to, part.starts, part.ends, frozenset(part.skip))


def mistakes(parts, zone):
    """What is wrong with series, as far as they could be read. A value that is None has its mistake already."""
    for path, part in parts:
        errors, number = _counted(part, zone)
        for error in errors:
            yield Mistake((*path, WORDS.get(error.field, error.field)), error.sentence)
        yield from _too_long(path, part, number)


def _counted(part, zone):
    """(SeriesErrors, how many meetings): at least one, where that is not known."""
    errors = list(slips(first=getattr(part, "from"), last=part.to, starts=part.starts, ends=part.ends))
    if errors or any(getattr(part, name) is None for name in ("weekdays", "from", "to", "starts", "ends", "skip")):
        return errors, 1
    try:
        return [], len(arithmetic(part).occurrences(zone))
    except SeriesError as error:
        return [error], 1


def _too_long(path, part, number):
    for name, value in (("key", key_of(part.key or "", number)), ("title", title_of(part.title or "", number))):
        longest = Meeting._meta.get_field(name).max_length
        if len(value) > longest:
            sentence = _("With its number this is longer than %(most)d characters. Make it shorter.")
            yield Mistake((*path, name), sentence % {"most": longest})


def expanded(document, zone):
    """The document with its series as meetings, after those that stand in the file themselves."""
    own = {meeting.key for meeting in document.meetings}
    made = [
        meeting
        for index, part in enumerate(document.series)
        for meeting in meetings_of(part, index, zone)
        if meeting.key not in own
    ]
    return document.model_copy(update={"series": [], "meetings": [*document.meetings, *made]})


def meetings_of(part, index, zone):
    shared = {name: getattr(part, name) for name in SHARED}
    for number, (starts_at, ends_at) in enumerate(arithmetic(part).occurrences(zone), start=1):
        values = shared | {"key": key_of(part.key, number), "title": title_of(part.title, number)}
        meeting = schema.Meeting.model_construct(**values, starts_at=starts_at, ends_at=ends_at)
        meeting._series = index
        yield meeting


# And back.


def compact(tables, zone):
    """Two lists for the file: the series that these tables of meetings make, and the meetings that none gives.

    `tables` are in the order of the file, moments on the clock of the camp.
    """
    series, given = [], set()
    for key, run in runs(tables).items():
        table = series_of(key, run)
        numbers = given_by(table, run, zone) if table else set()
        if 2 * len(numbers) >= len(run):
            series.append(table)
            given |= {run[number]["key"] for number in numbers}
    return series, [table for table in tables if table["key"] not in given]


def runs(tables):
    """Tables by the key of the series that they could be, and by their number: 1, 2, 3 … without a gap."""
    found = defaultdict(dict)
    for table in tables:
        match = NUMBERED.fullmatch(table["key"])
        if match:
            found[match[1]][int(match[2])] = table
    return {key: run for key, run in found.items() if FEWEST <= len(run) <= MOST and max(run) == len(run)}


def series_of(key, run):
    """The series that may give most of the run, as a table; None where there is none."""
    plain = {number: table for number, table in run.items() if is_plain(table)}
    title = _most_common(template for number, table in plain.items() for template in templates(table["title"], number))
    alike = {number: table for number, table in plain.items() if title_of(title, number) == table["title"]}
    pattern = _most_common(_pattern(table) for table in alike.values())
    alike = {number: table for number, table in alike.items() if _pattern(table) == pattern}
    days = _days(alike, run) if alike else None
    return _table(key, title, next(iter(alike.values())), days) if days else None


def given_by(table, run, zone):
    """The numbers of the run whose meetings are just what the series makes of them."""
    part = schema.Series.model_construct(**table)
    try:
        made = dict(enumerate(meetings_of(part, 0, zone), start=1))
    except SeriesError:  # A day that nobody meets on may have an hour that clocks skip.
        return set()
    return {number for number in run if len(made) == len(run) and _is_same(made[number], run[number], zone)}


def _is_same(meeting, table, zone):
    moments = {name: getattr(meeting, name).astimezone(zone).replace(tzinfo=None) for name in ("starts_at", "ends_at")}
    defaults = {name: schema.Meeting.model_fields[name].default for name in SHARED}
    words = {name: getattr(meeting, name) for name in ("key", "title", *SHARED)}
    return is_plain(table) and defaults | table == words | moments


def _most_common(values):
    """The value that comes most often; of equals the one that reads last, so that {} comes before a digit."""
    counted = Counter(values)
    return max(counted, key=lambda value: (counted[value], str(value)), default=None)


def templates(title, number):
    """The title itself, and with a place for the number wherever it stands."""
    places = [match.span() for match in re.finditer(rf"(?<!\d){number}(?!\d)", title)]
    return [title, *(f"{title[:start]}{SLOT}{title[end:]}" for start, end in places)]


def is_plain(table):
    """Whether a series can say it all: nothing of its own, and hours of one day that come once on the clock."""
    own = table.keys() - {"key", "title", "starts_at", "ends_at", *SHARED}
    moments = (table["starts_at"], table["ends_at"])
    return not own and all(moment.tzinfo is None for moment in moments) and len({one.date() for one in moments}) == 1


def _pattern(table):
    """What all meetings of a series have alike."""
    return (table["starts_at"].time(), table["ends_at"].time(), *(table.get(name) for name in SHARED))


def _day(table):
    return table["starts_at"].date()


def _days(alike, run):
    """The day of each number of the run, so that those alike keep theirs; None where that cannot be.

    A meeting that differs stands in the file by itself; here it takes a day that the series would have given it.
    """
    numbers, days = sorted(alike), {number: _day(table) for number, table in alike.items()}
    first, last, weekdays = numbers[0], numbers[-1], {day.weekday() for day in days.values()}
    own = {_day(table) for table in run.values()}
    for before, after in pairwise(numbers):
        free = sorted(_between(days[before], days[after], weekdays), key=lambda day: (day not in own, day))
        days |= zip(range(before + 1, after), sorted(free[: after - before - 1]), strict=False)
    earlier = _between(days[first] - LONGEST_GAP, days[first], weekdays)
    later = _between(days[last], days[last] + LONGEST_GAP, weekdays)
    days |= zip(range(first - 1, 0, -1), reversed(earlier), strict=False)
    days |= zip(range(last + 1, len(run) + 1), later, strict=False)
    found = [days[number] for number in sorted(days)]
    return found if len(found) == len(run) and found == sorted(set(found)) else None


def _between(day, end, weekdays):
    """The days with these weekdays after one day and before another."""
    return [found for n in range(1, (end - day).days) if (found := day + timedelta(days=n)).weekday() in weekdays]


def _table(key, title, first, days):
    """`days` are those of the whole run; those between them with their weekdays are skipped."""
    weekdays = sorted({day.weekday() for day in days})
    span = [days[0], *_between(days[0], days[-1], weekdays), days[-1]]
    values = {name: first[name] for name in SHARED if name in first} | {
        "key": key, "title": title, "weekdays": [WEEKDAYS[number] for number in weekdays], "from": days[0],
        "to": days[-1], "starts": first["starts_at"].time(), "ends": first["ends_at"].time(),
        "skip": [day for day in span if day not in days],
    }  # fmt: skip
    names = [name for name in schema.Series.model_fields if name in values]
    return {name: values[name] for name in names if name != "skip" or values["skip"]}
