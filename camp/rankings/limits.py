"""How many uploads a minute are answered: per login, and refused ones per network address.

Counts live in the cache. GitHub's runners share addresses, so the limits stop floods, not classes.
"""

import ipaddress

from django.conf import settings
from django.core.cache import cache

from camp.rankings.models import Attempt
from camp.rankings.services import UploadError

MINUTE = 60  # Seconds.


def check_login(upload):
    key = f"uploads:{upload.channel}:{upload.login.lower().encode().hex()}"
    if _count(key) > settings.UPLOADS_PER_LOGIN_A_MINUTE:
        raise _too_many()


def check_actor(actor_id):
    """The same limit for the runs of one account, by the numeric id that the run proved."""
    if _count(f"uploads:actor:{actor_id}") > settings.UPLOADS_PER_LOGIN_A_MINUTE:
        raise _too_many()


def check_refused(address):
    """Refuse to listen to an address whose uploads were refused too often in the last minute."""
    if cache.get(f"refused:{address}", 0) >= settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE:
        raise _too_many()


def note_refused(address):
    _count(f"refused:{address}")


def _count(key):
    cache.add(key, 0, timeout=MINUTE)
    try:
        return cache.incr(key)
    except ValueError:  # It expired in between.
        return 1


def _too_many():
    return UploadError(Attempt.Reason.TOO_MANY, 429, "Too many uploads in a minute. Wait a minute and send it again.")


def address_of(request):
    """The client's network address: as our own proxies tell it, else of the connection. None when it is none."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    text = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
