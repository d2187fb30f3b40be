"""Check-ins and wrong codes in the administration: who sees which, and that they are only read there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.classrooms import services
from camp.classrooms.models import CheckIn, RefusedCode
from tests.admin_world import address, in_english
from tests.factories import (
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db
Role = StaffRole.Role
MODELS = [CheckIn, RefusedCode]


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def camp():
    return make_running_camp()


@pytest.fixture
def course(camp):
    return make_course(make_stage(camp), name="Rust")


def make_row(model, meeting):
    enrollment = make_enrollment(meeting.camp, at=timezone.now())
    if model is CheckIn:
        return make_check_in(meeting, enrollment, at=timezone.now())
    return RefusedCode.objects.create(meeting=meeting, enrollment=enrollment, typed="123456")


@pytest.fixture
def rows(camp, course):
    """For each model: a row of the course, one of another course, one of the camp's own, one of another camp."""
    places = [
        {"course": course},
        {"course": make_course(course.stage)},
        {"camp": camp},
        {"camp": make_running_camp("w")},
    ]
    meetings = [make_meeting(**place, starts_at=timezone.now()) for place in places]
    return {model: [make_row(model, meeting) for meeting in meetings] for model in MODELS}


def listed(client, model, user, **query):
    client.force_login(user)
    response = client.get(reverse(address(model, "changelist")), query)
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.TEACHER, Role.ASSISTANT])
def test_those_who_teach_in_the_whole_camp_see_all_of_it(client, camp, rows, model, role):
    user = make_staff_role(camp, role=role).user

    assert listed(client, model, user) == set(rows[model][:3])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", [Role.TEACHER, Role.ASSISTANT])
def test_who_is_narrowed_to_a_course_sees_that_course(client, camp, course, rows, model, role):
    staff_role = make_staff_role(camp, role=role)
    course.staff.add(staff_role)

    assert listed(client, model, staff_role.user) == {rows[model][0]}
    assert client.get(reverse(address(model, "change"), args=[rows[model][0].pk])).status_code == 200
    for hidden in rows[model][1:]:
        assert client.get(reverse(address(model, "change"), args=[hidden.pk])).status_code in (302, 404)


@pytest.mark.parametrize("model", MODELS)
def test_a_superuser_sees_every_camp_and_a_mentor_nothing(client, camp, rows, model):
    assert listed(client, model, make_superuser()) == set(rows[model])

    client.force_login(make_staff_role(camp, role=Role.MENTOR).user)
    assert client.get(reverse(address(model, "changelist"))).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_the_lists_are_narrowed_by_course_and_by_day(client, camp, course, rows, model):
    user = make_staff_role(camp).user
    field = "checked_in_at" if model is CheckIn else "tried_at"

    assert listed(client, model, user, meeting__course__id__exact=course.pk) == {rows[model][0]}
    assert listed(client, model, user, meeting__camp__id__exact=camp.pk) == set(rows[model][:3])
    assert listed(client, model, user, **{f"{field}__year": timezone.now().year - 3}) == set()


def test_check_ins_are_narrowed_to_those_corrected(client, camp, course):
    user = make_staff_role(camp).user
    meeting = make_meeting(course=course, starts_at=timezone.now() - timedelta(minutes=5))
    make_row(CheckIn, meeting)
    enrollment = make_enrollment(camp, at=timezone.now())
    row = services.correct(meeting, enrollment=enrollment, is_present=False, by=user, reason="A guest")

    assert listed(client, CheckIn, user, how__exact="staff") == {row}
    assert listed(client, CheckIn, user, is_present__exact="0") == {row}


@pytest.mark.parametrize("model", MODELS)
def test_filters_offer_only_ones_own_courses_and_camps(client, camp, course, rows, model):
    client.force_login(make_staff_role(camp).user)

    text = client.get(reverse(address(model, "changelist"))).text

    assert f"?meeting__course__id__exact={course.pk}" in text
    assert "Winter camp" not in text


@pytest.mark.parametrize("model", MODELS)
def test_the_rows_are_only_read(client, camp, rows, model):
    client.force_login(make_staff_role(camp).user)
    row = rows[model][0]

    assert client.get(reverse(address(model, "add"))).status_code == 403
    assert client.post(reverse(address(model, "change"), args=[row.pk]), {"typed": "x"}).status_code == 403
    assert client.post(reverse(address(model, "delete"), args=[row.pk]), {"post": "yes"}).status_code == 403


def test_the_history_of_a_correction_is_for_organizers(client, camp, course):
    teacher, organizer = (make_staff_role(camp, role=role).user for role in (Role.TEACHER, Role.ORGANIZER))
    meeting = make_meeting(course=course, starts_at=timezone.now() - timedelta(minutes=5))
    check_in = make_row(CheckIn, meeting)
    services.correct(meeting, enrollment=check_in.enrollment, is_present=False, by=teacher, reason="A guest")
    history = reverse(address(CheckIn, "history"), args=[check_in.pk])

    client.force_login(teacher)
    assert client.get(history).status_code == 403
    client.force_login(organizer)
    assert "A guest" in client.get(history).text
