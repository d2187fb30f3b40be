"""The public keys of the issuer of CI identity tokens: fetched from one constant address, checked, and kept.

Each process keeps the keys in its memory, as a cache may drop entries, and shares them through Django's cache, so that
another process need not fetch what one has. The issuer is asked at most once a minute, whatever arrives; an answer
that is not wholly good never replaces the last good keys, and these serve for a day. An answer may have lain in a cache
on its way: its headers say for how long (RFC 9111), and what it does not know may be newer than it.
"""

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import jwt
import requests
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm
from urllib3.exceptions import HTTPError

FRESH = timedelta(hours=1)  # Afterwards the issuer is asked again, so that a key it withdrew goes here too.
LIFE = timedelta(hours=24)
PAUSE = timedelta(minutes=1)  # Between two questions to the issuer.
SKEW = timedelta(seconds=30)  # Between the issuer's clock and ours.
TIMEOUT = 3  # Seconds for the connection, and for each piece of the answer.
DEADLINE = 5  # Seconds for the whole answer.
MOST_BYTES = 1024 * 1024
LEAST_BITS, MOST_BITS = 2048, 8192
SHARED = "ci-keys-of-age"

log = logging.getLogger(__name__)


class KeysUnavailableError(Exception):
    """Whether the token is good cannot be told now. `retry_after` (seconds) says when to ask again."""

    def __init__(self, reason, retry_after):
        super().__init__(reason)
        self.retry_after = retry_after


class AnswerError(Exception):
    """Why an answer of the issuer is not taken."""


