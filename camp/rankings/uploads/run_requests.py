"""What the addresses that CI runs post to have in common: the body, the identity token, and the form of a refusal."""

import logging

from django.conf import settings
from django.http import JsonResponse

from camp.rankings.models import Attempt
from camp.rankings.services import UploadError
from camp.rankings.uploads import identity_tokens, limits, revocation

logger = logging.getLogger(__name__)

NOT_BELIEVED = "The run's identity token is not accepted. Ask for a fresh one, for this site as its audience."
NO_KEYS = "The keys that prove a run cannot be fetched at the moment. Send the same report again a little later."


class TokenRefusedError(UploadError):
    """A token that was not believed. The client learns the class of the mistake; the exact reason is for the log."""

    code = None

    def __init__(self, code, status, *, retry_after=None):
        super().__init__(Attempt.Reason.UNPROVEN, status, f"{NO_KEYS if status == 503 else NOT_BELIEVED} ({code})")
        self.code, self.retry_after = code, retry_after


def answered(document):
    in_order = {"sort_keys": True}  # PostgreSQL keeps no order: the stored answer has the same bytes all the same.
    return JsonResponse(document, headers={"Cache-Control": "no-store"}, json_dumps_params=in_order)


def refused(refusal, address, **more):
    """`{"error": {"code", "message"}}` with the status that fits; counted against the network address."""
    if refusal.status != 503:
        limits.note_refused(address)
    logger.info("Refused a run with %s %s: %s", refusal.status, refusal.code, refusal)
    headers = {"Cache-Control": "no-store"} | _hints(refusal)
    return JsonResponse(refusal.answer | more, status=refusal.status, headers=headers)


def _hints(refusal):
    """What HTTP adds to a status: whom to ask, how, or when again."""
    if refusal.status == 503:
        return {"Retry-After": str(refusal.retry_after or 60)}
    hints = {401: {"WWW-Authenticate": "Bearer"}, 405: {"Allow": "POST"}, 429: {"Retry-After": "60"}}
    return hints.get(refusal.status, {})


def body_of(request, address):
    """The body of a POST, of 64 KiB at most, from an address that is still listened to. Raises UploadError."""
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


def claims_of(request, *, at, audience=None):
    """The verified claims of the run that asks, for this site as its audience or for the one given."""
    try:
        return identity_tokens.verify(_bearer(request), at=at, audience=audience)
    except identity_tokens.TokenError as error:
        logger.warning("An identity token was not believed, %s: %s", error.code, error)
        raise TokenRefusedError(error.code, error.status, retry_after=getattr(error, "retry_after", None)) from None


def _bearer(request):
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefusedError("token_missing", 401)
    return token
