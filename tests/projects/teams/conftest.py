"""A team of two, its lead and the other. A test file with rows of its own defines its own fixtures."""

import pytest

from tests.factories import make_student
from tests.project_factories import make_project_stage, make_project_student, make_team


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def other(stage):
    return make_project_student(stage, student=make_student(language="en"))


@pytest.fixture
def team(stage, other):
    return make_team(stage, name="Kernels", members=[other])
