"""Templates that are rendered once for all who see the same, with holes for what is the reader's own.

The template is given the plain values that everybody shares, which are the key under which the frame is kept, and a
hole for each value that is the reader's own. It is never given the reader, so nothing else of one can stay in it.
"""

from hashlib import sha256
from secrets import token_hex

from django.core.cache import caches
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from camp.rankings.board_page.release import release

KEPT = 60 * 60  # Seconds.
_MARK = token_hex(16)  # Leaves the process in no page, so nobody can write a hole.


class Hole(str):
    """Stands in a template for a value that each reader is given."""

    __slots__ = ("name",)

    def __new__(cls, name):
        hole = super().__new__(cls, f"{_MARK}{name}{_MARK}")
        hole.name = name
        return hole

    def __repr__(self):
        return f"<{self.name}>"


def framed(template, shared, own, *, request=None):
    """The template as HTML: rendered with what is shared, `own` filled in as if it had been rendered with that too.

    An own value that is empty is shared: whether there is one decides what the template says. `request`: what the
    template is shown of the request, `shared` says all of it that matters.
    """
    given = shared | {name: Hole(name) if value else value for name, value in own.items()}
    key = _key(template, given)
    frame = caches["boards"].get(key)
    if frame is None:
        frame = _format_of(render_to_string(template, given, request=request))
        caches["boards"].set(key, frame, KEPT)
    return format_html(frame, _="", **own)  # Escapes what is not marked as HTML.


def _format_of(html):
    """A format string, in which the holes are its fields. Text and names of holes take turns."""
    parts = html.replace("{", "{{").replace("}", "}}").split(_MARK)
    parts[1::2] = [f"{{{name}}}" for name in parts[1::2]]
    return "".join(parts)


def _key(template, given):
    told = {name: _told(value) for name, value in given.items()}
    what = template, told, get_language(), timezone.get_current_timezone_name(), release()
    return f"frame:{sha256(repr(what).encode()).hexdigest()}"


def _told(value):
    """A row of the database by all its columns: its `repr` would be a name."""
    if isinstance(value, Model):
        return type(value), {name: kept for name, kept in vars(value).items() if name != "_state"}
    return value
