"""The public address that revokes an upload token: whoever finds one posts it here, and it is worth nothing."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from camp.rankings.models import Attempt
from camp.rankings.services import UploadError
from camp.rankings.uploads import limits, revocation, tokens

MOST_BYTES = 4096
MALFORMED = "Send the whole token: as the body, as `token` in a JSON object, or in the header `token`."


@csrf_exempt  # A machine's address: no cookie is read, the token itself is what counts.
@login_not_required
@never_cache
@require_POST
def revoke(request):
    """Revoke the posted token. 200 for every well-formed one, so that nobody learns which ones there are."""
    address = limits.address_of(request)
    leaked = revocation.refusal_of_address(request)
    try:
        limits.check_refused(address)
        found = _tokens_in(request)
        if not (found or leaked):
            raise UploadError(Attempt.Reason.MALFORMED, 400, MALFORMED)
    except UploadError as refusal:
        limits.note_refused(address)
        return JsonResponse({"error": {"code": refusal.code, "message": str(refusal)}}, status=refusal.status)
    for text in found:
        revocation.revoke_by_text(text)
    return JsonResponse({"message": "If there was such a token, it is revoked."})


def _tokens_in(request):
    """The well-formed tokens of a request: in the header `token`, as bearer, and in the body."""
    sent = [request.headers.get("token", ""), request.headers.get("Authorization", "").rpartition(" ")[2]]
    body = request.read(MOST_BYTES).decode("utf-8", "replace")
    return {text for text in (*sent, *_said(body)) if tokens.parse(text)}


def _said(body):
    """A token as the body itself, or as `token` of a JSON object."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return [body.strip()]
    token = document.get("token") if isinstance(document, dict) else document
    return [token] if isinstance(token, str) else []
