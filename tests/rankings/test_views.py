"""The page of a course: its tabs, for strangers and for students."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_identity,
    make_meeting,
    make_running_camp,
    make_stage,
    make_standing,
    make_student,
)
from tests.rankings.boards import make_board

pytestmark = pytest.mark.django_db
TABS = ["classroom", "rank", "exercises"]


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


def page(client, course, tab="rank", **query):
    return client.get(course.get_absolute_url(), {"tab": tab} | query)


@pytest.mark.parametrize("tab", TABS)
def test_course_page_is_public(client, course, tab):
    response = page(client, course, tab)

    assert response.status_code == 200
    assert "Rust course" in response.text


def test_course_page_answers_in_any_case_and_redirects_without_the_slash(client, course):
    address = course.get_absolute_url()

    assert client.get(address.upper().replace("/CAMP/", "/camp/").replace("/STAGE/", "/stage/")).status_code == 200
    assert client.get(f"{address.rstrip('/')}?tab=rank").headers["Location"] == f"{address}?tab=rank"


@pytest.mark.parametrize(
    "change",
    [
        ("stage/1", "stage/9"),
        ("stage/1", f"stage/1{'0' * 30}"),
        ("summer", "winter"),
        ("?tab=rank", "?tab=gossip"),
        ("?tab=rank", "?tab=rank&page=2"),
    ],
)
def test_course_page_that_does_not_exist_is_a_404(client, course, change):
    address = f"{course.get_absolute_url()}?tab=rank".replace(*change)

    assert client.get(address).status_code == 404


def test_unpublished_camp_is_a_404(client, course):
    course.camp.is_published = False
    course.camp.save()

    client.force_login(make_student())

    assert page(client, course).status_code == 404


def test_board_pins_the_own_row(client, course):
    make_board(course, [(30, 0), (29, 0)])
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_standing(course, enrollment, points=10)
    client.force_login(enrollment.student)

    response = page(client, course)

    assert "<dd>3</dd>" in response.text[response.text.index('id="own"') :]
    assert 'href="?tab=rank&amp;page=1#me"' in response.text
    assert 'id="me"' in response.text


def test_board_costs_the_same_for_one_row_and_for_many(
    client, course, django_assert_num_queries, django_assert_max_num_queries
):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_standing(course, enrollment, points=10)
    client.force_login(enrollment.student)
    client.get("/healthz")
    with django_assert_max_num_queries(40) as one:
        page(client, course)
    make_board(course, [(30, 0), (29, 0), (29, 0)])

    with django_assert_num_queries(len(one)):
        page(client, course)


def test_exercises_tab_shows_own_attempts_with_the_reason(client, course):
    student = make_student()
    make_identity(student, login="octo")
    make_attempt(course, login="octo", points=31, outcome="refused", reason="above_maximum", detail="score is error")
    make_attempt(course, login="somebody-else", points=5)
    client.force_login(student)

    response = page(client, course, "exercises")

    assert [attempt.login for attempt in response.context["attempts"]] == ["octo"]
    assert "score is error" in response.text


def test_exercises_tab_costs_the_same_for_one_attempt_and_for_many(
    client, course, django_assert_num_queries, django_assert_max_num_queries
):
    student = make_student()
    make_identity(student, login="octo")
    make_attempt(course, login="octo")
    client.force_login(student)
    client.get("/healthz")
    with django_assert_max_num_queries(40) as one:
        page(client, course, "exercises")
    make_attempt(course, login="octo")
    make_attempt(course, login="octo")

    with django_assert_num_queries(len(one)):
        page(client, course, "exercises")


def test_hostile_search_and_names_are_shown_as_text(client, course):
    student = make_student(display_name="<script>alert(1)</script>")
    make_standing(course, make_enrollment(course.camp, student=student, at=timezone.now()), points=3)

    response = page(client, course, q="<script>alert")

    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text


def test_classroom_shows_the_next_lesson(client, course):
    make_meeting(course=course, starts_at=timezone.now(), title="First lesson")

    response = page(client, course, "classroom")

    assert [slot.is_running for slot in response.context["timetable"]] == [True]
    assert "First lesson" in response.text


def test_setup_names_the_course_and_the_address(client, course):
    response = page(client, course, "exercises")

    assert f'"courseId":{course.upload_id}' in response.text
    assert reverse("rankings:create_by_third_token") in response.text


def test_page_past_the_end_says_so_and_leads_back(client, course):
    client.force_login(make_student(language="en"))

    response = client.get(f"{course.get_absolute_url()}?tab=rank&page=9", headers={"Accept-Language": "en"})

    assert response.status_code == 404
    assert "The board has no such page." in response.text
    assert 'href="?tab=rank"' in response.text
