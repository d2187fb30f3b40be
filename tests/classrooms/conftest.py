import pytest

from tests.classrooms.visits import Clock


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)
