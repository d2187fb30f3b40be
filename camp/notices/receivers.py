from django.dispatch import receiver
from django.urls import reverse

from camp.accounts.events import login_linked_by_run, login_reassigned, login_retired
from camp.notices import services


@receiver(login_reassigned)
def tell_who_had_typed_it(sender, identity, before, **kwargs):
    """Without naming the proven owner."""
    _tell("login_reassigned", before, identity)


@receiver(login_retired)
def tell_who_had_proven_it(sender, identity, **kwargs):
    _tell("login_retired", identity.user, identity)


@receiver(login_linked_by_run)
def tell_whose_code_was_used(sender, identity, **kwargs):
    """Whoever lost a code to somebody else learns here what it was used for."""
    _tell("login_linked_by_run", identity.user, identity)


def _tell(kind, user, identity):
    services.queue(f"accounts/{kind}", to=user, url=reverse("accounts:identities"), identity=identity)
