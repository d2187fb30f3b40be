"""How one value of a camp file is read: by the rules of the model field that will hold it."""

import difflib
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from camp.classrooms.models.meeting import http_address
from camp.classrooms.series import WEEKDAYS, YEARS

REFUSED = "camp_file"
LARGEST = {models.PositiveSmallIntegerField: 2**15 - 1, models.PositiveIntegerField: 2**31 - 1}
LONGEST_OPTION, LONGEST_SKILL = 240, 40


def refuse(sentence, *, at=()):
    """Refuse the value being read; `at` leads from it to the part that is wrong."""
    raise PydanticCustomError(REFUSED, sentence, {"at": at})


def of(model, name):
    """What the field `name` of `model` takes. The model's own validators decide."""
    field = model._meta.get_field(name)
    read = next(reader for kind, reader in READERS if isinstance(field, kind))
    return PlainValidator(lambda value, info: read(field, value, info.context))


def tidy(field, text):
    """The text as it is kept: one kind of line end, nothing empty at the ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip("\n").rstrip() if isinstance(field, models.TextField) else text.strip()


def near(word, known):
    """What the reader may have meant, as a sentence to add; empty when nothing is near."""
    found = difflib.get_close_matches(str(word), [str(name) for name in known], n=1)
    return " " + _("Did you mean “%(near)s”?") % {"near": found[0]} if found else ""


def _text(field, value, context):
    if not isinstance(value, str):
        refuse(_("Write a text in quotes."))
    value = tidy(field, value)
    allowed = "\n\t" if isinstance(field, models.TextField) else ""
    if any(unicodedata.category(char) == "Cc" and char not in allowed for char in value):
        refuse(_("Take out the line breaks and control characters: this is one line of plain text."))
    return _choice(field, value) if field.choices else _accepted(field, value)


def _choice(field, value):
    known = [name for name, _label in field.flatchoices]
    if value not in known:
        sentence = _("“%(value)s” is none of: %(known)s.") % {"value": value[:60], "known": ", ".join(known)}
        refuse(sentence + near(value, known))
    return value


def _address(field, value, context):
    if isinstance(value, str) and value.strip():
        try:
            http_address(value.strip())
        except ValidationError:
            refuse(_("Write an address that begins with https:// or http://."))
    return _text(field, value, context)


def _number(field, value, context):
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(_("Write a whole number without quotes."))
    largest = LARGEST[type(field)]
    if not 0 <= value <= largest:
        refuse(_("Write a number from 0 to %(largest)d.") % {"largest": largest})
    return _accepted(field, value)


def _points(field, value, context):
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        refuse(_("Write a number without quotes."))
    value = Decimal(value)
    if not value.is_finite() or value < 0:
        refuse(_("Write a number that is not negative."))
    return _accepted(field, value)


def _flag(field, value, context):
    if not isinstance(value, bool):
        refuse(_("Write true or false, without quotes."))
    return value


def _moment(field, value, context):
    """A moment in UTC. A date without an offset is read in the camp's zone, the first time where it comes twice."""
    if not isinstance(value, datetime):
        given = value.isoformat() if isinstance(value, date) else "2024-07-20"
        refuse(_("Write a date and a time without quotes, such as %(example)s.") % {"example": f"{given} 20:00:00"})
    _require_year(value)
    zone = context["zone"]
    if value.tzinfo is None:
        _refuse_skipped(value, zone)
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def _require_year(value):
    if value.year not in YEARS:
        refuse(_("Write a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]})


def _day(value):
    if not isinstance(value, date) or isinstance(value, datetime):
        refuse(_("Write a day without quotes, such as %(example)s.") % {"example": "2024-07-22"})
    _require_year(value)
    return value


def _days(value):
    if not isinstance(value, list):
        refuse(_("Write a list of days, such as [2024-07-25, 2024-07-29]."))
    return [_day(day) for day in value]


def _clock(value):
    if not isinstance(value, time):
        refuse(_("Write a time of the clock without quotes, such as %(example)s.") % {"example": "14:00:00"})
    return value


def _weekdays(value):
    if not isinstance(value, list) or not value:
        refuse(_('Write a list of weekdays, such as ["monday", "thursday"].'))
    for index, name in enumerate(value):
        if name not in WEEKDAYS:
            sentence = _("“%(value)s” is none of: %(known)s.")
            values = {"value": str(name)[:60], "known": ", ".join(WEEKDAYS)}
            refuse(sentence % values + near(name, WEEKDAYS), at=(index,))
        if name in value[:index]:
            refuse(_("“%(value)s” stands here twice. Choose another.") % {"value": name}, at=(index,))
    return value


def _skills(value):
    texts = isinstance(value, list) and all(isinstance(text, str) and text.strip().isprintable() for text in value)
    if not texts or not all(0 < len(text.strip()) <= LONGEST_SKILL for text in value):
        refuse(_('Write a list of short texts, such as ["Rust", "CUDA"].'))
    value = [text.strip() for text in value]
    for index, name in enumerate(value):
        if name in value[:index]:
            refuse(_("“%(value)s” stands here twice. Choose another.") % {"value": name}, at=(index,))
    return value


a_day, some_days, a_clock, some_weekdays, some_skills = (
    PlainValidator(reader) for reader in (_day, _days, _clock, _weekdays, _skills)
)


def _refuse_skipped(value, zone):
    """Where clocks go forward, an hour of the wall clock does not exist."""
    if value.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != value:
        refuse(_("This hour does not exist in %(zone)s: clocks go forward. Write another.") % {"zone": zone.key})


def _options(field, value, context):
    texts = isinstance(value, list) and all(isinstance(text, str) and text.strip().isprintable() for text in value)
    if not texts or not all(0 < len(text.strip()) <= LONGEST_OPTION for text in value):
        refuse(_('Write a list of texts, such as ["Yes", "No"].'))
    value = [text.strip() for text in value]
    if len(set(value)) < len(value):
        refuse(_("An option stands here twice. Keep it once."))
    return value


def _accepted(field, value):
    try:
        return field.clean(value, None)
    except ValidationError as error:
        return refuse(" ".join(error.messages))


READERS = (
    (models.URLField, _address),
    (models.CharField | models.TextField, _text),
    (models.PositiveIntegerField | models.PositiveSmallIntegerField, _number),
    (models.DecimalField, _points),
    (models.BooleanField, _flag),
    (models.DateTimeField, _moment),
    (models.JSONField, _options),
)
