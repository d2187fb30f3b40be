"""What happens elsewhere and shows on boards: a new name.

The boards hear of it after the commit, in a transaction of its own: whoever changes a name may hold other locks, and
a board locked here in between would close a ring.
"""

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver

from camp.accounts.events import profile_changed
from camp.rankings import boards
from camp.stages.models import Course


@receiver(profile_changed)
def show_name(sender, user, **kwargs):
    _after_commit(stands_there(enrollment__student=user.pk))


def stands_there(**whose):
    """The courses on whose boards, live or frozen, somebody stands."""
    live = Q(**{f"standings__{name}": value for name, value in whose.items()})
    return live | Q(**{f"frozenstandings__{name}": value for name, value in whose.items()})


def _after_commit(condition):
    transaction.on_commit(partial(_bump, condition), robust=True)


@transaction.atomic
def _bump(condition):
    courses = Course.objects.filter(condition)
    boards.bump_all(list(courses.values_list("pk", flat=True).distinct().order_by("pk")))
