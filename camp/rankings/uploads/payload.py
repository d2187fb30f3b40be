"""Reading the body of an upload (its fields are described in `docs/score-upload.md`). Pure: bytes in, values out."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

MOST_POINTS = Decimal(10**8)
PLACES = Decimal("0.001")
CHANNELS = ("github", "gitee", "cnb")
LOGIN = re.compile(r"[A-Za-z0-9._-]{1,95}(\[bot\])?")


class PayloadError(Exception):
    """What is wrong with the body, in a sentence for the CI log. `seen` holds the fields that could be read."""

    def __init__(self, message, seen=None):
        super().__init__(message)
        self.seen = seen or {}


class ContentError(ValueError):
    """Something that Python's JSON reader lets pass and JSON does not allow."""


@dataclass(frozen=True)
class Upload:
    """A well-formed upload. `points` has at most three decimals, cut off, never rounded up."""

    channel: str
    course_id: int
    login: str
    points: Decimal
    stated_total: str
    ext: str


def read(body):
    """The upload in `body` (bytes). Raises PayloadError for anything that the contract does not allow."""
    document = document_in(body)
    try:
        return _upload(document)
    except PayloadError as error:
        raise PayloadError(str(error), seen=_seen(document)) from None


def document_in(body):
    """The JSON object in `body` (bytes), no key twice. Raises PayloadError."""
    try:
        text = body.decode("utf-8")
        document = json.loads(text, object_pairs_hook=_no_twice, parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise PayloadError("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise PayloadError(f"The body is not valid JSON: {error}"[:200]) from None
    except ContentError as error:
        raise PayloadError(f"The body is not valid JSON: {error}.") from None
    except (ValueError, RecursionError, ArithmeticError):
        raise PayloadError(
            "The body is not valid JSON: a number is too long or brackets are nested too deep."
        ) from None
    if not isinstance(document, dict):
        raise PayloadError("The body must be a JSON object.")
    return document


def _no_twice(pairs):
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ContentError("a key stands twice")
    return document


def _no_constant(name):
    raise ContentError(f"{name} is no number")


def _upload(document):
    return Upload(
        channel=_channel(document.get("channel")),
        course_id=course_id_in(document.get("courseId")),
        login=_login(document.get("name")),
        points=_points(document.get("score")),
        stated_total=_stated_total(document.get("totalScore", 0)),
        ext=_ext(document.get("ext", "")),
    )


def _channel(value):
    if value not in CHANNELS:
        raise PayloadError("channel must be github, gitee or cnb.")
    return value


def course_id_in(value, *, field="courseId"):
    """The upload id that a body names; clients send it as a number or as the same number in quotes."""
    number = (
        int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 40 else value
    )
    if type(number) is not int or number < 0:
        raise PayloadError(f"{field} must be a whole number.")
    return number


def _login(value):
    if not isinstance(value, str) or not LOGIN.fullmatch(value.strip()):
        raise PayloadError("name must be the login of the CI actor: 1 to 95 letters, digits and - . _")
    return value.strip()


def _number(value, field):
    if isinstance(value, str):
        raise PayloadError(f"{field} must be a number, not in quotes.")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PayloadError(f"{field} must be a number.")
    return Decimal(value)


def _points(value):
    points = _number(value, "score")
    if points < 0:
        raise PayloadError("score must not be negative.")
    if points >= MOST_POINTS:
        raise PayloadError("score is error")
    return points.quantize(PLACES, rounding="ROUND_DOWN")


def _stated_total(value):
    return str(_number(value, "totalScore"))[:40]


def _ext(value):
    if not isinstance(value, str):
        raise PayloadError("ext must be a string.")
    return storable(value)


def storable(text):
    """The text without what a database cannot hold: NUL and lone surrogates."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _seen(document):
    """Fields that could be read, so that a refused upload can be shown to the person it names."""
    seen = {}
    for key, field, reader in (
        ("channel", "channel", _channel),
        ("login", "name", _login),
        ("course_id", "courseId", course_id_in),
    ):
        try:
            seen[key] = reader(document.get(field))
        except PayloadError:
            continue
    return seen
