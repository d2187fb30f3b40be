"""Secrets of a camp are shown one request at a time, and each time is recorded."""

from datetime import timedelta

from django.utils import timezone

from camp.camps.models import Reveal

FRESH = timedelta(hours=1)


def reveal(camp, *, to, secret, at=None):
    """Record that an entitled person is shown a secret. `secret` names it ("group chat"), it never holds it."""
    return Reveal.objects.create(camp=camp, user=to, secret=secret, revealed_at=at or timezone.now())


def was_just_revealed(camp, *, to, secret, at=None):
    """Whether the person asked for this secret lately, so that its picture may be loaded for the page."""
    since = (at or timezone.now()) - FRESH
    return Reveal.objects.filter(camp=camp, user=to, secret=secret, revealed_at__gte=since).exists()
