"""What an upload asks on its way, as SQL that is made once (see camp.compiled). Who asks it decides what it means."""

from django.db.models import Q

from camp.accounts.models import Identity
from camp.compiled import Compiled, CompiledUpdate, Given
from camp.enrollment.models import Enrollment
from camp.rankings.models import Attempt, Board, FrozenStanding, Standing, UploadToken
from camp.stages.models import Course

LARGE = ("ext", "claims", "results", "answer")  # Of an attempt; of no use to a comparison.


def _owner():
    moment = Given(Attempt.received_at)
    ended = Q(unlinked_at=None) | Q(unlinked_at__gte=moment)
    began = Q(owned_from=None) | Q(owned_from__lt=moment)
    named = Identity.objects.filter(channel=Given(Identity.channel), login_key=Given(Identity.login_key))
    return named.filter(ended, began).order_by("unlinked_at")[:1]


def _enrollment():
    locked = Enrollment.objects.select_for_update(no_key=True)
    return locked.filter(camp=Given(Enrollment.camp), student=Given(Enrollment.student)).order_by()


def _standing():
    own = Standing.objects.filter(enrollment=Given(Standing.enrollment), course=Given(Standing.course)).order_by()
    return own.select_related("best").defer(*(f"best__{name}" for name in LARGE))


def _board():
    return Board.objects.select_for_update(no_key=True).filter(course=Given(Board.course)).order_by()


def _write(model):
    names = ("points", "reached_at", "best", "adjustment", "low", "reached_hour")
    return CompiledUpdate(
        lambda: model.objects.filter(pk=Given(model.id)),
        lambda: {name: Given(getattr(model, name)) for name in names},
    )


course = Compiled(lambda: Course.objects.filter(upload_id=Given(Course.upload_id)).select_related("camp").order_by())
token = Compiled(lambda: UploadToken.objects.filter(public_id=Given(UploadToken.public_id)).order_by())
owner = Compiled(_owner)
locked_enrollment = Compiled(_enrollment)
standing = Compiled(_standing)
locked_board = Compiled(_board)
write_place = {model: _write(model) for model in (Standing, FrozenStanding)}
