from django.db import transaction
from django.dispatch import receiver

from camp.accounts.events import login_given, login_linked, login_reassigned, login_unlinked
from camp.enrollment.events import enrollment_activated, enrollment_ended
from camp.notices.events import round_begun
from camp.rankings import boards, standings
from camp.stages.models import Course


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


@receiver(round_begun)
def copy_boards_ahead(sender, at, **kwargs):
    """Goes on where copying a board for its freeze was interrupted."""
    for course in Course.objects.filter(board__freezes_at__isnull=False, board__is_copied=False):
        boards.copy_ahead(course, at=at)
