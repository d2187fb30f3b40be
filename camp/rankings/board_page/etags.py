"""Entity tags of what is made from a board: cheap to compare, made from its version and never from its rows."""

from hashlib import sha256

from django.http import HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags


def etag_for(edition, *parts):
    """The tag of an answer made from this state of a board.

    `parts`: whatever else the answer depends on, such as the reader, the language, the zone. Weak: the same answer may
    differ in bytes, by a fresh token in a form.
    """
    state = (edition.tag, edition.has_freeze, edition.board.freezes_at, edition.board.calls_back, *parts)
    return f'W/"{sha256(repr(state).encode()).hexdigest()[:32]}"'


def is_asked(request):
    """Whether the reader holds an answer, and so a tag to compare with."""
    return "If-None-Match" in request.headers


def not_modified(request, etag):
    """304 where the reader holds the answer with this tag already; None where it must be made."""
    held = [_strong(tag) for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    if held == ["*"] or _strong(etag) in held:
        return tagged(HttpResponseNotModified(), etag)
    return None


def _strong(tag):
    return tag.removeprefix("W/")


def tagged(response, etag):
    """Let the reader's browser alone keep the answer, and ask each time whether it still holds."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
