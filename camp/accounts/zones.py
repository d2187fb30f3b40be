"""Time zones as a list to choose from: pure functions, no database."""

import zoneinfo
from datetime import UTC, datetime

from django.utils.translation import gettext as _

OFTEN = ["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Europe/London",
         "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC"]  # fmt: skip
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone_choices(current="", *, at=None):
    """Groups of zones with their difference from UTC now: the frequent ones, then each region by name.

    A zone that is set already stays in the list, however rare its name.
    """
    at = at or datetime.now(UTC)
    names = sorted(zoneinfo.available_timezones())
    often = OFTEN if not current or current in OFTEN else [current, *OFTEN]
    groups = [(region, _options([n for n in names if n.startswith(f"{region}/")], at)) for region in REGIONS]
    return [("", _("As my browser says")), (_("Often used"), _options(often, at)), *groups]


def _options(names, at):
    return [(name, f"{name.replace('_', ' ')} ({_difference(name, at)})") for name in names]


def _difference(name, at):
    """Such as UTC+08:00."""
    text = at.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
