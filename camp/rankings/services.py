"""What happens to scores: uploads received, tokens issued and revoked, standings rebuilt."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp import compiled
from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings import standings
from camp.rankings.models import Attempt, UploadToken
from camp.rankings.uploads import ext_results, tokens, upload_queries
from camp.stages.models import Course

MOST_TOKENS = 2
UNPROVEN_EVIDENCE = 200  # Characters of `ext` kept of an upload without a valid token, of which anybody can send many.
USED_RARELY = timedelta(minutes=1)  # `last_used_at` is written at most this often.


class RankingError(Exception):
    """A refusal in a sentence for the reader."""


class UploadError(Exception):
    """A refused upload: its reason, its HTTP status, and the message that CI prints."""

    def __init__(self, reason, status, message):
        super().__init__(message)
        self.reason, self.status = reason, status

    @property
    def code(self):
        """The class of the refusal, in a word for a program."""
        return str(self.reason)

    @property
    def answer(self):
        """The refusal as a JSON object for a program."""
        return {"error": {"code": self.code, "message": str(self)}}

    @property
    def is_worth_keeping(self):
        """A browser that opens the address and our own trouble are answered but not stored. Of a flood, see limits."""
        return self.status not in (405, 429, 503)


def receive(upload, *, token, address=None, at=None):
    """Judge an upload and keep it, accepted or refused. Returns the attempt; raises UploadError after storing it."""
    at = at or timezone.now()
    stored, row = _stored_token(token), None
    try:
        course = _course_named(upload.course_id, stored)
        row = _usable(stored, token, at=at)
        _judge(upload, course, row, at=at)
    except UploadError as refusal:
        keep_refused(refusal, upload=upload, token=row, address=address, at=at)
        raise
    return _accept(upload, course, token=row, address=address, at=at)


def _course_named(upload_id, token):
    """The course that an upload names, which is that of its token as a rule."""
    return token.course if token and token.course.upload_id == upload_id else course_of(upload_id)


def course_of(upload_id):
    course = upload_queries.course.first(upload_id=upload_id) if upload_id < 2**31 else None
    if course is None:
        raise UploadError(
            Attempt.Reason.UNKNOWN_COURSE, 404, f"No course has courseId {upload_id}. Check it against the course page."
        )
    return course


def usable_token(text, *, at):
    """The stored token that `text` is. Raises UploadError 401 when it is missing, wrong, expired or revoked."""
    return _usable(_stored_token(text), text, at=at)


def _stored_token(text):
    """The token with the public id of this text, whose secret is still to be compared."""
    parts = tokens.parse(text)
    return upload_queries.token.first(public_id=parts[0]) if parts else None


def _usable(row, text, *, at):
    if not text:
        raise UploadError(
            Attempt.Reason.TOKEN_MISSING, 401, "The header `token` is missing. Send the token of the course."
        )
    if row is None or not tokens.matches(tokens.parse(text)[1], row.secret_hash, pepper=settings.TOKEN_PEPPER):
        raise UploadError(
            Attempt.Reason.TOKEN_WRONG, 401, "The token is wrong. Ask the teachers of the course for the right one."
        )
    if not row.is_usable(at):
        raise UploadError(
            Attempt.Reason.TOKEN_EXPIRED, 401, "The token has expired or was revoked. Ask the staff for the new one."
        )
    return row


def _judge(upload, course, token, *, at):
    check_course_of(token, course)
    check_points(upload.points, course)
    check_window(course, at=at)


def check_course_of(token, course):
    if token.course_id != course.pk:
        message = "The token belongs to another course. Check courseId and token."
        raise UploadError(Attempt.Reason.TOKEN_OF_ANOTHER_COURSE, 403, message)


def check_points(points, course):
    if points > course.max_points:
        raise UploadError(Attempt.Reason.ABOVE_MAXIMUM, 400, "score is error")


def check_window(course, *, at):
    if not course.accepts_uploads_at(at):
        raise UploadError(Attempt.Reason.OUTSIDE_WINDOW, 403, window_message(course))


def window_message(course):
    """When scores of a course count, for the CI log of one that came at another time."""
    zone = course.camp.zone
    closes = course.closes_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    opens = (
        course.upload_opens_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        if course.upload_opens_at
        else "the beginning"
    )
    window = f"from {opens} to {closes} ({course.camp.time_zone})"
    return f"Scores of this course count {window}. This one is kept but does not count."


@transaction.atomic
def _accept(upload, course, *, token, address, at):
    """One transaction: the attempt, and what follows from it for the student who owns the login, if anybody does."""
    attempt = Attempt(
        course=course, outcome=Attempt.Outcome.ACCEPTED, status=200, points=upload.points, token=token,
        address=address, received_at=at, results=ext_results.read(upload.ext), **_evidence(upload),
    )  # fmt: skip
    enrollment = _stored_for(attempt)
    if token.last_used_at is None or token.last_used_at < at - USED_RARELY:
        UploadToken.objects.filter(_rarely_used(at), pk=token.pk).update(last_used_at=at)
    if enrollment:
        standings.improve(enrollment, attempt)
    return attempt


def _rarely_used(at):
    return Q(last_used_at=None) | Q(last_used_at__lt=at - USED_RARELY)


def _stored_for(attempt):
    """Store the attempt. Returns the enrollment of the student who owns the login, locked; None where nobody does.

    The login's row is written first, then the enrollment's is locked: the order in which a login is unlinked. The
    token's row is locked after both, and none of them after a board's.
    """
    camp_id, at = attempt.course.camp_id, attempt.received_at
    values = upload_queries.insert_attempt.values_of(attempt)
    (pk,), known = upload_queries.attempt_and_enrollment.run(camp=camp_id, **values)
    compiled.stored(attempt, pk)
    login = {"channel": attempt.channel, "login_key": attempt.login_key, "received_at": at}
    identity = None if known else upload_queries.owner.first(**login)
    if identity is None:
        return known
    if Enrollment.objects.filter(camp=camp_id, student=identity.user_id).exists():
        accounts.mark_scored(Identity.objects.filter(pk=identity.pk), at=at)
    return upload_queries.enrollment_of.first(camp=camp_id, student=identity.user_id)


def _evidence(upload):
    return {
        "channel": upload.channel, "login": upload.login, "login_key": upload.login.lower(), "ext": upload.ext,
        "stated_course": str(upload.course_id)[:40], "stated_total": upload.stated_total,
    }  # fmt: skip


def keep_refused(refusal, *, upload=None, seen=None, token=None, address=None, at=None):
    """Store a refused upload with its reason, with as much of it as could be read (`seen`)."""
    seen = seen or {}
    if upload is None:
        login, number = seen.get("login", ""), seen.get("course_id")
        fields = {
            "channel": seen.get("channel", ""),
            "login": login,
            "login_key": login.lower(),
            "stated_course": str(number or "")[:40],
        }
    else:
        number, fields = upload.course_id, _evidence(upload) | {"points": upload.points}
        fields["ext"] = upload.ext if token else upload.ext[:UNPROVEN_EVIDENCE]
    known = Course.objects.filter(upload_id=number).first() if number is not None and number < 2**31 else None
    return Attempt.objects.create(
        course=known, outcome=Attempt.Outcome.REFUSED, status=refusal.status, reason=refusal.reason,
        detail=str(refusal)[:300], token=token, address=address, received_at=at or timezone.now(), **fields,
    )  # fmt: skip


@transaction.atomic
def issue_token(course, *, by, at=None):
    """Issue an upload token and return (row, text). The text is shown once: only its hash is stored."""
    at = at or timezone.now()
    course = Course.objects.select_for_update().select_related("camp").get(pk=course.pk)
    if not course.has_homework or course.upload_id is None:
        raise RankingError(_("This course takes no uploads: it has no homework or no upload id."))
    if course.upload_tokens.usable_at(at).count() >= MOST_TOKENS:
        raise RankingError(_("Two tokens of this course are in use. Revoke one first."))
    if course.camp.has_ended(at):
        raise RankingError(_("The camp has ended. Its courses take no new tokens."))
    public_id, secret, text = tokens.generate()
    row = UploadToken.objects.create(
        course=course, public_id=public_id, secret_hash=tokens.hash_secret(secret, pepper=settings.TOKEN_PEPPER),
        issued_by=by, issued_at=at,
    )  # fmt: skip
    return row, text


@transaction.atomic
def revoke_token(token, *, by, at=None):
    token = UploadToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at:
        raise RankingError(_("This token is already revoked."))
    token.revoked_at, token.revoked_by = at or timezone.now(), by
    token.save()
    return token
