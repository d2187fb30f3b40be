"""Move a camp in time: a document with all its dates some days later or earlier, at the same hours of the clock."""

import zoneinfo
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from pydantic import BaseModel

from camp.campfile.mistakes import CampFileError, Mistake
from camp.campfile.values import YEARS


def shift(document, *, days):
    """The document with every moment moved by `days` (negative: earlier) on the clock of the camp's zone."""
    try:
        return Shift(timedelta(days=days), zoneinfo.ZoneInfo(document.camp.time_zone)).moved(document)
    except OverflowError:
        sentence = _("The dates would leave the years %(first)d to %(last)d. Shift by fewer days.")
        raise CampFileError([Mistake((), sentence % {"first": YEARS[0], "last": YEARS[-1]})]) from None


class Shift:
    def __init__(self, delta, zone):
        self.delta, self.zone = delta, zone

    def moved(self, value):
        if isinstance(value, datetime):
            return self.moved_moment(value)
        if isinstance(value, list):
            return [self.moved(item) for item in value]
        return self.moved_part(value) if isinstance(value, BaseModel) else value

    def moved_part(self, part):
        """A copy of the part; a key that the file did not give stays not given."""
        values = {name: self.moved(getattr(part, name)) for name in type(part).model_fields}
        return part.model_copy(update={name: new for name, new in values.items() if new != getattr(part, name)})

    def moved_moment(self, moment):
        """The same wall clock on another day; where clocks go forward over it, the hour after."""
        moment = moment.astimezone(self.zone) + self.delta
        if moment.year not in YEARS:
            raise OverflowError
        return moment.astimezone(UTC)
