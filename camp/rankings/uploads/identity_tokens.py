"""Reading the identity token of a CI run: steps 1 to 4 of contracts/proven-scores.md, in that order. No database.

What needs the database (the grader with its default branch, the student) is decided by the caller. `sub` is never read.
"""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import jwt
from django.conf import settings

from camp.rankings.uploads import jwks

MOST_CHARACTERS = 8 * 1024  # Of a token; it is ASCII, so these are bytes.
LEEWAY = 30  # Seconds between the issuer's clock and ours.
COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")
COMMIT = re.compile(r"[0-9a-f]{40}")
DECIMAL = re.compile(r"[0-9]{1,19}")
FORBIDDEN_HEADERS = ("jku", "x5u", "jwk", "crit")
SIGNATURES = jwt.PyJWS()
EVENTS = ("push", "workflow_dispatch")
END_OF_TIME = 253402300800  # The year 10000, which no datetime holds, in seconds since 1970.
END_OF_IDS = 2**63
END_OF_RUN_ATTEMPTS = 2**31
MOST_TEXT = {"jti": 200, "actor": 100}  # Characters, as many as the database holds; others may be as long as …
MOST_OTHER_TEXT = 500


class TokenError(Exception):
    """Why a token is refused. `code` is what the client sees, one per class; the text is the exact reason, for the log.

    `status` is 401, or 503 when it cannot be told now; then `retry_after` (seconds) says when to ask again.
    """

    def __init__(self, code, reason, *, status=401, retry_after=None):
        super().__init__(reason)
        self.code = code
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Claims:
    """What the issuer vouches for. Ids are canonical decimal texts below 2^63; names are for display only."""

    issuer: str
    audience: str
    jti: str
    actor: str
    actor_id: str
    repository: str
    repository_id: str
    repository_owner_id: str
    ref: str
    event_name: str
    runner_environment: str
    job_workflow_ref: str
    job_workflow_sha: str
    run_id: str
    run_attempt: int
    sha: str
    issued_at: datetime
    expires_at: datetime
    raw: dict


def verify(text, *, at, audience=None):
    """The claims of a token that is valid `at` this moment. Raises TokenError, and nothing else.

    It must be made out for the site as a whole, or for exactly the `audience` given: a token for one purpose serves no
    other. May fetch the issuer's keys, which takes seconds at worst: call it outside of a transaction.
    """
    kid, claims = _read(text)
    _check_signature(text, _key(kid, claims, at))
    _check_issuer(claims, audience or settings.CI_AUDIENCE)
    _check_times(claims, at)
    _check_run(claims)
    return _claims(claims)


# Step 1: the form.


def _read(text):
    """The `kid` and the claims, both still unverified, of a token whose form and header are allowed."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise TokenError("token_malformed", "the token is larger than 8 KiB or no text")
    match = COMPACT.fullmatch(text)
    if not match:
        raise TokenError("token_malformed", "the token is not three parts in base64url")
    header, claims = _json_object(match[1]), _json_object(match[2])
    _check_header(header)
    return header["kid"], claims


def _json_object(part):
    """The JSON object in a part of a token, when a database can hold it: no NUL, lone surrogate or infinite number."""
    try:
        document = json.loads(_decoded(part), object_pairs_hook=_no_twice)
        plain = json.dumps(document, ensure_ascii=False, allow_nan=False)
        plain.encode()
    except (ValueError, RecursionError) as error:
        raise TokenError("token_malformed", f"a part of the token is no JSON: {type(error).__name__}") from None
    if not isinstance(document, dict) or "\\u0000" in plain:
        raise TokenError("token_malformed", "a part of the token is no object, or holds a NUL")
    return document


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8")


def _no_twice(pairs):
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key stands twice")
    return document


def _check_header(header):
    if header.get("alg") != "RS256":
        raise TokenError("token_malformed", f"alg is {_shown(header.get('alg'))}")
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise TokenError("token_malformed", f"kid is {_shown(header.get('kid'))}")
    for name in FORBIDDEN_HEADERS:
        if name in header:
            raise TokenError("token_malformed", f"the header has {name}")


# Step 2: the signature.


def _key(kid, claims, at):
    """The issuer's key. `iat` is not verified here: it only tells whether the key may be newer than those held."""
    issued_at = _moment(claims["iat"]) if _is_time(claims.get("iat")) else None
    try:
        key = jwks.key_for(kid, at=at, issued_at=issued_at)
    except jwks.KeysUnavailableError as error:
        raise TokenError("keys_unavailable", str(error), status=503, retry_after=error.retry_after) from None
    if key is None:
        raise TokenError("token_signature", f"the issuer has no key {_shown(kid)}")
    return key


