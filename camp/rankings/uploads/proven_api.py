"""POST /api/v1/scores: a CI run reports its exercises with its identity token. The rules are in proven.receive."""

from django.contrib.auth.decorators import login_not_required
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from camp.rankings.models import Attempt
from camp.rankings.services import UploadError
from camp.rankings.uploads import limits, proven, proven_payload, run_requests
from camp.rankings.uploads.dry_run import dry_run_if
from camp.rankings.uploads.payload import PayloadError


@csrf_exempt  # A machine's address: no cookie is read, the token in the header is what counts.
@login_not_required
def scores(request):
    """Take one report. 200 with the points, or `{"error": {"code", "message"}}` with the status that fits."""
    return _answer_to(request)


@csrf_exempt
@login_not_required
def check(request):
    """Answer what that address would, and keep nothing: neither the token nor the run is used up."""
    return _answer_to(request, is_dry=True)


def _answer_to(request, *, is_dry=False):
    address, more = limits.address_of(request), {"dry_run": True} if is_dry else {}
    try:
        return run_requests.answered(_taken(request, address, is_dry=is_dry) | more)
    except UploadError as refusal:
        return run_requests.refused(refusal, address, **more)


def _taken(request, address, *, is_dry):
    """The answer to a request. Whatever is refused before its run is known is kept here, within the limits."""
    at, seen = timezone.now(), {}
    try:
        body = run_requests.body_of(request, address)
        report, mistake, seen["course_id"] = _read(body)
        seen["claims"] = claims = run_requests.claims_of(request, at=at)
        limits.check_actor(claims.actor_id)
        if mistake:
            raise UploadError(Attempt.Reason.MALFORMED, 400, mistake)
    except UploadError as refusal:
        if not is_dry and limits.lets_keep(refusal):
            proven.keep_refused(refusal, address=address, at=at, **seen)
        raise
    with dry_run_if(is_dry):
        return proven.receive(report, claims, address=address, at=at)


def _read(body):
    """(report, mistake, course id): the token is judged first, but a refused one is kept with the course it names."""
    try:
        report = proven_payload.read(body)
    except PayloadError as error:
        return None, str(error), error.seen.get("course_id")
    return report, "", report.course_id
