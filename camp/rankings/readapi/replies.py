"""How the read API answers: JSON, with an entity tag, and every mistake as JSON too."""

from functools import wraps
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from camp.rankings.board_page import etags
from camp.rankings.readapi import shapes

READING = ("GET", "HEAD")


class ApiError(Exception):
    """A refusal: a code for programs, a status, a sentence for people."""

    def __init__(self, code, status, message, **headers):
        super().__init__(message)
        self.code, self.status, self.headers = code, status, headers


def operation(view):
    """A view of the read API: public as far as its own rules go, for reading only, and no mistake answers a page."""

    @csrf_exempt  # Nothing changes here; what is sent with another method gets its 405 as JSON.
    @login_not_required
    @wraps(view)
    def answering(request, **address):
        try:
            if request.method not in READING:
                raise ApiError("method_not_allowed", 405, _("Only GET is answered here."), Allow=", ".join(READING))
            return view(request, **address)
        except ApiError as refusal:
            return refused(refusal)
        except Http404:
            return refused(nothing_here())
        except SuspiciousOperation:
            return refused(ApiError("bad_request", 400, _("The request cannot be read. Send fewer parameters.")))

    return answering


def nothing_here():
    return ApiError("not_found", 404, _("There is nothing at this address, or you may not see it."))


def signed_in(request):
    """The reader. Raises ApiError for somebody unknown."""
    if not request.user.is_authenticated:
        message = _("This is about yourself: sign in on the site and send its session cookie.")
        raise ApiError("sign_in", 401, message, **{"WWW-Authenticate": 'Session realm="Camp"'})
    return request.user


def refused(refusal):
    shape = shapes.Refusal(error=shapes.Mistake(code=refusal.code, message=str(refusal)))
    headers = {"Cache-Control": "no-store"} | refusal.headers
    return HttpResponse(json_of(shape), status=refusal.status, headers=headers, content_type="application/json")


def json_of(shape):
    return shape.model_dump_json().encode()


def answered(body, etag):
    return etags.tagged(HttpResponse(body, content_type="application/json"), etag)


def answered_by_content(request, body):
    """An answer that no version tells of: its tag is made from what it says."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    return etags.not_modified(request, etag) or answered(body, etag)
