"""The arithmetic of a series: "every Monday and Thursday 14:00–15:00 from 22 July to 1 August". No database.

Days and hours are those of the camp's clock; they stay when clocks change, and the moments that come out are in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext as _

MOST = 200  # Meetings of one series.
YEARS = range(2000, 2201)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SLOT = "{}"  # The number's place in a title.


class SeriesError(Exception):
    """A series that cannot be, in a sentence; `field` is the value of the series that has to change."""

    def __init__(self, field, sentence):
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True)
class Series:
    """`weekdays` are numbers from 0 (Monday); `first` and `last` are included; `skip` need not be days of it."""

    weekdays: frozenset
    first: date
    last: date
    starts: time
    ends: time
    skip: frozenset = frozenset()

    def days(self):
        """The days of the series in their order. Raises SeriesError when there are none, or too many."""
        self._check()
        found = []
        for number in range(self.first.toordinal(), self.last.toordinal() + 1):
            day = date.fromordinal(number)
            if day.weekday() in self.weekdays and day not in self.skip:
                found.append(day)
            if len(found) > MOST:
                raise SeriesError("last", _("A series has at most %(most)d meetings. End it earlier.") % {"most": MOST})
        if not found:
            raise SeriesError("weekdays", _("None of these weekdays is within these days. Choose others."))
        return found

    def occurrences(self, zone):
        """(starts_at, ends_at) in UTC of every day."""
        return [(moment(day, self.starts, zone), moment(day, self.ends, zone, "ends")) for day in self.days()]

    def _check(self):
        for error in slips(first=self.first, last=self.last, starts=self.starts, ends=self.ends):
            raise error


def slips(*, first, last, starts, ends):
    """What is wrong with the days and hours between which a series is, as SeriesErrors; None is not known yet."""
    days = {"first": first, "last": last}
    slipped = {name for name, day in days.items() if day and day.year not in YEARS}
    for name in sorted(slipped):
        sentence = _("Write a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
        yield SeriesError(name, sentence)
    if first and last and not slipped and last < first:
        yield SeriesError("last", _("The last day must not be before the first."))
    if starts is not None and ends is not None and ends <= starts:
        yield SeriesError("ends", _("The end must come after the beginning, on the same day."))


def moment(day, clock, zone, field="starts"):
    """The clock of a day as a moment in UTC, the first one where it comes twice. Refuses an hour that clocks skip."""
    local = datetime.combine(day, clock, tzinfo=zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None, fold=0) != local.replace(tzinfo=None):
        sentence = _("On %(day)s clocks go forward over this hour in %(zone)s. Skip the day, or choose another hour.")
        raise SeriesError(field, sentence % {"day": day.isoformat(), "zone": zone.key})
    return found


def key_of(key, number):
    return f"{key}-{number}"


def title_of(title, number):
    return title.replace(SLOT, str(number))


def overlapping(meetings):
    """Pairs of meetings of one course that take place at the same time, the earlier one first.

    Each is named once, with the one that is still running when it begins. Meetings without a course stand for
    themselves. Anything with `course`, `starts_at`, `ends_at`, `is_cancelled` and `key` is a meeting here.
    """
    running, pairs = {}, []
    dated = [row for row in meetings if row.course is not None and not row.is_cancelled]
    for row in sorted(dated, key=lambda row: (row.starts_at, row.key)):
        before = running.get(row.course)
        if before and before.ends_at > row.starts_at:
            pairs.append((before, row))
        if before is None or row.ends_at > before.ends_at:
            running[row.course] = row
    return pairs
