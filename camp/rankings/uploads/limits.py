"""How many uploads a minute are answered: per login and per token, and refused ones per network address.

Counts live in the cache. GitHub's runners share addresses, so the limits stop floods, not classes.
"""

import ipaddress

from django.conf import settings
from django.core.cache import cache

from camp.rankings.models import Attempt
from camp.rankings.services import UploadError
from camp.rankings.uploads import tokens

MINUTE = 60  # Seconds.
LOOKS_A_MINUTE = 20  # Of one person, at what came under a login that is not theirs.
GUESSES_A_MINUTE = 30  # Of one address, at codes that there are not.


class TooManyError(UploadError):
    """One upload too many in a minute, of the login, account, token or address that `whose` names."""

    def __init__(self, whose):
        message = "Too many uploads in a minute. Wait a minute and send it again."
        super().__init__(Attempt.Reason.TOO_MANY, 429, message)
        self.whose = whose


def check_login(upload):
    _check(f"uploads:{upload.channel}:{upload.login.lower().encode().hex()}")


def check_actor(actor_id):
    """The same limit for the runs of one account, by the numeric id that the run proved."""
    _check(f"uploads:actor:{actor_id}")


def _check(whose):
    if _count(whose) > settings.UPLOADS_PER_LOGIN_A_MINUTE:
        raise TooManyError(whose)


def check_token(text):
    """Every learner of a course can read its token: so there is an end to what it lets one invent and store."""
    parts = tokens.parse(text)
    whose = _of_token(parts[0]) if parts else None
    if whose and cache.get(whose, 0) >= settings.UPLOADS_PER_TOKEN_A_MINUTE:
        raise TooManyError(whose)


def note_accepted(token):
    """Only accepted uploads count: nobody can use up the limit of a token without having it."""
    _count(_of_token(token.public_id))


def _of_token(public_id):
    return f"uploads:token:{public_id}"


def check_refused(address):
    """Refuse to listen to an address whose uploads were refused too often in the last minute."""
    whose = f"refused:{address}"
    if cache.get(whose, 0) >= settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE:
        raise TooManyError(whose)


def note_refused(address):
    _count(f"refused:{address}")


def lets_keep(refusal):
    """Whether a refusal is to be stored. Of a flood only the first in a minute is: enough for a person to find it."""
    if isinstance(refusal, TooManyError):
        return cache.add(f"kept:{refusal.whose}", True, timeout=MINUTE)
    return refusal.is_worth_keeping


def lets_look(user):
    """Whether a person may look once more in this minute."""
    return _count(f"looks:{user.pk}") <= LOOKS_A_MINUTE


def lets_try(user, what, most):
    """Whether a person may try `what` once more in this minute; the try counts."""
    return _count(f"tries:{what}:{user.pk}") <= most


def lets_guess(address):
    """Whether an address may try another code: not after too many in the last minute that there are not."""
    return cache.get(f"guesses:{address}", 0) < GUESSES_A_MINUTE


def note_guess(address):
    _count(f"guesses:{address}")


def _count(key):
    cache.add(key, 0, timeout=MINUTE)
    try:
        return cache.incr(key)
    except ValueError:  # It expired in between.
        return 1


def address_of(request):
    """The client's network address: as our own proxies tell it, else of the connection. None when it is none."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    text = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
