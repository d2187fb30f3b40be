"""A course that believes one grader, and a student of it with a proven login.

A test file with rows of its own defines its own fixtures.
"""

import pytest

from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_stage,
)
from tests.rankings.proving import ACTOR


@pytest.fixture
def course():
    course = make_course(make_stage(make_camp()), max_points=11)
    make_exercises(course, 11)
    make_grader(course)
    return course


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="octo", uid=ACTOR)
    return enrollment
