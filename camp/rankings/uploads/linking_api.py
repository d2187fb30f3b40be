"""POST /api/v1/identities: a run that a student started by hand links the login that started it to their account.

The token is judged as for a score, but it is made out for the code that the body carries: its audience is this address
with the code at its end. So a token that was made for a score links nothing, one that links brings no score, and
neither serves another code, whoever holds it. The code says whose account it is; it is used up (accounts.link_codes).
"""

import logging
import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from camp.accounts import link_codes
from camp.accounts.models import Identity
from camp.accounts.services import AccountError
from camp.rankings.models import Attempt, ReviewedCommit, TrustedGrader
from camp.rankings.services import UploadError
from camp.rankings.uploads import limits, run_requests
from camp.rankings.uploads.payload import PayloadError, document_in

logger = logging.getLogger(__name__)
CODE = re.compile(r"[A-Za-z0-9-]{8,20}")
Reason = Attempt.Reason


@csrf_exempt  # A machine's address: no cookie is read, the token in the header is what counts.
@login_not_required
def identities(request):
    """Link one login. 200 with it, or `{"error": {"code", "message"}}` with the status that fits."""
    address = limits.address_of(request)
    try:
        identity = _linked(request, address, at=timezone.now())
    except UploadError as refusal:
        return run_requests.refused(refusal, address)
    return run_requests.answered({"linked": True, "channel": identity.channel, "login": identity.login})


def _linked(request, address, *, at):
    code = _code_in(run_requests.body_of(request, address))
    claims = run_requests.claims_of(request, at=at, audience=audience_for(code))
    limits.check_actor(claims.actor_id)
    _check_run(claims)
    _check_workflow(claims, at=at)
    try:
        identity = link_codes.use(code, channel=Identity.Channel.GITHUB, login=claims.actor, uid=claims.actor_id, at=at)
    except AccountError as refusal:
        raise _refusal(refusal) from None
    logger.info("Run %s of repository %s linked %s.", claims.run_id, claims.repository_id, identity)
    return identity


def audience_for(code):
    """For whom the token of a run that links with this code, as the body writes it, must be made out."""
    return f"{settings.CI_AUDIENCE}{reverse('rankings:link_identity')}/{code}"


def _code_in(body):
    try:
        code = document_in(body).get("code")
    except PayloadError as error:
        raise UploadError(Reason.MALFORMED, 400, str(error)) from None
    if not isinstance(code, str) or not CODE.fullmatch(code):
        message = "code must be the code from your page of linked logins, such as ABCDE-FGHJK, in quotes."
        raise UploadError(Reason.MALFORMED, 400, message)
    return code


def _check_run(claims):
    """Only what its owner did on purpose: started by hand, for the first time, in a repository of their own.

    Whoever may write to the repository could push, or start somebody else's run again.
    """
    if claims.event_name != "workflow_dispatch":
        message = "Only a run that you start by hand links: “Actions”, then “Run workflow”, with the code."
        raise UploadError("event_wrong", 403, message)
    if claims.run_attempt != 1:
        message = "A run that is started again does not link. Press “Run workflow” for a new one, with the code."
        raise UploadError("run_repeated", 403, message)
    if claims.repository_owner_id != claims.actor_id:
        message = "Start the run in a repository of your own account, not of somebody else's or an organization's."
        raise UploadError(Reason.REPOSITORY_FOREIGN, 403, message)


def _check_workflow(claims, *, at):
    """The run must be of a reviewed workflow that some course trusts: there, no learner's code sees the token."""
    graders = list(TrustedGrader.objects.running(claims.job_workflow_ref))
    if not graders:
        message = "The run is not of a workflow that any course trusts. Take the file from the course page."
        raise UploadError(Reason.GRADER_UNKNOWN, 403, message)
    graders = [grader for grader in graders if grader.ref == claims.ref]
    if not graders:
        raise UploadError(Reason.BRANCH_WRONG, 403, "Start the run on the default branch, as the course page says.")
    reviewed = ReviewedCommit.objects.valid_at(at).filter(grader__in=graders, commit=claims.job_workflow_sha)
    if not reviewed.exists():
        message = "This version of the workflow is not reviewed, or not valid now. Tell the staff."
        raise UploadError(Reason.COMMIT_UNREVIEWED, 403, message)


def _refusal(refusal):
    """What accounts refused, in English like every answer to CI. Final: the same request would be refused again."""
    with translation.override("en"):
        return UploadError(getattr(refusal, "code", "login_refused"), 403, str(refusal))
