"""What an upload asks on its way, as SQL that is made once (see camp.compiled). Who asks it decides what it means."""

from django.db.models import Q

from camp.accounts.models import Identity
from camp.compiled import Compiled, CompiledInsert, CompiledUpdate, Given, Together
from camp.enrollment.models import Enrollment
from camp.rankings import histogram
from camp.rankings.models import (
    Attempt,
    Board,
    FrozenStanding,
    ScoreCount,
    ScoreRange,
    Standing,
    UploadToken,
)
from camp.stages.models import Course


def fields_apart_from(model, *names):
    return [field.name for field in model._meta.concrete_fields if field.name not in names]


def _token():
    named = UploadToken.objects.filter(public_id=Given(UploadToken.public_id)).order_by()
    return named.select_related("course__camp").only(
        "course", "secret_hash", "revoked_at", "last_used_at", "course__camp", "course__upload_id",
        "course__max_points", "course__upload_opens_at", "course__upload_closes_at", "course__counts",
        "course__proof_from", "course__camp__ends_at", "course__camp__time_zone",
    )  # fmt: skip


def _owned(path=""):
    """Whether the login at the end of `path` belonged to its person at the moment."""
    moment = Given(Attempt.received_at)
    ended = Q(**{f"{path}unlinked_at": None}) | Q(**{f"{path}unlinked_at__gte": moment})
    began = Q(**{f"{path}owned_from": None}) | Q(**{f"{path}owned_from__lt": moment})
    named = {f"{path}channel": Given(Identity.channel), f"{path}login_key": Given(Identity.login_key)}
    return Q(ended, began, **named)


def _owner():
    return Identity.objects.filter(_owned()).order_by("unlinked_at")[:1]


def _locked_enrollment():
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    return locked.filter(camp=Given(Enrollment.camp)).only("camp", "student", "status").order_by()


def _enrollment_of_owner():
    """Only of a login that has scored before: of another, the login's row is written first."""
    path = "student__identities__"
    scored = _locked_enrollment().filter(_owned(path), **{f"{path}first_scored_at__isnull": False})
    return scored.order_by(f"{path}unlinked_at")[:1]


def _standing():
    own = Standing.objects.filter(enrollment=Given(Standing.enrollment), course=Given(Standing.course)).order_by()
    return own.select_related("best").defer(
        "below_zero", *(f"best__{name}" for name in fields_apart_from(Attempt, "id", "points", "received_at"))
    )


def _frozen_standing():
    own = {"enrollment": Given(FrozenStanding.enrollment), "course": Given(FrozenStanding.course)}
    return FrozenStanding.objects.filter(**own).defer("below_zero").order_by()


def _board():
    return Board.objects.select_for_update(no_key=True).filter(course=Given(Board.course)).order_by()


def _write(model):
    names = ("points", "reached_at", "best", "adjustment", "low", "reached_hour")
    return CompiledUpdate(
        lambda: model.objects.filter(pk=Given(model.id)),
        lambda: {name: Given(getattr(model, name)) for name in names},
    )


course = Compiled(lambda: Course.objects.filter(upload_id=Given(Course.upload_id)).select_related("camp").order_by())
token = Compiled(_token)
insert_attempt = CompiledInsert(Attempt)
owner = Compiled(_owner)
attempt_and_enrollment = Together(insert_attempt, then=Compiled(_enrollment_of_owner))
enrollment_of = Compiled(lambda: _locked_enrollment().filter(student=Given(Enrollment.student)))
standing = Compiled(_standing)
frozen_standing = Compiled(_frozen_standing)
locked_board = Compiled(_board)
moves = {
    (model, levels): Together(_write(model), *(histogram.SHIFTS[level] for level in levels))
    for model in (Standing, FrozenStanding)
    for levels in ((), (ScoreCount,), (ScoreRange, ScoreCount))
}
