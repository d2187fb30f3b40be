"""From the bytes of a camp file to its document, with every mistake that can be seen without a database."""

import contextlib
import re
import tomllib
import zoneinfo
from decimal import Decimal

from django.utils.translation import gettext as _
from pydantic import ValidationError

from camp.campfile import checks
from camp.campfile.mistakes import CampFileError, Mistake, Source
from camp.campfile.schema import Camp, Document, ProjectStage
from camp.campfile.series import expanded
from camp.campfile.values import REFUSED, near

OPTIONAL = {"project_stage": ProjectStage}  # The tables that a file may do without.
MAX_BYTES = 1024 * 1024
PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
TYPED_BY_IME = re.compile(r"[“”‘’，：＝【】]")
WITHOUT_SECONDS = re.compile(r"=\s*(\d{4}-\d\d-\d\d[ Tt])?\d\d:\d\d\s*(#.*)?$")


def decode(data, *, source_name):
    """The text of a file. Raises CampFileError when it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise _refusal(source_name, _("The file is larger than 1 MiB. A camp file holds texts and dates only."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refusal(source_name, _("This is not UTF-8. Save the file as UTF-8 again."), line=line) from None


def read(text, *, source_name):
    """The document of a text, its series as meetings. Raises CampFileError with all mistakes found."""
    source = Source(source_name, text)
    raw = _toml(text, source_name)
    reader = Reader(_zone_of(raw))
    document = reader.document(raw)
    if reader.mistakes:
        raise CampFileError(reader.mistakes, source)
    return expanded(document, reader.context["zone"])


def _toml(text, source_name):
    decode(text.encode(), source_name=source_name)
    if not text.strip():
        raise _refusal(source_name, _("The file is empty. See docs/camp-file.md for what it holds."))
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise _refusal(source_name, _("Lists or tables are nested too deep.")) from None
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, source_name) from None
    except (ValueError, ArithmeticError):
        raise _refusal(source_name, _("A number has too many digits.")) from None


def _syntax_error(problem, text, source_name):
    match = PLACE.search(problem)
    lines = text.splitlines()
    line = int(match[1]) if match and match[1] else len(lines)
    column = int(match[2]) if match and match[2] else None
    sentence = _("This is not TOML: %(problem)s.") % {"problem": PLACE.sub("", problem)}
    return _refusal(source_name, sentence + _hint(lines[line - 1]), line=line, column=column)


def _hint(line):
    if WITHOUT_SECONDS.search(line):
        return " " + _("A time needs its seconds: 20:00:00.")
    if TYPED_BY_IME.search(line):
        return " " + _('Quotes, commas and equals signs must be the plain ones: " , = and not “ ， ＝.')
    return ""


def _refusal(source_name, sentence, *, line=1, column=None):
    place = f"{source_name}:{line}:{column}" if column else f"{source_name}:{line}"
    return CampFileError([Mistake((), f"{place}: {sentence}")])


def _zone_of(raw):
    """The zone in which the file's dates are read; the default where the file has a wrong one (reported elsewhere)."""
    camp = raw.get("camp")
    name = camp.get("time_zone") if isinstance(camp, dict) else None
    known = isinstance(name, str) and name in zoneinfo.available_timezones()
    return zoneinfo.ZoneInfo(name if known else Camp.model_fields["time_zone"].default)


class Reader:
    """Reads a document part by part, so that a mistake in one does not hide those in others."""

    def __init__(self, zone):
        self.context = {"zone": zone}
        self.mistakes = []

    def document(self, raw):
        """The document; None for a part that could not be read, and then there is a mistake."""
        fields = Document.model_fields
        for name in raw.keys() - fields.keys():
            self.mistakes.append(Mistake((name,), unknown_key(name, fields)))
        parts = {name: self.part(name, field, raw) for name, field in fields.items() if name not in OPTIONAL}
        parts |= {name: self.one(part, raw[name], name) if name in raw else None for name, part in OPTIONAL.items()}
        document = Document.model_construct(**parts)
        self.mistakes += checks.of(document, self.context["zone"])
        return document

    def part(self, name, field, raw):
        is_list = not field.is_required()
        if name not in raw:
            if not is_list:
                self.mistakes.append(Mistake((), _("The table [%(name)s] is missing.") % {"name": name}))
            return [] if is_list else None
        return self.many(name, field.annotation, raw[name]) if is_list else self.one(field.annotation, raw[name], name)

    def many(self, name, annotation, values):
        if not isinstance(values, list):
            self.mistakes.append(Mistake((name,), not_a_list(name)))
            return []
        return [self.one(inner(annotation), value, name, index) for index, value in enumerate(values)]

    def one(self, part, value, *path):
        try:
            return part.model_validate(value, context=self.context)
        except ValidationError as error:
            self.mistakes += [mistake_of(details, part, path) for details in error.errors()]
        return self.what_can_be_read(part, value) if isinstance(value, dict) else None

    def what_can_be_read(self, part, value):
        """A part with None for what could not be read, so that the rest can still be checked."""
        with contextlib.suppress(ValidationError):  # Often an unknown key is all that is wrong.
            return part.model_validate(value, context=self.context, extra="ignore")
        given = part.model_fields.keys() & value.keys()
        required = {name for name, field in part.model_fields.items() if field.is_required()}
        row = part.model_construct(**dict.fromkeys(given | required))
        for name in given:
            with contextlib.suppress(ValidationError):
                part.__pydantic_validator__.validate_assignment(row, name, value[name], context=self.context)
        return row


def mistake_of(details, part, path):
    """One of pydantic's findings as a mistake of ours."""
    *parents, last = loc = details["loc"] or (path[0],)
    path = (*path, *details["loc"])
    if details["type"] == "extra_forbidden":
        return Mistake(path, unknown_key(last, fields_at(part, parents)))
    if details["type"] == "missing":
        return Mistake(path[:-1], _("The key “%(key)s” is missing.") % {"key": last})
    if details["type"] == "list_type":
        return Mistake(path, not_a_list(last))
    if details["type"] == REFUSED:
        return Mistake((*path, *details["ctx"]["at"]), details["msg"])
    name = next(step for step in reversed(loc) if isinstance(step, str))
    return Mistake(path, _("Write a table here, not a single value: keys under [%(name)s].") % {"name": name})


def unknown_key(key, known):
    return _("There is no key “%(key)s” here.") % {"key": key} + (near(key, known) or known_keys(known))


def known_keys(known):
    return " " + _("The keys are: %(known)s.") % {"known": ", ".join(known)}


def not_a_list(name):
    return _("Write a list here. A list of tables has two brackets for each: [[%(name)s]].") % {"name": name}


def fields_at(part, path):
    """The fields of the part to which a path leads."""
    for step in path:
        part = part if isinstance(step, int) else inner(part.model_fields[step].annotation)
    return part.model_fields


def inner(annotation):
    """What a list holds: list[Stage] → Stage."""
    return annotation.__args__[0]
