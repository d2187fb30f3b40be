from django.db import transaction
from django.dispatch import receiver

from camp.accounts.events import login_given, login_linked, login_reassigned, login_unlinked
from camp.enrollment.events import enrollment_activated, enrollment_ended
from camp.rankings import standings


@receiver(login_linked)
@receiver(login_unlinked)
@transaction.atomic
def follow_login(sender, identity, **kwargs):
    """Uploads of a login count for its user from the moment it is linked, the older ones too."""
    standings.derive_all_of(identity.user)


@receiver(login_reassigned)
@receiver(login_given)
@transaction.atomic
def follow_new_owner(sender, identity, before, **kwargs):
    standings.derive_all_of(before, identity.user)


@receiver(enrollment_activated)
@receiver(enrollment_ended)
@transaction.atomic
def follow_enrollment(sender, enrollment, at, **kwargs):
    """Only active students stand on a board."""
    standings.derive_all_of(enrollment.student, at=at)
