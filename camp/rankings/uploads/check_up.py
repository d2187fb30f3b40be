"""“Check my set-up”: what would become of an upload, told step by step. The checks are those of the upload itself."""

import json
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings import services
from camp.rankings.models import Standing, TrustedGrader, UploadToken
from camp.rankings.services import RankingError, UploadError
from camp.rankings.uploads import answers, diagnostics, payload, tokens
from camp.rankings.uploads.dry_run import dry_run
from camp.stages.models import Course, Participation

NOWHERE = None, ()  # The points and the stages of a student whom an upload does not concern.


@dataclass(frozen=True)
class Step:
    """One check in words. `is_met` is None where it was not made."""

    text: str
    is_met: bool | None = True
    advice: str = ""
    links_to_logins: bool = False

    @property
    def is_open(self):
        return self.is_met is None


@dataclass(frozen=True)
class CheckUp:
    """All checks, the answer that CI would get, and what would follow from an accepted upload."""

    steps: list
    status: int
    answer: str
    follows: list = field(default_factory=list)

    @property
    def is_accepted(self):
        return self.status == 200

    @property
    def is_open(self):
        """Whether the outcome is that of an upload with a token that fits, since none was given."""
        return any(step.is_open for step in self.steps)


def courses_for(user):
    """The courses of the user's camps that take uploads at all."""
    found = Course.objects.filter(camp__in=diagnostics.camps_of(user).values("camp"), max_points__gt=0)
    return found.exclude(upload_id=None).select_related("camp").order_by("-camp__starts_at", "number")


def check_up(user, *, course, channel, login, typed, points, token, at):
    """Check an upload of the user as if CI had sent it now. Nothing is stored."""
    owner = _owner_step(user, channel=channel, login=login)
    steps = [
        _login_step(login, typed, Identity.Channel(channel).label),
        owner,
        _token_step(token, course, at=at),
        _window_step(course, at=at),
        _points_step(points, course),
        *_proof_steps(user, course),
    ]
    body = _body(course, channel=channel, name=typed.strip(), points=points)
    return CheckUp(steps, *_outcome(user, body, course, token=token, at=at, is_own=owner.is_met))


def _body(course, *, channel, name, points):
    """The body that CI would send. Points are written as they are: JSON from Python would make them inexact."""
    document = {"channel": channel, "courseId": course.upload_id, "name": name, "totalScore": 0}
    return f'{json.dumps(document)[:-1]}, "score": {points:f}}}'.encode()


def _login_step(login, typed, host):
    if typed.strip() == login:
        return Step(_("The login %(login)s on %(host)s is well formed.") % {"login": login, "host": host})
    words = _("CI must send the login alone: %(login)s, not an address and without @.") % {"login": login}
    return Step(words, False, _("In the workflow, the login is the value of GITHUB_ACTOR."))


def _owner_step(user, *, channel, login):
    """Whose the login is. Nobody is told whose else it is."""
    mine = Identity.objects.linked().named(channel, login).filter(user=user)
    if mine.exists():
        return Step(_("The login is linked to your account."))
    try:
        diagnostics.free_holder(user, channel=channel, login=login)
    except RankingError as refusal:
        return Step(_("The login is not yours here."), False, str(refusal))
    advice = _("What is uploaded under it is kept and counts as soon as you link it.")
    return Step(_("The login is not linked to an account yet."), False, advice, links_to_logins=True)


def _token_step(token, course, *, at):
    if not token:
        return Step(_("The token was not checked: none was given."), None)

    def check():
        services.check_course_of(services.usable_token(token, at=at), course)

    return _step(check, good=_("The token is one of this course and valid now."), bad=_("The token does not fit."))


def _window_step(course, *, at):
    def check():
        services.check_window(course, at=at)

    return _step(check, good=_("The course takes scores now."), bad=_("The course takes no scores at this time."))


def _points_step(points, course):
    def check():
        services.check_points(points, course)

    numbers = {"points": f"{points.normalize():f}", "maximum": f"{course.max_points.normalize():f}"}
    good = _("%(points)s points are within the full marks, %(maximum)s.") % numbers
    return _step(check, good=good, bad=_("%(points)s points are above the full marks, %(maximum)s.") % numbers)


def _step(check, *, good, bad):
    try:
        check()
    except UploadError as refusal:
        reason = refusal.reason
        return Step(bad, False, " ".join([str(reason.label), str(answers.ADVICE[reason])]))
    return Step(good)


def _proof_steps(user, course):
    """Where runs are proven: whether the user's account can prove one."""
    if not TrustedGrader.objects.active().filter(course=course).exists():
        return
    github = Identity.objects.linked().filter(user=user, channel=Identity.Channel.GITHUB)
    proven = github.exclude(uid="").first()
    if proven:
        words = _("Runs of the course's own workflow that %(login)s starts are proven to be yours.")
        yield Step(words % {"login": proven.login})
    else:
        advice = _("Link your GitHub account by signing in there, not by typing its login.")
        yield Step(_("Runs of the course's own workflow cannot be proven to be yours."), False, advice, True)


def _outcome(user, body, course, *, token, at, is_own):
    """(status, answer, what follows) of the upload itself, tried dry. Without a token, with one that fits."""
    enrollment = Enrollment.objects.of(user).in_camp(course.camp).active().first()
    before = _place(enrollment, course)
    with dry_run():
        try:
            services.receive(payload.read(body), token=token or _spare_token(course, at=at), at=at)
        except payload.PayloadError as refusal:
            return 400, answers.body(400, str(refusal)), []
        except UploadError as refusal:
            return refusal.status, answers.body(refusal.status, str(refusal)), []
        after = _place(enrollment, course) if is_own else NOWHERE
        return 200, answers.body(1, ""), list(_followed(before, after, course, at=at))


def _spare_token(course, *, at):
    """A token that exists for the length of a dry run."""
    public_id, secret, text = tokens.generate()
    secret_hash = tokens.hash_secret(secret, pepper=settings.TOKEN_PEPPER)
    UploadToken.objects.create(course=course, public_id=public_id, secret_hash=secret_hash, issued_at=at)
    return text


def _place(enrollment, course):
    """(the points of the student's standing, None without one; the stages the student is in)."""
    standing = Standing.objects.filter(enrollment=enrollment, course=course).first()
    stages = Participation.objects.filter(enrollment=enrollment).admitted().select_related("stage")
    return standing and standing.points, [participation.stage for participation in stages]


def _followed(before, after, course, *, at):
    (points_before, stages_before), (points, stages) = before, after
    numbers = {"course": course, "maximum": f"{course.max_points.normalize():f}"}
    if points is None:
        yield _("Nothing would change for you: the login is not linked to your account.")
        return
    if points == points_before:
        words = _("Your standing in %(course)s would stay at %(points)s of %(maximum)s: it counts the best upload.")
        yield words % (numbers | {"points": f"{points.normalize():f}"})
    else:
        words = _("Your standing in %(course)s would be %(points)s of %(maximum)s.")
        yield words % (numbers | {"points": f"{points.normalize():f}"})
    for stage in stages:
        if stage not in stages_before:
            yield _("You would be promoted to %(stage)s.") % {"stage": stage}
    if course.counts == Course.Counts.PROVEN or (course.proof_from and course.proof_from <= at):
        yield _("It would be claimed, not proven; for promotion this course asks for a proven score.")
