"""The six-digit code of a check-in: another one for each meeting and every 30 seconds. No database.

It is a one-time password after RFC 6238 (HMAC and dynamic truncation of RFC 4226), keyed by the site's secret and the
meeting. A code is taken in its own window and in the one after it: people read, type and are late.
"""

import hashlib
import hmac
import struct
import unicodedata

from django.conf import settings

PERIOD = 30  # Seconds of one window.
DIGITS = 6
LATE_WINDOWS = 1


def code_at(meeting_id, moment):
    """The code that the teacher's screen shows at the moment, as text of six digits."""
    return _code(meeting_id, _window(moment))


def seconds_left(moment):
    """For how many whole seconds, at least one, the code of the moment is still shown."""
    return PERIOD - int(moment.timestamp()) % PERIOD


def is_code_of(meeting_id, typed, *, at):
    """Whether `typed` is the code shown at the moment or the one before it."""
    digits = tidy(typed)
    windows = range(_window(at) - LATE_WINDOWS, _window(at) + 1)
    return any(hmac.compare_digest(digits.encode(), _code(meeting_id, window).encode()) for window in windows)


def tidy(typed):
    """What was typed without spaces and hyphens, with full-width digits as plain ones."""
    return "".join(char for char in unicodedata.normalize("NFKC", typed) if not char.isspace() and char != "-")


def _window(moment):
    return int(moment.timestamp()) // PERIOD


def _code(meeting_id, window):
    key = f"check-in:{meeting_id}:{settings.SECRET_KEY}".encode()
    digest = hmac.digest(hashlib.sha256(key).digest(), struct.pack(">Q", window), "sha256")
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
