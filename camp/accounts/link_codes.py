"""Codes that link a login by a CI run, for whoever cannot sign in at the code host from where they are.

A user is given a code here and types it into a run there. The run proves which login started it, the code says to which
account here it belongs. Who brings a proven run together with a code is for the caller to check.
"""

import secrets
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts import events
from camp.accounts.models import Identity, LinkCode, User
from camp.accounts.services import AccountError, link_proven_login

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # Without 0 and O, 1, I and L, and U, which is taken for V.
LENGTH = 10
LIFETIME = timedelta(minutes=30)
MOST_ISSUED = 10  # An hour, to one account.
MOST_WRONG = 10  # An hour, from one login; there are 30^10 codes.
HOUR = timedelta(hours=1)

TOO_MANY_ISSUED = _("You have asked for as many codes as there are in an hour. Wait a while, then ask again.")
TOO_MANY_WRONG = _("Too many wrong codes came from this account. Wait an hour, then use the code from your own page.")
UNKNOWN = _("There is no such code. Copy the one that your page of linked logins shows now.")
USED = _("This code is used already. Get a new one on your page of linked logins.")
EXPIRED = _("This code has expired. Get a new one on your page of linked logins and use it within 30 minutes.")


class LinkCodeError(AccountError):
    """A refused code. `code` is the class of the mistake in a word for a program."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


@transaction.atomic
def issue(user, *, at=None):
    """Give the user a new code, in place of the one that was open."""
    at = at or timezone.now()
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.link_codes.issued_since(at - HOUR).count() >= MOST_ISSUED:
        raise AccountError(TOO_MANY_ISSUED)
    user.link_codes.open().update(replaced_at=at)
    return LinkCode.objects.create(user=user, code=_random(), issued_at=at, expires_at=at + LIFETIME)


def _random():
    return "".join(secrets.choice(ALPHABET) for _position in range(LENGTH))


def normalized(text):
    """A code as it is kept: typed by hand, it may come in small letters, with spaces and in two halves."""
    return "".join(text.split()).replace("-", "").upper()


def use(text, *, channel, login, uid, at=None):
    """Link the login that a run has proven to the account whose code it carries. Returns the linked login.

    The run that used a code may say so again, as its client does when it got no answer: nothing changes. Wrong codes
    are counted for each login, outside of the transaction that a refusal undoes.
    """
    guesses = f"link-codes:{channel}:{uid}"
    if cache.get(guesses, 0) >= MOST_WRONG:
        raise LinkCodeError("too_many_codes", TOO_MANY_WRONG)
    try:
        return _use(normalized(text), channel=channel, login=login, uid=uid, at=at or timezone.now())
    except LinkCodeError:
        _count(guesses)
        raise


def _count(key):
    cache.add(key, 0, timeout=HOUR.total_seconds())
    try:
        cache.incr(key)
    except ValueError:  # It expired in between.
        cache.add(key, 1, timeout=HOUR.total_seconds())


@transaction.atomic
def _use(code, *, channel, login, uid, at):
    row = _locked(code)
    if row.used_at:
        return _said_again(row, channel=channel, uid=uid)
    if row.replaced_at:
        raise LinkCodeError("code_unknown", UNKNOWN)
    if row.expires_at <= at:
        raise LinkCodeError("code_expired", EXPIRED)
    proof = Identity.Proof.CI
    row.identity = link_proven_login(row.user, channel=channel, login=login, uid=uid, proof=proof, at=at)
    row.used_at = at
    row.save()
    events.login_linked_by_run.send(Identity, identity=row.identity)
    return row.identity


def _locked(code):
    """The code's row, after that of its user: the order in which codes are issued."""
    row = LinkCode.objects.filter(code=code, user__is_active=True).first()
    if row is None:
        raise LinkCodeError("code_unknown", UNKNOWN)
    user = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
    return user.link_codes.select_for_update(of=("self",)).select_related("user", "identity").get(pk=row.pk)


def _said_again(row, *, channel, uid):
    identity = row.identity
    still_is = identity and identity.is_linked and identity.user_id == row.user_id
    if still_is and (identity.channel, identity.uid) == (channel, uid):
        return identity
    raise LinkCodeError("code_used", USED)
