"""Meetings as iCalendar text (RFC 5545). Pure: meetings in, bytes out; no database.

A calendar tells when and where on this site a meeting is, never how to join it: programs and providers read it.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

PRODUCT = "-//Camp//Meetings//EN"
READ_EVERY = timedelta(hours=1)  # How often programs are asked to read the calendar again.
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")  # Not allowed in a text; a line feed is written as \n.
EMPTY_SINCE = 2024  # The year of the zone in a calendar without meetings: always the same text.
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)


def feed_of(meetings, *, name):
    """The text of a calendar that programs subscribe to, with these meetings, loaded by `feeds.for_calendar`.

    In the language that is active. Without meetings it still says a zone: a calendar must hold something.
    """
    calendar = _calendar(list(meetings), zones={settings.TIME_ZONE})
    calendar.calendar_name = _text(name)
    calendar.add("refresh-interval", READ_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar.to_ical()


def file_of(meeting):
    """The text of one meeting as a file. It has no name of its own: programs would make a calendar of it."""
    return _calendar([meeting]).to_ical()


def _calendar(meetings, *, zones=frozenset()):
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    events = [_event(meeting) for meeting in meetings]
    named = {key for event in events for key in _zones_of(event)} or zones
    rules = [zone_rules(key, *_years(meetings)) for key in sorted(named)]
    for component in [*rules, *events]:
        calendar.add_component(component)
    return calendar


def _event(meeting):
    event, changed_at = Event(), (meeting.changed_at or meeting.starts_at).replace(microsecond=0)
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max((meeting.versions or 0) - 1, 0))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("dtstart", _local(meeting.starts_at, meeting.camp.zone))
    event.add("dtend", _local(meeting.ends_at, meeting.camp.zone))
    event.add("summary", _summary(meeting))
    event.add("description", _description(meeting))
    event.add("url", _address(meeting))
    return event


def _local(moment, zone):
    """The moment on the camp's clock; in UTC for the hour that this clock shows a second time in autumn."""
    local = moment.astimezone(zone)
    return moment.astimezone(UTC) if local.fold else local


def _summary(meeting):
    title = _text(meeting.title)
    return _("Cancelled: %(title)s") % {"title": title} if meeting.is_cancelled else title


def _description(meeting):
    lines = [f"{meeting.course} · {meeting.camp}" if meeting.course else str(meeting.camp)]
    if meeting.speaker:
        lines.append(_("Speaker: %(name)s") % {"name": meeting.speaker})
    if meeting.is_cancelled:
        lines.append(_("This meeting is cancelled."))
    else:
        lines.append(_("Join on this page from 15 minutes before the start:"))
    return _text("\n".join([*lines, _address(meeting)]))


def _address(meeting):
    return f"{settings.SITE_URL}{meeting.get_absolute_url()}"


def _text(text):
    """A text without the characters that no calendar may hold; every line ends alike."""
    return CONTROLS.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def _zones_of(event):
    """The zones that the times of an event name; UTC needs none."""
    found = {event[name].params.get("TZID") for name in ("dtstart", "dtend")}
    return found - {None}


def _years(meetings):
    years = [moment.year for row in meetings for moment in (row.starts_at, row.ends_at)] or [EMPTY_SINCE]
    return min(years), max(years)


@lru_cache(maxsize=64)
def zone_rules(key, first_year, last_year):
    """The clock changes of a zone in these years and the one before and after, each to the second."""
    zone, rules = ZoneInfo(key), Timezone()
    first, last = datetime(first_year - 1, 1, 1, tzinfo=UTC), datetime(last_year + 2, 1, 1, tzinfo=UTC)
    rules.add("tzid", key)
    rules.add_component(_observance(first, zone, before=first))
    for change in clock_changes(zone, first, last):
        rules.add_component(_observance(change, zone, before=change - A_SECOND))
    return rules


def _observance(moment, zone, *, before):
    """What holds from the moment on, which is written as the clock until then would have shown it."""
    local, offset_before = moment.astimezone(zone), before.astimezone(zone).utcoffset()
    observance = TimezoneDaylight() if local.dst() else TimezoneStandard()
    observance.DTSTART = (moment + offset_before).replace(tzinfo=None)
    observance.TZOFFSETFROM, observance.TZOFFSETTO = offset_before, local.utcoffset()
    observance.add("tzname", local.tzname())
    return observance


def clock_changes(zone, first, last):
    """The moments in UTC at which the zone's clock is put forward or back."""

    def offset(moment):
        return moment.astimezone(zone).utcoffset()

    changes, day = [], first
    while day < last:
        low, high = day, day + A_DAY
        if offset(low) != offset(high):
            while high - low > A_SECOND:
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            changes.append(high.replace(microsecond=0))
        day += A_DAY
    return changes
