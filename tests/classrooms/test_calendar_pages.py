"""The page of one's own calendar: the address, and the choice of reminders and courses."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camp.classrooms.models import CalendarFeed, ReminderChoice, SkippedCourse
from tests.classrooms.calendars import PAGE, RENEW, browser, feed_url, make_timetable
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_meeting,
    make_running_camp,
    make_stage,
    make_student,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    return make_timetable()


@pytest.fixture
def student(camp):
    return make_enrollment(camp, at=timezone.now(), student=make_student(language="en")).student


def text(response):
    return " ".join(response.content.decode().split())


def test_page_shows_the_address_and_is_not_kept(student):
    response = browser(student).get(PAGE)

    assert f'value="http://127.0.0.1:8000{feed_url(student)}"' in response.content.decode()
    assert f'href="webcal://127.0.0.1:8000{feed_url(student)}"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert CalendarFeed.objects.count() == 1


def test_page_shows_what_comes_next_with_its_file(student, camp):
    make_meeting(camp, title="Gone", starts_at=timezone.now() - timedelta(days=1))

    response = browser(student).get(PAGE)

    assert [str(row) for row in response.context["meetings"]] == ["Lesson of C++", "Lesson of Rust", "Ceremony"]
    assert reverse("classrooms:meeting_ics", args=camp.ceremony.address) in text(response)


def test_page_is_for_those_who_are_signed_in():
    for url in (PAGE, RENEW):
        assert browser().get(url).url == f"{reverse('account_login')}?next={url}"


def test_page_without_a_camp_says_what_will_appear():
    response = browser(make_user()).get(PAGE)

    assert "No meeting ahead" in text(response)
    assert "courses" not in response.context["form"].fields


def test_page_is_one_of_the_account(student):
    assert f'<a href="{PAGE}" aria-current="page">Calendar and reminders</a>' in text(browser(student).get(PAGE))


def test_a_new_address_asks_first(student):
    old = feed_url(student)
    response = browser(student).get(RENEW)

    assert "The old address stops working at once" in text(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert feed_url(student) == old


def test_choices_are_stored(student, camp):
    response = browser(student).post(PAGE, {"half_hour_before": "on", "courses": [camp.cpp.pk]}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["Your choice is saved."]
    choice = ReminderChoice.objects.get()
    assert (choice.user, choice.day_before, choice.half_hour_before) == (student, False, True)
    assert [row.course for row in SkippedCourse.objects.all()] == [camp.rust]
    assert response.context["form"].initial == {
        "day_before": False, "half_hour_before": True, "courses": [camp.cpp.pk],
    }  # fmt: skip


def test_nothing_ticked_is_a_choice_too(student, camp):
    browser(student).post(PAGE, {})

    assert not ReminderChoice.objects.get().day_before
    assert {row.course for row in SkippedCourse.objects.all()} == {camp.cpp, camp.rust}


def test_choosing_again_takes_a_course_back_and_leaves_others_alone(student, camp):
    elsewhere = make_course(make_stage(make_camp("autumn")))
    for course in (camp.rust, elsewhere):
        SkippedCourse.objects.create(user=student, course=course)

    browser(student).post(PAGE, {"courses": [camp.cpp.pk, camp.rust.pk]})

    assert [row.course for row in SkippedCourse.objects.all()] == [elsewhere]


@pytest.mark.parametrize("chosen", ["cuda", "word"])
def test_a_course_that_is_not_open_is_refused_with_a_sentence(chosen, student, camp):
    response = browser(student).post(PAGE, {"day_before": "on", "courses": [camp.cuda.pk if chosen == "cuda" else "x"]})

    assert "One of these courses is not open to you any more. Choose again." in text(response)
    assert response.status_code == 400
    assert SkippedCourse.objects.count() == 0


def test_courses_are_named_with_their_camp_where_there_are_several(student, camp):
    def labels():
        return [label for _value, label in browser(student).get(PAGE).context["form"].fields["courses"].choices]

    assert labels() == ["C++", "Rust"]

    other = make_running_camp("autumn", name="Autumn camp")
    make_course(make_stage(other), name="Go")
    make_enrollment(other, student=student, at=timezone.now())

    assert sorted(labels()) == ["C++ · Summer camp", "Go · Autumn camp", "Rust · Summer camp"]


def test_page_asks_equally_often_for_many_courses_and_meetings(student, camp):
    def asked():
        client = browser(student)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for _number in range(3):
        make_meeting(course=make_course(camp.cpp.stage), starts_at=timezone.now() + timedelta(days=1))

    assert asked() == few
