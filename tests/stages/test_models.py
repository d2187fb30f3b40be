from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from camp.stages.models import (
    Course,
    CourseProgress,
    ItemTick,
    Participation,
    Requirement,
    RequirementGroup,
    Stage,
)
from tests.factories import (
    NOW,
    make_camp,
    make_course,
    make_enrollment,
    make_requirement,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db


def refuses(change):
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "points"},
        {"kind": "item"},
        {"kind": "attendance"},
        {"kind": "attendance", "meetings": 0},
        {"kind": "attendance", "item": "Report"},
        {"kind": "else", "item": "Report"},
    ],
)
def test_requirement_must_say_what_it_asks(asked):
    stage = make_stage()

    assert refuses(lambda: make_requirement(stage, **asked))


@pytest.mark.parametrize("points", [0, -1])
def test_requirement_asks_for_more_than_no_points(points):
    course = make_course()

    assert refuses(lambda: make_requirement(course.stage, course=course, points=points))


def test_requirement_group_needs_at_least_one():
    stage = make_stage()

    assert refuses(lambda: RequirementGroup.objects.create(stage=stage, label="Homework", needed=0))


def test_requirement_of_a_course_of_another_camp_is_refused_by_forms():
    requirement = make_requirement(make_stage(), course=make_course())

    with pytest.raises(ValidationError) as refusal:
        requirement.full_clean()

    assert refusal.value.message_dict == {"course": ["This course belongs to another camp."]}


def test_requirement_refused_by_the_database_is_worded_by_forms():
    requirement = Requirement(group=make_requirement(make_stage(), kind="item", item="Report").group, kind="attendance")

    with pytest.raises(ValidationError) as refusal:
        requirement.full_clean()

    words = "Points need a course, an item needs its name, attendance needs a number of meetings."
    assert refusal.value.message_dict == {"__all__": [words]}


def test_stage_closes_after_it_opens():
    camp = make_camp()

    assert refuses(lambda: make_stage(camp, opens_at=NOW, closes_at=NOW))


def test_stage_key_is_once_per_camp():
    stage = make_stage()

    assert refuses(lambda: make_stage(stage.camp, stage.key))


def test_course_number_is_once_per_camp():
    course = make_course()

    assert refuses(lambda: make_course(course.stage, number=course.number))


def test_upload_id_names_one_course_of_all_camps():
    course = make_course()

    assert refuses(lambda: make_course(upload_id=course.upload_id))


def test_courses_without_homework_share_no_upload_id():
    courses = [make_course(upload_id=None), make_course(upload_id=None)]

    assert [course.upload_id for course in courses] == [None, None]


def test_upload_window_closes_after_it_opens():
    course = make_course()

    assert refuses(lambda: Course.objects.filter(pk=course.pk).update(upload_opens_at=NOW, upload_closes_at=NOW))


def test_participation_is_once_per_stage():
    enrollment = make_enrollment()
    stage = make_stage(enrollment.camp)
    Participation.objects.create(enrollment=enrollment, stage=stage)

    assert refuses(lambda: Participation.objects.create(enrollment=enrollment, stage=stage))


@pytest.mark.parametrize("has_course", [True, False])
def test_progress_is_once_per_course_and_once_for_the_camp(has_course):
    enrollment = make_enrollment()
    course = make_course(make_stage(enrollment.camp)) if has_course else None
    CourseProgress.objects.create(enrollment=enrollment, course=course)

    assert refuses(lambda: CourseProgress.objects.create(enrollment=enrollment, course=course))


def test_item_is_ticked_once():
    enrollment, staff = make_enrollment(), make_superuser()
    requirement = make_requirement(make_stage(enrollment.camp), kind="item", item="Report")
    ItemTick.objects.create(requirement=requirement, enrollment=enrollment, ticked_by=staff)

    assert refuses(lambda: ItemTick.objects.create(requirement=requirement, enrollment=enrollment, ticked_by=staff))


def test_points_need_full_marks_unless_a_number_is_given():
    course = make_course(max_points=30)

    assert make_requirement(course.stage, course=course).needed == 30
    assert make_requirement(course.stage, course=course, points=12).needed == 12


def test_open_stages_are_those_around_the_moment():
    camp = make_camp()
    now = make_stage(camp, opens_at=NOW, closes_at=NOW + timedelta(days=1))
    make_stage(camp, opens_at=NOW - timedelta(days=1), closes_at=NOW)
    make_stage(camp, opens_at=NOW + timedelta(days=1), closes_at=NOW + timedelta(days=2))

    assert list(Stage.objects.open_at(NOW)) == [now]
    assert (now.is_open(NOW), now.is_over(NOW)) == (True, False)
