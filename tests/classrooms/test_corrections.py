"""Attendance corrected by hand on the live page: who may, what is kept, what is refused."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.classrooms.models import CheckIn
from camp.notices.models import Notice
from camp.stages.models import CourseProgress
from tests.admin_world import in_english
from tests.classrooms.teachers import address, correct, enrolled, get, htmx, others, runners
from tests.factories import (
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_user,
)

pytestmark = pytest.mark.django_db


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
def meeting(course):
    """A lesson that runs now."""
    return make_meeting(course=course, title="First lesson", starts_at=timezone.now() - timedelta(minutes=10))


@pytest.fixture
def teacher(camp):
    return make_staff_role(camp, user=make_user("teacher"), role=StaffRole.Role.TEACHER).user


def test_only_those_who_run_the_meeting_correct(client, camp, course, meeting):
    enrollment = enrolled(camp, "rowan")
    for user, status in others(camp, course).items():
        client.force_login(user)

        assert get(client, meeting, "correct", enrollment.pk).status_code == status
        assert correct(client, meeting, enrollment).status_code == status
    assert CheckIn.objects.count() == 0

    for user, was in zip(runners(camp, course), cycle(["here", "away"])):
        client.force_login(user)
        assert get(client, meeting, "correct", enrollment.pk).status_code == 200
        assert correct(client, meeting, enrollment, was=was).status_code == 302
        assert CheckIn.objects.get().corrected_by == user


def test_an_anonymous_visitor_corrects_nothing(client, camp, meeting):
    response = correct(client, meeting, enrolled(camp, "rowan"))

    assert response.headers["Location"].startswith(reverse("account_login"))
    assert CheckIn.objects.count() == 0


def test_a_correction_counts_and_leads_back_to_the_list(client, camp, course, meeting, teacher):
    enrollment = enrolled(camp, "rowan")
    client.force_login(teacher)

    response = correct(client, meeting, enrollment, query="?show=absent&q=row&page=2&was=here&other=1")

    assert response.headers["Location"] == f"{address(meeting, 'live')}?show=absent&q=row&page=2"
    values = ("is_present", "how", "reason", "corrected_by")
    assert CheckIn.objects.values_list(*values).get() == (True, "staff", "The microphone was broken", teacher.pk)
    assert CourseProgress.objects.get(enrollment=enrollment, course=course).meetings == 1
    assert "Rowan counts as present now." in client.get(response.headers["Location"]).text


def test_a_correction_to_absent(client, camp, meeting, teacher):
    enrollment = enrolled(camp, "rowan")
    make_check_in(meeting, enrollment, at=timezone.now())
    client.force_login(teacher)

    page = client.get(correct(client, meeting, enrollment, was="away").headers["Location"])

    assert CheckIn.objects.get().is_present is False
    assert "Rowan counts as absent now." in page.text
    assert page.context["attendance"].absent == 1


def test_who_corrected_is_in_the_history(client, camp, meeting, teacher):
    client.force_login(teacher)
    correct(client, meeting, enrolled(camp, "rowan"))

    assert CheckIn.objects.get().history.get().history_user == teacher


@pytest.mark.parametrize("is_part", [True, False])
def test_the_form_of_a_correction_says_whom_and_what(client, camp, meeting, teacher, is_part):
    enrollment = enrolled(camp, "rowan")
    client.force_login(teacher)

    response = (htmx if is_part else get)(client, meeting, "correct", enrollment.pk, was="away", q="row")

    assert "Rowan was not here" in response.text
    assert f'action="{address(meeting, "correct", enrollment.pk)}?was=away&amp;q=row"' in response.text
    assert ("<html" in response.text) is not is_part


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "This field is required"), ("x" * 301, "at most 300 characters"), (" \u200b ", "required")],
)
def test_a_correction_without_a_right_reason_is_refused_and_kept(client, camp, meeting, teacher, reason, words):
    client.force_login(teacher)

    response = correct(client, meeting, enrolled(camp, "rowan"), was="away", reason=reason)

    assert response.status_code == 400
    assert words in response.text
    assert "Rowan was not here" in response.text
    assert reason.strip(" \u200b") in response.text
    assert CheckIn.objects.count() == 0


def test_a_correction_that_says_neither_is_refused(client, camp, meeting, teacher):
    client.force_login(teacher)

    assert correct(client, meeting, enrolled(camp, "rowan"), was="perhaps").status_code == 400
    assert CheckIn.objects.count() == 0


def test_a_correction_before_the_meeting_is_refused_and_kept(client, camp, course, teacher):
    meeting = make_meeting(course=course, starts_at=timezone.now() + timedelta(hours=2))
    client.force_login(teacher)

    response = correct(client, meeting, enrolled(camp, "rowan"), reason="Early bird")

    assert response.status_code == 403
    assert "15 minutes before the start" in response.text
    assert "Early bird" in response.text


@pytest.mark.parametrize("pk", [0, 10**25])
def test_nobody_can_be_no_student_of_the_meeting(client, meeting, teacher, pk):
    client.force_login(teacher)

    assert get(client, meeting, "correct", pk).status_code == 404


def test_a_student_of_another_camp_is_a_404(client, meeting, teacher):
    client.force_login(teacher)

    assert correct(client, meeting, enrolled(make_running_camp("winter"), "rowan")).status_code == 404
    assert CheckIn.objects.count() == 0


def test_nobody_corrects_their_own_attendance(client, camp, meeting):
    assistant = make_user()
    make_staff_role(camp, user=assistant, role=StaffRole.Role.ASSISTANT)
    enrollment = make_enrollment(camp, student=assistant, at=timezone.now())
    client.force_login(assistant)

    response = correct(client, meeting, enrollment)

    assert response.status_code == 403
    assert "Ask a colleague." in response.text
    assert not CheckIn.objects.exists()


def test_the_same_correction_again_is_refused_and_tells_nobody(client, camp, meeting, teacher):
    enrollment = enrolled(camp, "rowan")
    client.force_login(teacher)
    correct(client, meeting, enrollment)

    response = correct(client, meeting, enrollment, reason="Once more")

    assert response.status_code == 409
    assert Notice.objects.filter(kind="classrooms/attendance_corrected").count() == 1
    assert CheckIn.objects.get().reason == "The microphone was broken"


def test_who_is_present_is_not_made_present(client, camp, meeting, teacher):
    enrollment = enrolled(camp, "rowan")
    check_in = make_check_in(meeting, enrollment)
    client.force_login(teacher)

    assert correct(client, meeting, enrollment).status_code == 409
    check_in.refresh_from_db()
    assert check_in.how == "join"
