"""The page of a board as a frame: what its templates are shown of the request and of who reads it."""

from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from camp.camps.staff import TEACHING, scope_of
from camp.notices.context_processors import unread_of
from camp.rankings.board_page.frames import Hole, framed


@dataclass(frozen=True)
class Viewer:
    """Somebody of whom the frame knows what it shows to many."""

    is_authenticated: bool
    is_staff: bool
    teaches: bool

    def __str__(self):
        return Hole("user_name")

    def may(self, roles):
        return self.teaches if roles == TEACHING else False


def is_common(asked, number):
    """Whether many ask for this page: others are not worth a frame each, and could be as many as somebody likes."""
    usual = {"tab": "rank", "page": str(number), "board": "frozen"}
    return all(len(values) == 1 and usual.get(name) == values[0] for name, values in asked.lists())


def answer(request, template, shared, own):
    """What `render` makes of all of it, whole or a part of a page. For a page that has no message to say."""
    viewer = _viewer_of(request)
    shared = shared | {
        "user": viewer, "asked": dict(request.GET.lists()), "view_name": request.resolver_match.view_name,
        "source": settings.SOURCE_URL,
    }  # fmt: skip
    return HttpResponse(framed(template, shared, own | _own_of(request), request=_seen(request, viewer)))


def _viewer_of(request):
    scope = scope_of(request)
    return Viewer(request.user.is_authenticated, scope.is_staff, scope.may(TEACHING))


def _own_of(request):
    signed_in = request.user.is_authenticated
    return {
        "user_name": str(request.user) if signed_in else "",
        "unread_notices": unread_of(request) if signed_in else 0,
        "csrf_token": get_token(request),
        "full_path": request.get_full_path(),
    }


def _seen(request, viewer):
    """A request of nobody: for what templates ask of one, and with nothing else in it."""
    seen = HttpRequest()
    seen.GET, seen.user, seen.staff_scope = request.GET, viewer, viewer
    seen.resolver_match = SimpleNamespace(view_name=request.resolver_match.view_name)
    seen.get_full_path = lambda: Hole("full_path")
    return seen
