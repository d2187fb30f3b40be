"""Move a camp in time: a document with all its dates some days later or earlier, at the same hours of the clock."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from pydantic import BaseModel

from camp.campfile.mistakes import CampFileError, Mistake
from camp.campfile.values import YEARS


def shift(document, *, days):
    """The document with every moment moved by `days` (negative: earlier)."""
    try:
        return moved(document, timedelta(days=days))
    except OverflowError:
        raise CampFileError([_too_far()]) from None


def moved(value, delta):
    if isinstance(value, datetime):
        return moved_moment(value, delta)
    if isinstance(value, list):
        return [moved(item, delta) for item in value]
    if not isinstance(value, BaseModel):
        return value
    values = {name: moved(getattr(value, name), delta) for name in type(value).model_fields}
    changed = {name: new for name, new in values.items() if new != getattr(value, name)}
    return value.model_copy(update=changed)  # What the file did not give stays not given.


def moved_moment(moment, delta):
    """The same wall clock on another day; where clocks go forward over it, the hour after."""
    moment = moment + delta
    if moment.year not in YEARS:
        raise CampFileError([_too_far()])
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def _too_far():
    sentence = _("The dates would leave the years %(first)d to %(last)d. Shift by fewer days.")
    return Mistake((), sentence % {"first": YEARS[0], "last": YEARS[-1]})
