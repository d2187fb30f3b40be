"""The upload API that camps' CI already calls: one address, its exact answers. The rules are in services.receive."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from camp.rankings import services, standings
from camp.rankings.models import Attempt
from camp.rankings.services import UploadError
from camp.rankings.uploads import answers, limits, payload, revocation
from camp.rankings.uploads.dry_run import dry_run_if


@csrf_exempt  # A machine's address: no cookie is read, the token in the header is what counts.
@login_not_required
def create_by_third_token(request):
    """Take one score. 200 `{"result":1,"msg":""}`, or a 4xx status with the same status as `result` and the reason."""
    try:
        _take(request)
    except UploadError as refusal:
        return _answer(refusal.status, str(refusal), status=refusal.status)
    return _answer(1, "")


@csrf_exempt
@login_not_required
def check(request):
    """Answer what that address would, keep nothing, and say whether the login is linked to an account."""
    try:
        attempt = _take(request, is_dry=True)
    except UploadError as refusal:
        return _answer(refusal.status, str(refusal), status=refusal.status, dry_run=True)
    owner = standings.owner_at(attempt.channel, attempt.login, attempt.received_at)
    return _answer(1, "", dry_run=True, linked=owner is not None)


def _answer(result, message, *, status=200, **more):
    return HttpResponse(answers.body(result, message, **more), status=status, content_type="application/json")


def _take(request, *, is_dry=False):
    """Judge the upload of a request and keep it, accepted or refused; nothing is kept when `is_dry`.

    Returns the attempt. A token in the address has leaked and is revoked all the same.
    """
    address = limits.address_of(request)
    try:
        upload = _upload_in(request, address, is_dry=is_dry)
        with dry_run_if(is_dry):
            attempt = services.receive(upload, token=request.headers.get("token", ""), address=address)
    except UploadError:
        limits.note_refused(address)
        raise
    if not is_dry:
        limits.note_accepted(attempt.token)
    return attempt


def _upload_in(request, address, *, is_dry):
    """The well-formed upload of a request. Whatever else comes is kept as a refused attempt, within the limits."""
    leaked, found = revocation.refusal_of_address(request), {}
    try:
        if request.method != "POST":
            raise UploadError(Attempt.Reason.MALFORMED, 405, "Send the score with POST.")
        limits.check_refused(address)
        found["upload"] = upload = _parsed(request, found)
        limits.check_login(upload)
        limits.check_token(request.headers.get("token", ""))
        if leaked:
            raise leaked
    except UploadError as refusal:
        if not is_dry and limits.lets_keep(refusal):
            services.keep_refused(refusal, address=address, **found)
        raise
    return upload


def _parsed(request, found):
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
        found["seen"] = error.seen
        raise UploadError(Attempt.Reason.MALFORMED, 400, str(error)) from None
