"""The feed that programs read, and one meeting as a file."""

from datetime import timedelta

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.classrooms import feeds
from camp.classrooms.models import CalendarFeed, SkippedCourse
from camp.enrollment import services as enrollments
from camp.enrollment.models import Enrollment
from camp.stages import services as stages
from tests.classrooms.calendars import RENEW, browser, feed_url, make_timetable
from tests.factories import (
    NOW,
    make_camp,
    make_course,
    make_enrollment,
    make_meeting,
    make_recording,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
    make_superuser,
)

pytestmark = pytest.mark.django_db
VOID = "This calendar address is not valid. Sign in to get yours: http://127.0.0.1:8000/my/calendar/\n"


@pytest.fixture
def camp():
    return make_timetable()


@pytest.fixture
def student(camp):
    return make_enrollment(camp, at=timezone.now(), student=make_student(language="en")).student


def read(user, **headers):
    return browser().get(feed_url(user), headers=headers)


def titles(user):
    return [str(event["summary"]) for event in icalendar.Calendar.from_ical(read(user).content).events]


# Which meetings are in it.


def test_feed_has_the_meetings_of_the_camps_and_courses_of_a_student(student):
    make_meeting(make_running_camp("autumn"), title="Elsewhere")

    assert titles(student) == ["Lesson of C++", "Lesson of Rust", "Ceremony"]


def test_a_course_that_is_not_followed_is_not_in_the_feed(student, camp):
    SkippedCourse.objects.create(user=student, course=camp.rust)

    assert titles(student) == ["Lesson of C++", "Ceremony"]


def test_a_stage_that_is_reached_brings_its_courses(student, camp):
    stages.promote(Enrollment.objects.get(), camp.cuda.stage, by=make_superuser(), reason="Well done.")

    assert "Lesson of CUDA" in titles(student)


@pytest.mark.parametrize("status", ["applied", "waiting", "declined", "removed"])
def test_who_is_not_a_student_has_an_empty_feed(status, camp):
    user = make_enrollment(camp, status=status).student

    assert titles(user) == []


def test_who_left_the_camp_has_an_empty_feed(student):
    enrollments.withdraw(Enrollment.objects.get(), by=student)

    assert titles(student) == []


def test_meetings_of_an_unpublished_camp_are_for_its_staff(student, camp):
    teacher = make_staff_role(camp, role=StaffRole.Role.TEACHER).user
    camp.is_published = False
    camp.save()

    assert titles(student) == []
    assert len(titles(teacher)) == 4


def test_feed_has_what_a_teacher_teaches_followed_or_not(camp):
    role = make_staff_role(camp, role=StaffRole.Role.ASSISTANT)
    camp.rust.staff.add(role)
    SkippedCourse.objects.create(user=role.user, course=camp.rust)

    assert titles(role.user) == ["Lesson of Rust"]


def test_feed_of_a_superuser_has_the_camps_in_which_they_have_a_role(camp):
    superuser = make_superuser()
    make_meeting(make_running_camp("autumn"), title="Elsewhere")

    assert titles(superuser) == []

    make_staff_role(camp, user=superuser)

    assert len(titles(superuser)) == 4


def test_feed_is_in_the_language_of_its_person(student, camp):
    student.language = "zh-hans"
    student.save()

    assert read(student).headers["Content-Language"] == "zh-hans"


# How it is answered.


def test_feed_is_a_calendar_that_nobody_else_keeps(student):
    response = read(student)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private"
    assert "sessionid" not in response.cookies


def test_an_unchanged_feed_is_not_sent_again(student, camp):
    etag = read(student).headers["ETag"]
    again = read(student, if_none_match=etag)
    camp.ceremony.title = "The ceremony"
    camp.ceremony.save()
    changed = read(student, if_none_match=etag)

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert again.headers["Cache-Control"] == "private"
    assert changed.status_code == 200


def test_feed_answers_head_and_refuses_to_be_written(student):
    assert browser().head(feed_url(student)).status_code == 200
    assert browser().post(feed_url(student)).status_code == 405


@pytest.mark.parametrize("token", ["made-up", "x" * 500, "%00", "a%20b", "%F0%9F%8E%93", "..%5C"])
def test_a_made_up_address_says_where_the_right_one_is(token):
    response = browser().get(f"/calendar/{token}.ics")

    assert (response.status_code, response.content.decode()) == (404, VOID)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_a_new_address_makes_the_old_one_void_at_once(student):
    old = feed_url(student)
    browser(student).post(RENEW)

    assert browser().get(old).content.decode() == VOID
    assert feed_url(student) != old
    assert read(student).status_code == 200


def test_the_address_of_somebody_who_may_not_sign_in_is_void(student):
    url = feed_url(student)
    student.is_active = False
    student.save()

    assert (browser().get(url).status_code, browser().get(url).content.decode()) == (404, VOID)


def test_reading_is_noted_once_an_hour(student):
    def read_at():
        return CalendarFeed.objects.get().read_at

    feed = feeds.feed_of(student)
    feeds.note_read(feed, at=NOW)
    feeds.note_read(feeds.feed_of(student), at=NOW + timedelta(minutes=59))
    assert read_at() == NOW

    feeds.note_read(feeds.feed_of(student), at=NOW + timedelta(minutes=60))
    assert read_at() == NOW + timedelta(minutes=60)


def test_reading_the_feed_notes_it(student):
    read(student)

    assert timezone.now() - CalendarFeed.objects.get().read_at < timedelta(minutes=1)


def test_feed_asks_equally_often_for_many_meetings_and_camps(student, camp):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert read(student).status_code == 200
        return len(queries)

    read(student)
    few = asked()
    for slug in ("autumn", "winter"):
        other = make_running_camp(slug, time_zone="Europe/Berlin")
        make_enrollment(other, student=student, at=timezone.now())
        for _number in range(3):
            make_meeting(course=make_course(make_stage(other)), starts_at=timezone.now())
        stages.apply_rules(other)

    assert len(titles(student)) == 9
    assert asked() == few


# One meeting.


def test_a_meeting_can_be_taken_away_as_a_file_by_everybody(camp):
    make_recording(camp.ceremony, passcode="secret-4711")
    camp.ceremony.passcode = "secret-4711"
    camp.ceremony.save()

    response = browser().get(reverse("classrooms:meeting_ics", args=camp.ceremony.address))

    assert [str(event["summary"]) for event in icalendar.Calendar.from_ical(response.content).events] == ["Ceremony"]
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{camp.ceremony.key}.ics"'
    assert b"secret-4711" not in response.content


def test_the_file_of_a_meeting_is_not_there_for_strangers_of_a_hidden_camp(student, camp):
    url = reverse("classrooms:meeting_ics", args=camp.ceremony.address)
    camp.is_published = False
    camp.save()

    assert browser().get(url).status_code == 404
    assert browser(student).get(url).status_code == 404
    assert browser(make_staff_role(camp).user).get(url).status_code == 200


def test_a_meeting_of_another_camp_or_none_is_404(camp):
    other = make_meeting(make_camp("autumn"))

    for key in ("nothing", other.key):
        assert browser().get(reverse("classrooms:meeting_ics", args=[*camp.address, key])).status_code == 404
