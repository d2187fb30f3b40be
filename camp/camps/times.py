"""Times as people read them: in the viewer's zone (Django's current one), the camp's beside it where they differ."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

ZONE_NAMES = {
    "UTC": gettext_lazy("UTC"),
    "Asia/Shanghai": gettext_lazy("Shanghai"),
    "Asia/Hong_Kong": gettext_lazy("Hong Kong"),
    "Asia/Taipei": gettext_lazy("Taipei"),
    "Asia/Singapore": gettext_lazy("Singapore"),
    "Asia/Tokyo": gettext_lazy("Tokyo"),
    "Australia/Sydney": gettext_lazy("Sydney"),
    "Europe/London": gettext_lazy("London"),
    "Europe/Paris": gettext_lazy("Paris"),
    "Europe/Berlin": gettext_lazy("Berlin"),
    "America/New_York": gettext_lazy("New York"),
    "America/Chicago": gettext_lazy("Chicago"),
    "America/Los_Angeles": gettext_lazy("Los Angeles"),
}


@dataclass(frozen=True)
class Moment:
    """A point in time as text. `there` is the same moment in the camp's zone; empty where both clocks agree."""

    exact: datetime
    text: str
    zone: str
    there: str = ""
    there_zone: str = ""
    relative: str = ""


@dataclass(frozen=True)
class Span:
    """From one moment to another as text in one zone. The day is not said twice."""

    start: datetime
    end: datetime
    first: str
    dash: str
    last: str
    zone: str


@dataclass(frozen=True)
class Period:
    """A span in the viewer's zone; `there` is the same in the camp's, None where both clocks agree."""

    here: Span
    there: Span | None = None


def zone_name(zone):
    """The city of a zone, as people call it: Asia/Shanghai is Shanghai."""
    key = getattr(zone, "key", None) or str(zone)
    return str(ZONE_NAMES.get(key) or key.rpartition("/")[2].replace("_", " "))


def short_day(value):
    # Translators: a date without its year in Django's format letters, such as 24 Jul.
    return date_format(value, pgettext("date format", "j M"))


def day(value):
    # Translators: a date in Django's format letters, such as 24 Jul 2024.
    return date_format(value, pgettext("date format", "j M Y"))


def clock(value):
    return date_format(value, "H:i")


def day_and_clock(value):
    # Translators: a point in time in Django's format letters, such as Wed 24 Jul 2024, 20:00.
    return date_format(value, pgettext("date format", "D j M Y, H:i"))


def moment(value, *, zone=None, now):
    if value is None:
        return None
    here = timezone.localtime(value)
    there = timezone.localtime(value, zone) if zone else here
    away = zone is not None and not _clocks_agree(value, zone)
    return Moment(
        exact=value, text=day_and_clock(here), zone=zone_name(here.tzinfo),
        there=_beside(here, there) if away else "", there_zone=zone_name(zone) if away else "",
        relative=relative(value, now),
    )  # fmt: skip


def _beside(here, there):
    """The camp's clock beside the viewer's: with its date only where that is another one."""
    return clock(there) if there.date() == here.date() else day_and_clock(there)


def relative(value, now):
    """How far away a moment is, in its largest unit."""
    if abs(value - now) < timedelta(minutes=1):
        return _("now")
    if value > now:
        return _("in %(time)s") % {"time": timeuntil(value, now, depth=1)}
    return _("%(time)s ago") % {"time": timesince(value, now, depth=1)}


def period(start, end, *, zone=None):
    if start is None or end is None:
        return None
    here = _span(start, end, timezone.get_current_timezone())
    if zone is None or all(_clocks_agree(moment, zone) for moment in (start, end)):
        return Period(here=here)
    return Period(here=here, there=_span(start, end, zone, says_day=not _is_one_day(start, end, zone)))


def moment_text(value):
    """A point in time on one line of a mail, in the zone that is active."""
    here = timezone.localtime(value)
    return f"{day_and_clock(here)} ({zone_name(here.tzinfo)})"


def period_text(start, end, *, zone):
    """A period on one line of a mail: in the zone that is active, and in the camp's where that differs."""
    found = period(start, end, zone=zone)
    spans = [span for span in (found.here, found.there) if span]
    return " · ".join(f"{span.first}{span.dash}{span.last} ({span.zone})" for span in spans)


def _span(start, end, zone, *, says_day=True):
    first, last = timezone.localtime(start, zone), timezone.localtime(end, zone)
    one_day = first.date() == last.date()
    return Span(
        start=start, end=end, first=day_and_clock(first) if says_day else clock(first), dash="–" if one_day else " – ",
        last=clock(last) if one_day else day_and_clock(last), zone=zone_name(zone),
    )  # fmt: skip


def _clocks_agree(moment, zone):
    return timezone.localtime(moment).utcoffset() == timezone.localtime(moment, zone).utcoffset()


def _is_one_day(start, end, zone):
    """Whether all of it is on one and the same day, here and there."""
    moments = [timezone.localtime(moment, where) for moment in (start, end) for where in (None, zone)]
    return len({moment.date() for moment in moments}) == 1


def calendar_days(start, end, zone):
    """First and last day of a stretch of time; one that ends at midnight ends the day before."""
    last = timezone.localtime(end - timedelta(microseconds=1), zone)
    return timezone.localtime(start, zone), last


def days(start, end, *, zone):
    """A stretch of time in whole days of a camp's calendar. The year is said once where it is one."""
    if start is None or end is None:
        return ""
    first, last = calendar_days(start, end, zone)
    if first.date() == last.date():
        return day(first)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    # Translators: the two days of a range within one year, in Django's format letters; the year is said once.
    formats = pgettext("first day of a range", "j M"), pgettext("last day of a range", "j M Y")
    return " – ".join(date_format(moment, form) for moment, form in zip((first, last), formats, strict=True))
