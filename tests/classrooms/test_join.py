"""Joining a meeting and checking in: who, when to the second, and what is recorded."""

from datetime import timedelta

import pytest
from django.urls import reverse

from camp.classrooms import codes
from tests.classrooms.visits import (
    END,
    OPENS,
    OUTSIDER_NAMES,
    OUTSIDERS,
    SECOND,
    SECRETS,
    START,
    Lesson,
    browser,
    check_ins,
    hidden_in,
    reveals,
    text,
)
from tests.factories import make_student

pytestmark = pytest.mark.django_db
EARLY = "It is too early: joining opens 15 minutes before the start."
OVER = "This meeting is over. Its recording appears on this page."
CANCELLED = "This meeting is cancelled."


@pytest.fixture
def lesson(clock):
    return Lesson()


def join(lesson, user):
    return browser(user).post(lesson.url("join"))


@pytest.mark.parametrize("moment", [OPENS, START, END - SECOND])
def test_student_is_shown_the_way_in_and_checked_in(lesson, clock, moment):
    clock.now = moment

    response = join(lesson, lesson.student)

    assert response.status_code == 200
    assert [secret for secret in SECRETS.values() if secret not in text(response)] == []
    assert "You are checked in." in text(response)
    assert reveals() == [
        (lesson.student.pk, f"join address of meeting {lesson.meeting.key} ({lesson.meeting.pk})", moment)
    ]
    assert check_ins() == [(lesson.enrollment.pk, lesson.meeting.pk, "join", moment)]


def test_the_way_in_is_kept_by_no_cache_and_sends_no_referrer(lesson, clock):
    clock.now = START

    response = join(lesson, lesson.student)

    assert "no-store" in response["Cache-Control"]
    assert f'href="{SECRETS["join_url"]}" rel="noopener noreferrer"' in text(response)


@pytest.mark.parametrize(
    ("moment", "sentence"), [(OPENS - SECOND, EARLY), (END, OVER), (END + timedelta(days=9), OVER)]
)
def test_outside_the_window_nothing_is_shown_nor_recorded(lesson, clock, moment, sentence):
    clock.now = moment

    response = join(lesson, lesson.student)

    assert (response.status_code, sentence in text(response)) == (403, True)
    assert (hidden_in(response), reveals(), check_ins()) == ([], [], [])


def test_cancelled_meeting_cannot_be_joined(lesson, clock):
    lesson.cancel()
    clock.now = START

    response = join(lesson, lesson.student)

    assert (response.status_code, CANCELLED in text(response)) == (403, True)
    assert (hidden_in(response), reveals(), check_ins()) == ([], [], [])


def test_meeting_without_an_address_says_that_it_will_come(lesson, clock):
    lesson.meeting.join_url = lesson.meeting.number = ""
    lesson.meeting.save()
    clock.now = START

    response = join(lesson, lesson.student)

    assert response.status_code == 403
    assert "The address of this meeting is not here yet." in text(response)
    assert (hidden_in(response), reveals(), check_ins()) == ([], [], [])


@pytest.mark.parametrize("who", OUTSIDERS, ids=OUTSIDER_NAMES)
@pytest.mark.parametrize("name", ["join", "check_in"])
def test_others_are_refused_with_a_sentence(lesson, clock, who, name):
    client = browser(who(lesson))
    clock.now = START

    response = client.post(lesson.url(name), {"code": codes.code_at(lesson.meeting.pk, START)})

    assert response.status_code == 403
    assert "This is for" in text(response)
    assert (hidden_in(response), reveals(), check_ins()) == ([], [], [])


@pytest.mark.parametrize("name", ["join", "check_in"])
def test_anonymous_visitor_signs_in_and_lands_on_the_page_of_the_meeting(lesson, clock, name):
    clock.now = START

    asked = browser().post(lesson.url(name))
    back = browser(lesson.student).get(lesson.url(name))

    assert asked.url == f"{reverse('account_login')}?next={lesson.url(name)}"
    assert back.url == lesson.url()
    assert (reveals(), check_ins()) == ([], [])


@pytest.mark.parametrize("name", ["join", "check_in"])
def test_meeting_of_another_camp_is_a_404(lesson, clock, name):
    other = Lesson(camp=lesson.camp.organization.camps.create(**_like(lesson.camp, slug="autumn")))
    clock.now = START

    address = lesson.url(name).replace(f"/{lesson.meeting.key}/", f"/{other.meeting.key}/")

    assert browser(lesson.student).post(address).status_code == 404
    assert reveals() == []


def _like(camp, *, slug):
    names = ("name", "registration_opens_at", "registration_closes_at", "starts_at", "ends_at")
    return {name: getattr(camp, name) for name in names} | {"slug": slug}


def test_joining_twice_checks_in_once_and_records_both(lesson, clock):
    clock.now = START
    join(lesson, lesson.student)
    clock.now = START + timedelta(minutes=5)
    join(lesson, lesson.student)

    assert check_ins() == [(lesson.enrollment.pk, lesson.meeting.pk, "join", START)]
    assert [moment for _user, _secret, moment in reveals()] == [START, clock.now]


def test_staff_join_without_a_check_in(lesson, clock):
    teacher = lesson.teacher()
    clock.now = START

    response = join(lesson, teacher)

    assert (response.status_code, SECRETS["join_url"] in text(response)) == (200, True)
    assert "You are checked in." not in text(response)
    assert ([user for user, *_rest in reveals()], check_ins()) == ([teacher.pk], [])


def test_request_forged_by_another_site_is_refused(lesson, clock):
    clock.now = START
    client = browser(lesson.student, enforce_csrf_checks=True)

    assert client.post(lesson.url("join")).status_code == 403
    assert (reveals(), check_ins()) == ([], [])


def test_secrets_are_in_no_answer_of_a_student_but_the_one_they_asked_for(lesson, clock):
    clock.now = START
    client = browser(lesson.student)
    pages = [lesson.url(), lesson.course.get_absolute_url(), lesson.camp.get_absolute_url(), reverse("my")]

    client.post(lesson.url("join"))

    assert [hidden_in(client.get(page)) for page in pages] == [[]] * len(pages)


def test_nobody_is_checked_in_by_looking(lesson, clock):
    clock.now = START

    browser(lesson.student).get(lesson.url())
    browser(make_student()).get(lesson.url())

    assert (reveals(), check_ins()) == ([], [])
