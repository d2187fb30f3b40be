"""When the demo's students entered a stage: not before it began, although their enrollment decided on it earlier."""

from camp.notices.models import Notice
from camp.stages.models import Participation


def let_stages_begin(camp, *, now):
    """Whoever was in a stage before it began, entered it as it did: in its row, in its history and in the notice."""
    for stage in camp.stages.filter(opens_at__lte=now):
        stage.camp, begins_at = camp, max(stage.opens_at, camp.starts_at)
        early = {"stage": stage, "decided_at__lt": begins_at}
        Participation.objects.filter(**early).update(decided_at=begins_at)
        Participation.history.filter(**early).update(decided_at=begins_at, history_date=begins_at)
        told = Notice.objects.filter(kind="stages/promoted", url=stage.get_absolute_url(), created_at__lt=begins_at)
        told.update(created_at=begins_at)
