from django.core.exceptions import PermissionDenied
from django.http import Http404


class NotHere(Http404):
    """A 404 with a sentence for the reader, and the address (`back`) where to go on."""

    def __init__(self, sentence, *, back="/"):
        super().__init__(sentence)
        self.sentence, self.back = sentence, back


class NotForYou(PermissionDenied):
    """A 403 with a sentence for the reader, and the ways on from there: (title, address)."""

    def __init__(self, sentence, *, ways):
        super().__init__(sentence)
        self.ways = ways
