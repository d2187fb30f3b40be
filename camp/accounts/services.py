"""What happens to accounts: logins linked, proven and unlinked."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts import events
from camp.accounts.models import Identity, User

MOST_LOGINS = 6
TAKEN = _(
    "This login is already linked to an account, or was. If it is yours, prove it by signing in there, "
    "or write to the staff of your camp."
)


class AccountError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def link_login(user, *, channel, login, at=None):
    """Link a typed login, unverified. Its older uploads count at once. Linking it again is harmless."""
    user = User.objects.select_for_update().get(pk=user.pk)
    identity = Identity.objects.select_for_update().named(channel, login).order_by("-unlinked_at").first()
    if identity is None:
        return _link_new(user, channel=channel, login=login, at=at or timezone.now())
    if identity.user_id != user.pk:
        raise AccountError(TAKEN)
    if not identity.is_linked:
        _relink(identity)
    return identity


def _link_new(user, *, channel, login, at, **proof):
    if user.identities.linked().count() >= MOST_LOGINS:
        raise AccountError(_("You have linked as many logins as an account can hold. Unlink one first."))
    identity = Identity(user=user, channel=channel, login=login, login_key=login.lower(), linked_at=at, **proof)
    try:
        with transaction.atomic():
            identity.save()
    except IntegrityError:
        raise AccountError(TAKEN) from None
    events.login_linked.send(Identity, identity=identity)
    return identity


def _relink(identity):
    identity.unlinked_at = None
    identity.save()
    events.login_linked.send(Identity, identity=identity)


@transaction.atomic
def link_proven_login(user, *, channel, login, uid, at=None):
    """Link a login that its owner proved by signing in there.

    The numeric id beats the name: a renamed login keeps its account, and a name that somebody else only typed goes
    to the proven owner together with its uploads. An id proven by another account is refused.
    """
    at = at or timezone.now()
    user = User.objects.select_for_update().get(pk=user.pk)
    known = Identity.objects.select_for_update().filter(channel=channel, uid=uid).first()
    if known and known.user_id != user.pk:
        raise AccountError(_("That account over there already belongs to another account here."))
    if known and known.login_key != login.lower():
        _retire(known, at=at)
    return _claim_name(user, channel=channel, login=login, uid=uid, at=at)


def _claim_name(user, *, channel, login, uid, at):
    """Give the name to the user who proved `uid`: take over what was only typed, leave what another id proved."""
    holder = Identity.objects.select_for_update().named(channel, login).order_by("-unlinked_at").first()
    holder = Identity.objects.linked().named(channel, login).first() or holder
    if holder and holder.uid in ("", uid) and (holder.user_id == user.pk or not holder.is_verified):
        return _prove(holder, user, uid=uid, at=at)
    if holder and holder.is_linked:
        _retire(holder, at=at)
    proof = {"uid": uid, "proof": Identity.Proof.OAUTH, "verified_at": at}
    return _link_new(user, channel=channel, login=login, at=at, owned_from=holder and holder.unlinked_at, **proof)


def _prove(identity, user, *, uid, at):
    before, was_linked = identity.user, identity.is_linked
    identity.user, identity.uid, identity.unlinked_at = user, uid, None
    identity.mark_verified(Identity.Proof.OAUTH, by=None, at=at)
    identity.save()
    if before.pk != user.pk:
        events.login_reassigned.send(Identity, identity=identity, before=before)
    elif not was_linked:
        events.login_linked.send(Identity, identity=identity)
    return identity


def _retire(identity, *, at):
    """The name no longer belongs to that numeric id over there: the row keeps what was scored until now."""
    identity.uid, identity.unlinked_at = "", identity.unlinked_at or at
    identity.save()
    events.login_unlinked.send(Identity, identity=identity)


@transaction.atomic
def unlink_login(identity, *, at=None):
    """Unlink a login. One that has scored stays reserved for its account; one that never did becomes free."""
    identity = Identity.objects.select_for_update().get(pk=identity.pk)
    if not identity.is_linked:
        raise AccountError(_("This login is not linked any more."))
    identity.unlinked_at = at or timezone.now()
    identity.save()
    events.login_unlinked.send(Identity, identity=identity)
    if identity.first_scored_at is None:
        identity.delete()
    return identity


@transaction.atomic
def verify_login(identity, *, by, at=None):
    """Staff vouch for a typed login."""
    identity = Identity.objects.select_for_update().get(pk=identity.pk)
    if not identity.is_linked:
        raise AccountError(_("This login is not linked any more."))
    if identity.is_verified:
        raise AccountError(_("This login is already verified."))
    identity.mark_verified(Identity.Proof.STAFF, by=by, at=at or timezone.now())
    identity.save()
    return identity


def mark_scored(identities, *, at):
    """Remember the first score of each login, from which on it is reserved for its account."""
    identities.filter(first_scored_at=None).update(first_scored_at=at)
