"""What the live page of a meeting shows, and the screen with the code for everybody's eyes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camp.classrooms import codes
from camp.classrooms.attendance import PER_PAGE
from camp.classrooms.models import RefusedCode
from tests.classrooms.teachers import address, correct, enrolled, get
from tests.factories import (
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_question,
    make_student,
    make_user,
)

pytestmark = pytest.mark.django_db
PAGES = ["live", "live_attendance", "live_questions", "live_code", "code", "code_present"]
PARTS = ["live_attendance", "live_questions", "live_code", "code_present"]


def test_the_live_page_shows_who_is_here_how_and_who_corrected(client, camp, meeting, teacher):
    make_check_in(meeting, enrolled(camp, "ash"), how="code", at=timezone.now())
    client.force_login(teacher)
    correct(client, meeting, enrolled(camp, "birch"), reason="Power cut")

    page = get(client, meeting)

    attendance = page.context["attendance"]
    assert (attendance.present, attendance.absent, attendance.total) == (2, 0, 2)
    assert "typed the code" in page.text
    assert "corrected by Teacher" in page.text
    assert "Power cut" in page.text
    assert "running now" in page.text


def test_the_live_page_works_without_scripts(client, camp, meeting, teacher):
    make_check_in(meeting, enrolled(camp, "ash"), at=timezone.now())
    enrolled(camp, "yew")
    client.force_login(teacher)

    text = get(client, meeting, show="absent", q="yew").text

    assert codes.code_at(meeting.pk, timezone.now())[:3] in text
    assert 'href="./?show=present&amp;q=yew"' in text
    assert f'href="{address(meeting, "live")}?show=absent&amp;q=yew">Refresh' in text
    assert "@yew" in text
    assert "@ash" not in text


def test_the_live_page_shows_no_more_than_a_page_of_students(client, camp, meeting, teacher):
    for number in range(PER_PAGE + 1):
        enrolled(camp, f"student{number}x")
    client.force_login(teacher)

    first, second = get(client, meeting, show="absent"), get(client, meeting, show="absent", page="2")

    assert len(first.context["attendance"].rows) == PER_PAGE
    assert len(second.context["attendance"].rows) == 1
    assert "page=2" in first.text


def test_open_questions_stand_by_votes_with_the_name_of_who_asks(client, course, meeting, teacher):
    make_question(course, title="Little wanted", votes=1)
    author = make_student("shy")
    wanted = make_question(course, title="Much wanted", votes=7, author=author, is_anonymous=True)
    make_question(course, title="Settled", votes=9, answered_at=timezone.now())
    make_question(course, title="Rude", votes=9, is_hidden=True)
    make_question(make_course(course.stage), title="Elsewhere")
    client.force_login(teacher)

    page = get(client, meeting, "live_questions")

    assert [question.title for question in page.context["questions"]] == ["Much wanted", "Little wanted"]
    assert f'href="{wanted.get_absolute_url()}"' in page.text
    assert "Shy" in page.text
    assert "anonymous to other students" in page.text


def test_no_more_than_ten_questions_are_shown(client, course, meeting, teacher):
    for _number in range(11):
        make_question(course)
    client.force_login(teacher)

    assert len(get(client, meeting).context["questions"]) == 10


def test_wrong_codes_stand_with_their_student(client, camp, meeting, teacher):
    enrollment = enrolled(camp, "rowan")
    for _try in range(5):
        RefusedCode.objects.create(meeting=meeting, enrollment=enrollment, typed="1")
    client.force_login(teacher)

    text = get(client, meeting).text

    assert "@rowan" in text
    assert "has to wait" in text


@pytest.mark.parametrize("name", PAGES)
def test_the_live_pages_cost_the_same_for_one_row_and_for_three(client, camp, course, meeting, teacher, name):
    client.force_login(teacher)

    def add():
        enrollment = make_enrollment(camp, at=timezone.now())
        make_check_in(meeting, enrollment, how="staff", corrected_by=make_user(), reason="Power cut")
        RefusedCode.objects.create(meeting=meeting, enrollment=enrollment, typed="1")
        make_question(course)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert get(client, meeting, name).status_code == 200
        return len(captured)

    add()
    get(client, meeting, name)
    few = cost()
    add()
    add()

    assert cost() == few <= 20


def test_the_screen_to_share_shows_the_code_and_nothing_of_anybody(client, camp, course, meeting, teacher):
    make_check_in(meeting, enrolled(camp, "ash", display_name="Ash Tree"), at=timezone.now())
    make_question(course, title="Much wanted")
    client.force_login(teacher)

    text = get(client, meeting, "code").text

    code = codes.code_at(meeting.pk, timezone.now())
    assert f"<span>{code[:3]}</span><span>{code[3:]}</span>" in text
    assert "First lesson" in text
    assert meeting.get_absolute_url() in text
    assert "<strong>1</strong> present" in text
    assert [word for word in ("Ash", "ash", "Much wanted", "Teacher", "teacher@") if word in text] == []


@pytest.mark.parametrize(
    ("begins", "sentence"),
    [
        (timedelta(minutes=20), "The code appears when the check-in opens"),
        (timedelta(hours=-2), "The meeting is over"),
    ],
)
@pytest.mark.parametrize("name", ["live", "code", "live_code"])
def test_the_code_is_not_shown_before_and_after(client, course, teacher, name, begins, sentence):
    meeting = make_meeting(course=course, starts_at=timezone.now() + begins)
    client.force_login(teacher)

    text = get(client, meeting, name).text

    assert sentence in text
    assert "code-digits" not in text


def test_a_cancelled_meeting_has_no_code_and_no_corrections(client, camp, meeting, teacher):
    meeting.is_cancelled = True
    meeting.save()
    enrollment = enrolled(camp, "rowan")
    client.force_login(teacher)

    assert "This meeting is cancelled, so there is no code." in get(client, meeting, "code").text
    assert "was here" not in get(client, meeting, show="absent").text
    assert correct(client, meeting, enrollment).status_code == 403


def test_a_search_leads_to_what_it_finds_in_the_other_list(client, camp, meeting, teacher):
    enrolled(camp, "yew")
    client.force_login(teacher)

    text = get(client, meeting, q="yew").text

    assert "Nobody found" in text
    assert (
        '<a id="found-elsewhere" href="./?q=yew&amp;show=absent">1 more found among those who are not here</a>' in text
    )
