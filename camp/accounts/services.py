"""What happens to accounts: logins linked, proven and unlinked."""

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts import events
from camp.accounts.models import DISOWNED_AT, Identity, User

MOST_LOGINS = 6
TAKEN = _(
    "This login is already linked to an account, or was. If it is yours, write to the staff of your camp, "
    "or prove it, as this page offers."
)
RETIRED = _("This login was yours before it was renamed. Prove that it is yours again.")
TOO_MANY = _("You have linked as many logins as an account can hold. Unlink one first.")
GONE = _("This login is not linked any more.")


class AccountError(Exception):
    """A refusal in a sentence for the reader."""


@transaction.atomic
def link_login(user, *, channel, login, at=None):
    """Link a typed login, unverified. Its older uploads count at once. Linking it again is harmless."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    identity = _holder(channel, login)
    if identity is None:
        return _link_new(user, channel=channel, login=login, at=at or timezone.now())
    if identity.user_id != user.pk:
        raise AccountError(TAKEN)
    if not identity.is_linked:
        _relink(identity)
    return identity


def _holder(channel, login):
    """Who has the name, or had it last; locked."""
    return Identity.objects.select_for_update().ever_owned().named(channel, login).newest_first().first()


def _link_new(user, *, channel, login, at, **proof):
    _check_room(user)
    identity = Identity(user=user, channel=channel, login=login, login_key=login.lower(), linked_at=at, **proof)
    _save(identity)
    events.login_linked.send(Identity, identity=identity)
    return identity


def _relink(identity):
    if identity.is_retired:
        raise AccountError(RETIRED)
    _check_room(identity.user)
    identity.unlinked_at = None
    _save(identity)
    events.login_linked.send(Identity, identity=identity)


def _check_room(user):
    if user.identities.linked().count() >= MOST_LOGINS:
        raise AccountError(TOO_MANY)


def _save(identity):
    """Where two accounts take one login at the same moment, the database lets one of them have it."""
    try:
        with transaction.atomic():
            identity.save()
    except IntegrityError:
        raise AccountError(TAKEN) from None


@transaction.atomic
def link_proven_login(user, *, channel, login, uid, proof=Identity.Proof.OAUTH, at=None):
    """Link a login that its owner proved, by signing in there or by a CI run.

    The numeric id beats the name: a renamed login keeps its account, and a name that somebody else only typed goes
    to the proven owner together with its uploads. An id proven by another account is refused.
    """
    at = at or timezone.now()
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    known = Identity.objects.select_for_update().proven(channel, uid).first()
    holder = _holder(channel, login)
    if known and known.user_id != user.pk:
        raise AccountError(_("That account over there already belongs to another account here."))
    if known and known != holder:
        _retire(known, at=at)
    return _claim_name(holder, user, channel=channel, login=login, uid=uid, proof=proof, at=at)


def _claim_name(holder, user, *, channel, login, uid, proof, at):
    """Give the name to the user who proved `uid`: take over what was only typed, leave what another id proved."""
    if holder and holder.uid in ("", uid) and (holder.user_id == user.pk or not holder.is_verified):
        return _prove(holder, user, login=login, uid=uid, proof=proof, at=at)
    if holder and holder.is_linked:
        _retire(holder, at=at)
    proven = {"uid": uid, "proof": proof, "verified_at": at}
    return _link_new(user, channel=channel, login=login, at=at, owned_from=holder and holder.unlinked_at, **proven)


def _prove(identity, user, *, login, uid, proof, at):
    before, was_linked = identity.user, identity.is_linked
    if not was_linked or before != user:
        _check_room(user)
    identity.user, identity.login, identity.uid, identity.unlinked_at = user, login, uid, None
    identity.mark_verified(proof, by=None, at=at)
    _save(identity)
    if before != user:
        events.login_reassigned.send(Identity, identity=identity, before=before)
    elif not was_linked:
        events.login_linked.send(Identity, identity=identity)
    return identity


def _retire(identity, *, at):
    """The name no longer belongs to that numeric id over there: the row keeps what was scored until now."""
    was_linked = identity.is_linked
    identity.uid, identity.proof, identity.unlinked_at = "", Identity.Proof.LOST, identity.unlinked_at or at
    identity.save()
    if was_linked:
        events.login_unlinked.send(Identity, identity=identity)
        events.login_retired.send(Identity, identity=identity)


@transaction.atomic
def refresh_proven_login(user, *, channel, login, uid, at=None):
    """Follow the login of somebody who signs in through it: a new name counts, what they unlinked stays unlinked."""
    linked = Identity.objects.linked().proven(channel, uid).filter(user=user).first()
    if linked and linked.login == login:
        return linked
    if linked is None and Identity.history.filter(channel=channel, uid=uid, user=user).exists():
        return None
    return link_proven_login(user, channel=channel, login=login, uid=uid, at=at)


@transaction.atomic
def unlink_login(identity, *, at=None):
    """Unlink a login. One that has scored stays reserved for its account; one that never did becomes free."""
    identity = Identity.objects.select_for_update().filter(pk=identity.pk).first()
    if identity is None or not identity.is_linked:
        raise AccountError(GONE)
    identity.unlinked_at = at or timezone.now()
    identity.save()
    events.login_unlinked.send(Identity, identity=identity)
    identity.refresh_from_db(fields=["first_scored_at"])  # A listener may have found the first score just now.
    if identity.first_scored_at is None:
        _free(identity)
    return identity


def _free(identity):
    """Forget the login, so that anybody can link it; one that staff gave to its person stays on record."""
    with suppress(ProtectedError):
        identity.delete()


@transaction.atomic
def verify_login(identity, *, by, at=None):
    """Staff vouch for a typed login."""
    identity = Identity.objects.select_for_update().filter(pk=identity.pk).first()
    if identity is None or not identity.is_linked:
        raise AccountError(GONE)
    if identity.is_verified:
        raise AccountError(_("This login is already verified."))
    identity.mark_verified(Identity.Proof.STAFF, by=by, at=at or timezone.now())
    identity.save()
    return identity


@transaction.atomic
def give_login(identity, *, to, at=None):
    """Give a login, with all that it scored, to another account of the same person; it is linked there from now on."""
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[identity.user_id, to.pk]).order_by("pk"))
    identity = Identity.objects.select_for_update(of=("self",)).select_related("user").get(pk=identity.pk)
    if identity.user_id == to.pk:
        raise AccountError(_("This login belongs to this account already."))
    if identity.is_retired or identity.is_disowned:
        raise AccountError(_("This login was renamed, or is somebody else's there by now. It stays where it is."))
    _check_room(to)
    before, identity.user, identity.unlinked_at = identity.user, to, None
    _save(identity)
    events.login_given.send(Identity, identity=identity, before=before)
    return identity


@transaction.atomic
def disown_login(identity):
    """Take a login from an account as if it had never been there: nothing that it scored stays, anybody may link it."""
    identity = Identity.objects.select_for_update().get(pk=identity.pk)
    identity.unlinked_at, identity.first_scored_at = DISOWNED_AT, None
    identity.save()
    events.login_unlinked.send(Identity, identity=identity)
    return identity


def mark_scored(identities, *, at):
    """Remember the first score of each login, from which on it is reserved for its account."""
    identities.filter(first_scored_at=None).update(first_scored_at=at)


def trust_email(user):
    """Take the user's address as verified: whoever has the shell of the server vouches for it."""
    values = {"verified": True, "primary": True}
    return EmailAddress.objects.update_or_create(user=user, email=user.email, defaults=values)[0]
