"""What the tests of the stage services ask, in few words."""

import pytest

from camp.notices.models import Notice
from camp.stages.models import Participation
from camp.stages.services import StageError


def stages_of(enrollment):
    rows = Participation.objects.admitted().filter(enrollment=enrollment)
    return [row.stage.key for row in rows.select_related("stage").order_by("stage__position")]


def promotions_told(enrollment):
    return Notice.objects.of(enrollment.student).filter(kind="stages/promoted").count()


def refusal(call, *args, **kwargs):
    with pytest.raises(StageError) as refused:
        call(*args, **kwargs)
    return str(refused.value)
