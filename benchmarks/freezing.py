"""What a freeze costs: copying the board ahead, for how long an upload may wait for it, and lifting it again."""

import time

from django.db import transaction
from django.utils import timezone

from camp.rankings import boards, frozen_copy
from camp.rankings.models import FrozenStanding


def measured(course, people):
    """[(what, milliseconds)]. Uploads wait for as long as the board's row is held: for a part at a time."""
    parts, key = [], None
    while key or not parts:
        begun = time.perf_counter()
        with transaction.atomic():
            key = frozen_copy.part(boards.lock(course, at=timezone.now()), after=key)
        parts.append(_since(begun))
    boards.freeze(course, by=None)
    assert FrozenStanding.objects.filter(course=course).count() == people
    begun = time.perf_counter()
    boards.lift(course, by=None)
    return [
        ("copying a board ahead of its freeze, all parts", sum(parts)),
        ("the longest part, for which uploads wait", max(parts)),
        ("lifting the freeze", _since(begun)),
    ]


def _since(begun):
    return (time.perf_counter() - begun) * 1000
