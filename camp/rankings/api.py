"""The upload API that camps' CI already calls: one address, its exact answers. The rules are in services.receive."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from camp.rankings import limits, payload, revocation, services
from camp.rankings.models import Attempt
from camp.rankings.services import UploadError


@csrf_exempt  # A machine's address: no cookie is read, the token in the header is what counts.
@login_not_required
def create_by_third_token(request):
    """Take one score. 200 `{"result":1,"msg":""}`, or a 4xx status with the same status as `result` and the reason."""
    address = limits.address_of(request)
    leaked = revocation.refusal_of_address(request)
    try:
        upload = _upload_in(request, address)
        if leaked:
            services.keep_refused(leaked, upload=upload, address=address)
            raise leaked
        services.receive(upload, token=request.headers.get("token", ""), address=address)
    except UploadError as refusal:
        limits.note_refused(address)
        return _answer(refusal.status, str(refusal), status=refusal.status)
    return _answer(1, "")


def _answer(result, message, *, status=200):
    """Two keys in this order, compact: clients compare the bytes."""
    text = json.dumps({"result": result, "msg": message}, separators=(",", ":"), ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json")


def _upload_in(request, address):
    """The well-formed upload of a request. Whatever else comes is kept as a refused attempt, within the limits."""
    seen = {}
    try:
        if request.method != "POST":
            raise UploadError(Attempt.Reason.MALFORMED, 405, "Send the score with POST.")
        limits.check_refused(address)
        upload = _parsed(request, seen)
        limits.check_login(upload)
    except UploadError as refusal:
        if refusal.is_worth_keeping:
            services.keep_refused(refusal, seen=seen, address=address)
        raise
    return upload


def _parsed(request, seen):
    if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
        raise UploadError(Attempt.Reason.MALFORMED, 411, "Send the body with its Content-Length, not in chunks.")
    body = request.read(settings.UPLOAD_MAX_BYTES + 1)
    if len(body) > settings.UPLOAD_MAX_BYTES:
        raise UploadError(
            Attempt.Reason.TOO_LARGE, 413, "The upload is larger than 64 KiB. Send only the fields of a score."
        )
    try:
        return payload.read(body)
    except payload.PayloadError as error:
        seen.update(error.seen)
        raise UploadError(Attempt.Reason.MALFORMED, 400, str(error)) from None
