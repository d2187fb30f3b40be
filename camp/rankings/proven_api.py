"""POST /api/v1/scores: a CI run reports its exercises with its identity token. The rules are in proven.receive."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from camp.rankings import identity_tokens, limits, proven, proven_payload, revocation
from camp.rankings.models import Attempt
from camp.rankings.payload import PayloadError
from camp.rankings.services import UploadError

logger = logging.getLogger(__name__)

NOT_BELIEVED = "The run's identity token is not accepted. Ask for a fresh one, for this site as its audience."
NO_KEYS = "The keys that prove a run cannot be fetched at the moment. Send the same report again a little later."


class TokenRefusedError(UploadError):
    """A token that was not believed. The client learns the class of the mistake; the exact reason is for the log."""

    code = None

    def __init__(self, code, status, *, retry_after=None):
        super().__init__(Attempt.Reason.UNPROVEN, status, f"{NO_KEYS if status == 503 else NOT_BELIEVED} ({code})")
        self.code, self.retry_after = code, retry_after


@csrf_exempt  # A machine's address: no cookie is read, the token in the header is what counts.
@login_not_required
def scores(request):
    """Take one report. 200 with the points, or `{"error": {"code", "message"}}` with the status that fits."""
    address = limits.address_of(request)
    try:
        answer = _taken(request, address)
    except UploadError as refusal:
        return _refused(refusal, address)
    in_order = {"sort_keys": True}  # PostgreSQL keeps no order: the stored answer has the same bytes all the same.
    return JsonResponse(answer, headers={"Cache-Control": "no-store"}, json_dumps_params=in_order)


def _refused(refusal, address):
    if refusal.status != 503:
        limits.note_refused(address)
    logger.info("Refused a proven score with %s %s: %s", refusal.status, refusal.code, refusal)
    error = {"error": {"code": refusal.code, "message": str(refusal)}}
    headers = {"Cache-Control": "no-store"} | _hints(refusal)
    return JsonResponse(error, status=refusal.status, headers=headers)


def _hints(refusal):
    """What HTTP adds to a status: whom to ask, how, or when again."""
    if refusal.status == 503:
        return {"Retry-After": str(refusal.retry_after or 60)}
    hints = {401: {"WWW-Authenticate": "Bearer"}, 405: {"Allow": "POST"}, 429: {"Retry-After": "60"}}
    return hints.get(refusal.status, {})


def _taken(request, address):
    """The answer to a request. Whatever is refused before its run is known is kept here, within the limits."""
    at, seen = timezone.now(), {}
    try:
        body = _body(request, address)
        report, mistake, seen["course_id"] = _read(body)
        seen["claims"] = claims = _claims(request, at=at)
        limits.check_actor(claims.actor_id)
        if mistake:
            raise UploadError(Attempt.Reason.MALFORMED, 400, mistake)
    except UploadError as refusal:
        if refusal.is_worth_keeping:
            proven.keep_refused(refusal, address=address, at=at, **seen)
        raise
    return proven.receive(report, claims, address=address, at=at)


def _body(request, address):
    leaked = revocation.refusal_of_address(request)
    if request.method != "POST":
        raise UploadError(Attempt.Reason.MALFORMED, 405, "Send the report with POST.")
    limits.check_refused(address)
    if leaked:
        raise leaked
    if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
        raise UploadError(Attempt.Reason.MALFORMED, 411, "Send the body with its Content-Length, not in chunks.")
    body = request.read(settings.UPLOAD_MAX_BYTES + 1)
    if len(body) > settings.UPLOAD_MAX_BYTES:
        raise UploadError(Attempt.Reason.TOO_LARGE, 413, "The report is larger than 64 KiB. Send only its fields.")
    return body


def _read(body):
    """(report, mistake, course id): the token is judged first, but a refused one is kept with the course it names."""
    try:
        report = proven_payload.read(body)
    except PayloadError as error:
        return None, str(error), error.seen.get("course_id")
    return report, "", report.course_id


def _claims(request, *, at):
    try:
        return identity_tokens.verify(_bearer(request), at=at)
    except identity_tokens.TokenError as error:
        logger.warning("An identity token was not believed, %s: %s", error.code, error)
        raise TokenRefusedError(error.code, error.status, retry_after=getattr(error, "retry_after", None)) from None


def _bearer(request):
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefusedError("token_missing", 401)
    return token