@dataclass(frozen=True)
class Held:
    """The last good keys, as kid → (n, e), when they were fetched, and when the issuer was last asked.

    `age`: how old they were when they came.
    """

    keys: dict = field(default_factory=dict)
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    age: timedelta = timedelta(0)

    def serve(self, at):
        return self.fetched_at is not None and at - self.fetched_at <= LIFE

    def are_fresh(self, at):
        return self.fetched_at is not None and at - self.fetched_at <= FRESH

    def may_lack_key_of(self, issued_at, *, asked_now):
        """Whether a token of this moment may be signed by a key that is newer than these.

        No clock matters to an answer that has just come from the issuer itself.
        """
        if asked_now and not self.age:
            return False
        return issued_at is not None and issued_at > self.fetched_at - self.age - SKEW

    def may_ask(self, at):
        """Receipt times of parallel requests do not come in order, hence the distance in either direction."""
        return self.tried_at is None or abs(at - self.tried_at) >= PAUSE

    def seconds_to_wait(self, at):
        rest = PAUSE - abs(at - self.tried_at) if self.tried_at else timedelta(0)
        return max(1, -(-rest // timedelta(seconds=1)))


_lock = threading.Lock()
_held = Held()


def key_for(kid, *, at, issued_at=None):
    """The public key named `kid`, or None when the issuer has no such key. Raises KeysUnavailableError.

    `issued_at` is when the token says that it was issued. A token that is younger than the keys held may be signed by
    a new key: while the issuer cannot be asked, it is told to come again, and not that its key is unknown.
    """
    held, asked_now = _held, False
    if kid not in held.keys or not held.are_fresh(at):
        held, asked_now = _renewed(kid, at)
    if not held.serve(at):
        raise KeysUnavailableError("no keys are held and the issuer cannot be asked", held.seconds_to_wait(at))
    if kid in held.keys:
        return _public_key(*held.keys[kid])
    if held.may_lack_key_of(issued_at, asked_now=asked_now):
        raise KeysUnavailableError("the key may be newer than the keys held", held.seconds_to_wait(at))
    return None


def forget():
    """Hold no keys, as after a start."""
    global _held
    _held = Held()
    cache.delete(SHARED)


def _renewed(kid, at):
    """The keys after asking the issuer, if it may be asked, and whether it has just answered.

    Whoever has a key that serves does not wait while somebody else asks.
    """
    global _held
    if not _lock.acquire(blocking=kid not in _held.keys or not _held.serve(at)):
        return _held, False
    try:
        _held = _shared_or(_held)
        if not _held.may_ask(at) or (kid in _held.keys and _held.are_fresh(at)):
            return _held, False
        _hold(replace(_held, tried_at=at))
        keys, age = _fetched()
        return _hold(Held(keys, fetched_at=at, tried_at=at, age=age)), True
    except AnswerError as error:
        log.warning("The keys of %s were not taken: %s", settings.CI_JWKS_URL, error)
        return _held, False
    finally:
        _lock.release()


def _hold(held):
    global _held
    _held = held
    shared = (held.keys, held.fetched_at, held.tried_at, held.age)
    cache.set(SHARED, shared, timeout=int(LIFE.total_seconds()))
    return held


def _shared_or(held):
    """What another process has put into the cache, when it has asked later than this one."""
    shared = Held(*cache.get(SHARED, ()))
    is_later = shared.tried_at and (held.tried_at is None or shared.tried_at > held.tried_at)
    return shared if is_later else held


def _fetched():
    """(keys, their age)."""
    try:
        body, age = _download(settings.CI_JWKS_URL)
        return keys_in(body), age
    except (requests.RequestException, HTTPError, OSError) as error:
        raise AnswerError(f"the issuer cannot be reached: {error}"[:300]) from None


def _download(url):
    """The bytes at a https address, at most 1 MB of them, without following a redirect; and their age."""
    if not url.startswith("https://"):
        raise AnswerError("the address is not https")
    until = time.monotonic() + DEADLINE
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
    with requests.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
        if response.status_code != 200:
            raise AnswerError(f"the issuer answered with status {response.status_code}")
        body = b""
        while piece := response.raw.read1(64 * 1024, decode_content=False):
            body += piece
            if len(body) > MOST_BYTES:
                raise AnswerError("the answer is larger than 1 MB")
            if time.monotonic() > until:
                raise AnswerError("the answer took too long")
    return body, age_of(response.headers, timezone.now())


def age_of(headers, now):
    """How long ago the issuer gave an answer, by its Age and its Date. Zero where they say nothing.

    A Date that is no older than clocks differ says nothing.
    """
    said, ages = headers.get("Age", "").strip(), [timedelta(0)]
    if said.isascii() and said.isdigit():
        ages.append(timedelta(seconds=int(said[:9])))
    with suppress(ValueError, OverflowError, TypeError):
        elapsed = now - parsedate_to_datetime(headers.get("Date", ""))
        ages.append(elapsed if elapsed > SKEW else timedelta(0))
    return min(max(ages), LIFE)


def keys_in(body):
    """The signing keys of a JWKS document (bytes), as kid → (n, e). One bad key spoils the answer, as does none."""
    try:
        entries = json.loads(body.decode("utf-8"))["keys"]
        signing = [entry for entry in entries if _is_for_signing(entry)]
        keys = {entry["kid"]: (entry["n"], entry["e"]) for entry in signing}
        for kid, (n, e) in keys.items():
            _check(kid, n, e)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, jwt.PyJWTError) as error:
        raise AnswerError(f"the answer is no list of keys: {type(error).__name__} {error}"[:300]) from None
    if not keys or len(keys) != len(signing):
        raise AnswerError("the answer holds no signing key, or two of one name")
    return keys


def _is_for_signing(entry):
    return entry["kty"] == "RSA" and entry.get("use", "sig") == "sig" and entry.get("alg", "RS256") == "RS256"


def _check(kid, n, e):
    if not isinstance(kid, str) or not kid:
        raise AnswerError("a key has no name")
    bits = _public_key(n, e).key_size
    if not LEAST_BITS <= bits <= MOST_BITS:
        raise AnswerError(f"key {kid!r} has {bits} bits"[:300])


@lru_cache(maxsize=64)
def _public_key(n, e):
    return RSAAlgorithm.from_jwk({"kty": "RSA", "n": n, "e": e})