def _check_signature(text, key):
    try:
        SIGNATURES.decode_complete(text, key, algorithms=["RS256"])
    except jwt.PyJWTError as error:
        raise TokenError("token_signature", f"{type(error).__name__}: {error}") from None


# Step 3: for us, from the issuer, now.


def _check_issuer(claims, audience):
    if claims.get("iss") != settings.CI_ISSUER:
        raise TokenError("token_issuer", f"iss is {_shown(claims.get('iss'))}")
    if claims.get("aud") != audience:
        raise TokenError("token_audience", f"aud is {_shown(claims.get('aud'))}")


def _check_times(claims, at):
    now = at.timestamp()
    if _seconds(claims, "exp") + LEEWAY <= now:
        raise TokenError("token_expired", f"it expired at {_moment(claims['exp'])}")
    for name in ("nbf", "iat"):
        if _seconds(claims, name) - LEEWAY > now:
            raise TokenError("token_expired", f"it is not yet valid: {name} is {_moment(claims[name])}")


def _seconds(claims, name):
    value = claims.get(name)
    if not _is_time(value):
        raise TokenError("token_claims", f"{name} is {_shown(value)}")
    return value


def _is_time(value):
    return type(value) is int and 0 <= value < END_OF_TIME


def _moment(seconds):
    return datetime.fromtimestamp(seconds, UTC)


# Step 4: the kind of run.


def _check_run(claims):
    if _text(claims, "event_name") not in EVENTS:
        raise TokenError("token_event", f"event_name is {_shown(claims['event_name'])}")
    if _text(claims, "runner_environment") != "github-hosted":
        raise TokenError("token_runner", f"runner_environment is {_shown(claims['runner_environment'])}")


# The claims.


def _claims(claims):
    return Claims(
        issuer=claims["iss"],
        audience=claims["aud"],
        issued_at=_moment(claims["iat"]),
        expires_at=_moment(claims["exp"]),
        run_attempt=_number(claims, "run_attempt", below=END_OF_RUN_ATTEMPTS),
        raw=claims,
        **{
            name: _text(claims, name)
            for name in ("jti", "actor", "repository", "ref", "event_name", "runner_environment", "job_workflow_ref")
        },
        **{
            name: str(_number(claims, name, below=END_OF_IDS))
            for name in ("actor_id", "repository_id", "repository_owner_id", "run_id")
        },
        **{name: _commit(claims, name) for name in ("sha", "job_workflow_sha")},
    )


def _text(claims, name):
    value = claims.get(name)
    most = MOST_TEXT.get(name, MOST_OTHER_TEXT)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise TokenError("token_claims", f"{name} is {_shown(value)}")
    return value


def _number(claims, name, *, below):
    """A claim that is a whole number, as GitHub sends it: in quotes, in ASCII digits."""
    value = claims.get(name)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        value = int(value)
    if type(value) is not int or not 0 <= value < below:
        raise TokenError("token_claims", f"{name} is {_shown(value)}")
    return value


def _commit(claims, name):
    value = claims.get(name)
    if not isinstance(value, str) or not COMMIT.fullmatch(value):
        raise TokenError("token_claims", f"{name} is {_shown(value)}")
    return value


def _shown(value):
    """A value for the log: in one line, shortened."""
    return repr(value)[:100]
