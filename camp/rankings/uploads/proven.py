"""Taking a proven score: who is believed, whose it is, how many points it gives (contracts/proven-scores.md, 5 to 9).

What comes here carries the verified claims of a CI run. Refused ones are kept with their claims; the token never is.
"""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings import standings
from camp.rankings.models import Attempt, Exercise, RegisteredRepository, TrustedGrader
from camp.rankings.services import UploadError, check_window
from camp.rankings.uploads import proven_payload
from camp.rankings.uploads.payload import storable
from camp.stages.models import Course

GITHUB = Identity.Channel.GITHUB
Reason = Attempt.Reason


def receive(report, claims, *, address=None, at=None):
    """Judge a run's report and keep it, accepted or refused. Returns the answer; raises UploadError after storing it.

    `at` is when we received it: the deadline asks for nothing else.
    """
    at = at or timezone.now()
    try:
        grader = trusted_grader(report, claims, at=at)
        return _accept(report, claims, grader.course, address=address, at=at)
    except UploadError as refusal:
        keep_refused(refusal, claims=claims, course_id=report.course_id, report=report, address=address, at=at)
        raise


def trusted_grader(report, claims, *, at):
    """The grader whose workflow the run executed, at a reviewed commit, for the course that the body names."""
    graders = list(TrustedGrader.objects.running(claims.job_workflow_ref))
    if not graders:
        message = "The run is not of a workflow that any course trusts. Take the file from the course page."
        raise UploadError(Reason.GRADER_UNKNOWN, 403, message)
    grader = next((each for each in graders if each.course.upload_id == report.course_id), graders[0])
    if claims.ref != grader.ref:
        raise UploadError(Reason.BRANCH_WRONG, 403, f"Only runs on {grader.ref} count. Push there.")
    if not grader.trusts(claims.job_workflow_sha, at=at):
        message = "This version of the workflow is not reviewed, or not valid now. Tell the staff."
        raise UploadError(Reason.COMMIT_UNREVIEWED, 403, message)
    if grader.course.upload_id != report.course_id:
        message = f"The workflow is trusted for course {grader.course.upload_id}, the body says {report.course_id}."
        raise UploadError(Reason.COURSE_MISMATCH, 403, message[:300])
    return grader


@transaction.atomic
def _accept(report, claims, course, *, address, at):
    """One transaction: the token and the run are used up, the attempt is stored, the standing follows.

    The login's row is written first, then the enrollment's is locked: the order in which a login is unlinked.
    """
    identity = linked_identity(claims.actor_id)
    accounts.mark_scored(Identity.objects.filter(pk=identity.pk), at=at)
    enrollment = _locked_enrollment(identity, course)
    if linked_identity(claims.actor_id) != identity:
        raise _unlinked()
    _check_repository(claims, enrollment, course)
    earlier = earlier_attempt(claims, course)
    if earlier:
        return _same_answer(earlier, report, claims, course)
    score = _scored(report, course)
    check_window(course, at=at)
    attempt = _store(report, claims, course, score, identity=identity, address=address, received_at=at)
    standings.improve(enrollment, attempt)
    return attempt.answer


def linked_identity(actor_id):
    """The linked login whose proven numeric id this is, whatever it is called. Raises UploadError without one."""
    identity = Identity.objects.linked().proven(GITHUB, actor_id).select_related("user").first()
    if identity is None:
        raise _unlinked()
    return identity


def _unlinked():
    message = "No student has proven the GitHub account that started this run. Prove it on your page of logins."
    return UploadError(Reason.ACTOR_UNLINKED, 403, message)


def _locked_enrollment(identity, course):
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    enrollment = locked.in_camp(course.camp).of(identity.user).active().first()
    if enrollment is None:
        raise UploadError(Reason.NOT_ENROLLED, 403, "The student who started this run is not in the course's camp.")
    return enrollment


def _check_repository(claims, enrollment, course):
    registered = RegisteredRepository.objects.filter(
        course=course, enrollment=enrollment, repository_id=claims.repository_id
    )
    if claims.repository_owner_id != claims.actor_id and not registered.exists():
        message = "The repository is neither the student's own nor registered for the student. Ask the staff."
        raise UploadError(Reason.REPOSITORY_FOREIGN, 403, message)


def _run(claims):
    return {
        "repository_id": claims.repository_id, "run_id": claims.run_id, "run_attempt": claims.run_attempt
    }  # fmt: skip


def earlier_attempt(claims, course):
    """The accepted attempt of this run in the course, or the one that used up this token."""
    same = Q(jti=claims.jti) | Q(course=course, **_run(claims))
    return Attempt.objects.accepted().filter(same).order_by("id").first()


def _same_answer(earlier, report, claims, course):
    """The same run says the same again: it gets what it got."""
    if earlier.course_id != course.pk or {name: getattr(earlier, name) for name in _run(claims)} != _run(claims):
        raise _used_up()
    if earlier.body_hash != report.fingerprint:
        raise UploadError(Reason.RUN_REPEATED, 422, "This run has reported other results before. Start a new run.")
    return earlier.answer


def _used_up():
    return UploadError(Reason.RUN_REPEATED, 409, "This identity token or run is used already. Ask for a new token.")


def _scored(report, course):
    names = Exercise.objects.filter(course=course).names()
    try:
        return proven_payload.score(report, names=names, maximum=course.max_points)
    except proven_payload.ResultsError as error:
        raise UploadError(Reason.RESULTS_WRONG, 422, str(error)) from None


def _store(report, claims, course, score, **fields):
    """Insert the attempt. Unique constraints decide between two that come at once from different students' rows."""
    answer = {
        "accepted": True, "course": course.upload_id, "commit": claims.sha, "points": _told(score.points),
        "maximum": _told(course.max_points), "passed": score.passed, "exercises": score.exercises,
    }  # fmt: skip
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                course=course, outcome=Attempt.Outcome.ACCEPTED, status=200, points=score.points, answer=answer,
                **fields, **_evidence(claims), **_content(report),
            )  # fmt: skip
    except IntegrityError:
        raise _used_up() from None


def _told(points):
    return f"{points.normalize():f}"


def _evidence(claims):
    """What the run proves. The reader of tokens has seen to it that every claim fits its column."""
    return {
        "source": Attempt.Source.PROVEN, "channel": GITHUB, "login": claims.actor, "login_key": claims.actor.lower(),
        "jti": claims.jti, "commit": claims.sha, "claims": claims.raw, **_run(claims),
    }  # fmt: skip


def _content(report):
    results = [{"exercise": storable(each.exercise), "passed": each.passed} for each in report.results]
    return {"stated_course": str(report.course_id)[:40], "body_hash": report.fingerprint, "results": results}


def keep_refused(refusal, *, claims=None, course_id=None, report=None, address=None, at=None):
    """Store a refused report with its reason, and what of it is certain: the claims only where they were verified."""
    fields = {"stated_course": "" if course_id is None else str(course_id)[:40]}
    if claims:
        fields |= _evidence(claims) | {"identity": Identity.objects.proven(GITHUB, claims.actor_id).first()}
    if report:
        fields |= _content(report)
    known = course_id is not None and course_id < 2**31 and Course.objects.filter(upload_id=course_id).first()
    return Attempt.objects.create(
        course=known or None, outcome=Attempt.Outcome.REFUSED, status=refusal.status, reason=refusal.reason,
        detail=str(refusal)[:300], answer=refusal.answer, address=address, received_at=at or timezone.now(),
        **fields,
    )  # fmt: skip
