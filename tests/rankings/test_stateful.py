"""Whatever happens in whatever order, what is stored is what the attempts and corrections come to."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from camp.rankings import frozen_copy
from tests.rankings.season import Season, make_world

pytestmark = pytest.mark.django_db


def test_everything_derived_equals_a_recomputation_after_any_sequence(monkeypatch):
    monkeypatch.setattr(frozen_copy, "PART", 1)
    Season.world = make_world()
    quick = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(Season, settings=quick)
