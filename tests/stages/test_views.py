"""The group chat of a stage, and a student's own way through the stages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import Reveal
from camp.enrollment import services as enrollments
from camp.enrollment.models import Enrollment
from camp.stages import services
from tests.factories import (
    make_course,
    make_enrollment,
    make_requirement,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
    make_superuser,
    make_user,
)
from tests.pictures import make_picture

pytestmark = pytest.mark.django_db
LINK = "https://chat.example.org/join/secret-of-the-stage"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stage():
    """A stage with a rule and a group chat."""
    camp = make_running_camp(name="Summer camp")
    camp.cpp = make_course(make_stage(camp, "foundation", name="Foundation"), name="C++", max_points=30)
    stage = make_stage(camp, "professional", name="Professional", group_name="Chat", group_link=LINK)
    stage.group_picture.save("qr.png", make_picture())
    make_requirement(stage, course=camp.cpp)
    return stage


@pytest.fixture
def student(stage):
    """A student in the stage."""
    enrollment = make_enrollment(stage.camp)
    services.record_points(enrollment, stage.camp.cpp, 30)
    return enrollment


def browser(user=None):
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def group_url(stage):
    return reverse("stages:group", args=[*stage.camp.address, stage.key])


def picture_url(stage):
    return reverse("stages:group_picture", args=[*stage.camp.address, stage.key])


def history_url(camp):
    return reverse("stages:history", args=camp.address)


def text(response):
    return " ".join(response.content.decode().split())


# The group chat.


def test_student_of_the_stage_asks_first_and_is_shown_then(stage, student):
    client = browser(student.student)

    asked, shown = client.get(group_url(stage)), client.post(group_url(stage))

    assert LINK not in text(asked)
    assert LINK in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert client.get(picture_url(stage))["Content-Type"] == "image/png"
    reveal = Reveal.objects.get()
    assert (reveal.camp, reveal.user, reveal.secret) == (stage.camp, student.student, "group chat of professional")


def test_reveal_of_the_camps_group_opens_no_picture_of_a_stage(stage, student):
    stage.camp.group_link = LINK
    stage.camp.save()
    client = browser(student.student)
    client.post(reverse("enrollment:group", args=stage.camp.address))

    assert client.get(picture_url(stage)).url == group_url(stage)


@pytest.mark.parametrize("make", [lambda camp: make_staff_role(camp).user, lambda camp: make_superuser()])
def test_staff_of_the_camp_are_shown(make, stage):
    assert LINK in text(browser(make(stage.camp)).post(group_url(stage)))


def refused_to(enrollment, stage):
    client = browser(enrollment.student)
    responses = [client.post(group_url(stage)), client.get(group_url(stage)), client.get(picture_url(stage))]
    assert {LINK in text(response) for response in responses} == {False}
    assert Reveal.objects.count() == 0
    return {response.status_code for response in responses}


def test_student_who_is_not_there_yet_is_refused(stage):
    enrollment = make_enrollment(stage.camp)

    assert refused_to(enrollment, stage) == {403}
    words = "The group chat of a stage is for the students who have reached it."
    assert words in text(browser(enrollment.student).get(group_url(stage)))


def test_student_held_back_is_refused(stage):
    enrollment = make_enrollment(stage.camp)
    services.hold(enrollment, stage, by=make_superuser(), reason="Copied.")

    assert refused_to(enrollment, stage) == {403}


def test_student_taken_back_is_refused(stage, student):
    services.revert(student, stage, by=make_superuser(), reason="Copied.")

    assert refused_to(student, stage) == {403}


def test_student_who_left_the_camp_is_refused(stage, student):
    enrollments.withdraw(student, by=student.student)

    assert refused_to(student, stage) == {403}


@pytest.mark.parametrize("status", [Enrollment.Status.APPLIED, Enrollment.Status.WAITING, Enrollment.Status.REMOVED])
def test_who_is_not_active_is_refused(status, stage):
    assert refused_to(make_enrollment(stage.camp, status=status), stage) == {403}


def test_stranger_to_the_camp_gets_404(stage):
    elsewhere = make_enrollment(make_running_camp("autumn"))

    assert refused_to(elsewhere, stage) == {404}


def test_unknown_stage_is_404(stage, student):
    other = make_stage(make_running_camp("autumn"), "elsewhere", group_link=LINK)
    client = browser(student.student)

    for key in ("nowhere", other.key):
        assert client.post(reverse("stages:group", args=[*stage.camp.address, key])).status_code == 404


def test_stage_without_a_group_has_no_such_page(stage, student):
    foundation = stage.camp.stages.get(key="foundation")

    assert browser(student.student).post(group_url(foundation)).status_code == 404


# The own way through the stages.


def test_history_tells_what_was_decided_and_not_by_whom(stage, student):
    staff = make_staff_role(stage.camp, user=make_user("strict", display_name="Strict Teacher")).user
    services.revert(student, stage, by=staff, reason="Copied <b>homework</b>.")

    response = browser(student.student).get(history_url(stage.camp))

    words = text(response)
    assert [row.status for row in response.context["decisions"]] == ["reverted", "admitted", "admitted"]
    assert "the rule of the stage" in words
    assert "the staff" in words
    assert "Copied &lt;b&gt;homework&lt;/b&gt;." in words
    assert "Strict Teacher" not in words
    assert LINK not in words


def test_history_tells_what_is_still_missing(stage):
    enrollment = make_enrollment(stage.camp)
    services.record_points(enrollment, stage.camp.cpp, 27)

    words = text(browser(enrollment.student).get(history_url(stage.camp)))

    assert "27 / 30" in words
    assert "3 missing" in words


def test_history_asks_equally_often_for_many_decisions(stage, student):
    def asked():
        client = browser(student.student)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(history_url(stage.camp)).status_code == 200
        return len(queries)

    few = asked()
    for key in ("project", "ceremony"):
        services.promote(student, make_stage(stage.camp, key), by=make_superuser(), reason="Early.")

    assert asked() == few


def test_history_of_a_camp_without_stages_says_what_will_appear():
    enrollment = make_enrollment(make_running_camp())

    assert "No stages yet" in text(browser(enrollment.student).get(history_url(enrollment.camp)))


def test_history_is_404_for_strangers(stage):
    assert browser(make_student()).get(history_url(stage.camp)).status_code == 404
    assert browser().get(history_url(stage.camp)).url.startswith(reverse("account_login"))
