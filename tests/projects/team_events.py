"""What becomes of a team, who is told, and what is refused: what the tests of its services share."""

from datetime import timedelta

import pytest

from camp.notices.models import Notice
from camp.projects.errors import ProjectError
from tests.factories import NOW


def lock(stage):
    """Lock the teams in the database; the instance of the caller stays stale."""
    type(stage).objects.filter(pk=stage.pk).update(teams_lock_at=NOW - timedelta(hours=1))


def refusal(call, kind=ProjectError):
    with pytest.raises(kind) as refused:
        call()
    return str(refused.value)


def people(team):
    """The members' ids in their order, and the size that the team counts."""
    team.refresh_from_db()
    return list(team.members.values_list("enrollment", flat=True)), team.size


def told():
    return set(Notice.objects.filter(kind__startswith="projects/").values_list("kind", "recipient"))
