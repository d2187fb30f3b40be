"""What happens elsewhere and shows on boards: a new name.

The boards hear of it after the commit, in a transaction of its own: whoever changes a name may hold other locks, and
a board locked here in between would close a ring.
"""

from functools import partial

from django.db import transaction
from django.dispatch import receiver

from camp.accounts.events import profile_changed
from camp.rankings import boards


@receiver(profile_changed)
def show_name(sender, user, **kwargs):
    transaction.on_commit(partial(_bump, user), robust=True)


@transaction.atomic
def _bump(user):
    boards.bump_all(enrollment__student=user.pk)
