"""What somebody who teaches has before them, and the way there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from tests.admin_world import in_english
from tests.factories import (
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_question,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db
Role = StaffRole.Role
TEACHING = "/my/teaching/"


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def camp():
    return make_running_camp()


@pytest.fixture
def course(camp):
    return make_course(make_stage(camp), name="Rust")


@pytest.fixture
def teacher(camp):
    return make_staff_role(camp, role=Role.TEACHER).user


def meeting_in(hours, where, **fields):
    starts_at = timezone.now() + timedelta(hours=hours)
    place = {"course": where} if hasattr(where, "stage") else {"camp": where}
    return make_meeting(**place, starts_at=starts_at, **fields)


def shown(client, user):
    client.force_login(user)
    return client.get(TEACHING).context["teaching"]


def test_the_address_is_that_of_the_page():
    assert reverse("classrooms:teaching") == TEACHING


def test_an_anonymous_visitor_signs_in_first(client):
    assert client.get(TEACHING).headers["Location"].startswith(reverse("account_login"))


def test_who_does_not_teach_finds_no_such_page(client, camp):
    for user in (make_student(), make_enrollment(camp).student, make_staff_role(camp, role=Role.MENTOR).user):
        client.force_login(user)

        assert client.get(TEACHING).status_code == 404


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.TEACHER, Role.ASSISTANT])
def test_everybody_with_a_teaching_role_has_the_page(client, camp, role):
    client.force_login(make_staff_role(camp, role=role).user)

    page = client.get(TEACHING)

    assert page.status_code == 200
    assert "No meeting ahead." in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_meetings_are_sorted_into_now_next_and_last(client, camp, course, teacher):
    later, soon = meeting_in(48, course), meeting_in(2, camp)
    about_to_begin, running = meeting_in(0.2, course), meeting_in(-0.5, course)
    old, older = meeting_in(-24, course), meeting_in(-48, course)
    meeting_in(3, course, is_cancelled=True)
    meeting_in(-3, course, is_cancelled=True)
    make_check_in(old, make_enrollment(camp))
    make_check_in(old, make_enrollment(camp))
    make_check_in(old, make_enrollment(camp), is_present=False)

    teaching = shown(client, teacher)

    assert teaching.running == [running, about_to_begin]
    assert teaching.coming == [soon, later]
    assert [(meeting, meeting.present) for meeting in teaching.past] == [(old, 2), (older, 0)]


def test_no_more_than_ten_are_shown_of_the_next_and_the_last(client, course, teacher):
    for number in range(1, 12):
        meeting_in(number, course)
        meeting_in(-2 - number, course)

    teaching = shown(client, teacher)

    assert (len(teaching.coming), len(teaching.past)) == (10, 10)


def test_a_running_meeting_leads_to_its_live_page_and_its_code(client, course, teacher):
    meeting = meeting_in(-0.5, course, join_url="https://meet.example.org/4711")
    client.force_login(teacher)

    text = client.get(TEACHING).text

    assert f'href="{reverse("classrooms:live", args=meeting.address)}">Live page' in text
    assert f'href="{reverse("classrooms:code", args=meeting.address)}">Show the code' in text
    assert "4711" not in text


def test_who_is_narrowed_to_courses_sees_theirs_only(client, camp, course):
    role = make_staff_role(camp, role=Role.ASSISTANT)
    course.staff.add(role)
    other = make_course(course.stage)
    own = meeting_in(1, course)
    meeting_in(2, camp)
    meeting_in(1, other)
    meeting_in(1, make_running_camp("winter"))
    make_question(other)
    make_question(course)

    teaching = shown(client, role.user)

    assert teaching.coming == [own]
    assert teaching.courses == [course]


def test_a_superuser_sees_every_camp(client, course):
    meetings = [meeting_in(1, course), meeting_in(2, make_running_camp("winter"))]

    assert shown(client, make_superuser()).coming == meetings


def test_open_questions_are_counted_by_course(client, course, teacher):
    other, empty = make_course(course.stage, name="C++"), make_course(course.stage)
    make_question(course)
    make_question(course, answered_at=timezone.now())
    make_question(course, is_hidden=True)
    make_question(empty, answered_at=timezone.now())
    make_question(other)
    make_question(other)

    teaching = shown(client, teacher)

    assert [(row, row.open_questions) for row in teaching.courses] == [(other, 2), (course, 1)]
    assert f'href="{other.get_absolute_url()}?tab=qa"' in client.get(TEACHING).text


def cost(client, address=TEACHING):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_costs_the_same_for_one_row_and_for_three(client, camp, teacher):
    def add():
        course = make_course(make_stage(camp))
        make_question(course)
        for hours in (-30, -0.5, 5):
            make_check_in(meeting_in(hours, course), make_enrollment(camp))

    client.force_login(teacher)
    add()
    client.get(TEACHING)
    few = cost(client)
    add()
    add()

    assert cost(client) == few <= 15


# The way there.


def menu_leads_there(client, user):
    client.force_login(user)
    return f'href="{TEACHING}"' in client.get("/").text


def test_the_menu_leads_there_for_those_who_teach(client, camp, teacher):
    assert menu_leads_there(client, teacher)
    assert menu_leads_there(client, make_superuser())
    assert not menu_leads_there(client, make_staff_role(camp, role=Role.MENTOR).user)
    assert not menu_leads_there(client, make_student())


def test_the_menu_costs_staff_no_more_than_students(client, camp, teacher):
    costs = []
    for user in (make_user(), make_student(), teacher):
        client.force_login(user)
        client.get("/")
        costs.append(cost(client, "/"))

    assert costs == [costs[0]] * 3


def test_ones_own_page_leads_those_who_teach_to_their_meetings(client, camp):
    link = '<a class="button quiet" href="/my/teaching/">'
    student, teacher = make_student(), make_staff_role(camp, role=Role.TEACHER).user
    for user, is_there in ((student, False), (teacher, True)):
        client.force_login(user)

        page = client.get("/my/").text

        assert (link in page, "You are in no camp yet" in page) == (is_there, not is_there)
