"""One's own page: what is next over all camps, the nearest first; the camps by it; those that are over folded."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.projects import certificates
from camp.projects.models import ProjectStage
from camp.stages.services import record_points
from tests.factories import (
    make_course,
    make_enrollment,
    make_meeting,
    make_requirement,
    make_running_camp,
    make_stage,
    make_student,
)
from tests.project_factories import make_project_stage, make_project_student, make_round
from tests.projects.working import Work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def student():
    return make_student(language="en")


@pytest.fixture
def read(client, student):
    def get(user=student):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        client.force_login(user)
        return client.get(reverse("my"))

    return get


def titles(response):
    return [item.title for item in response.context["items"]]


def names(response, key="places"):
    return [card["camp"].name for card in response.context[key]]


def choosing(name, student, *, closes_in):
    """A camp in which the student's team is to be found within so many days."""
    now = timezone.now()
    camp = make_running_camp(name.lower(), name=name)
    stage = make_project_stage(camp, at=now, teams_lock_at=now + closes_in)
    make_project_student(stage, student=student, at=now)
    return camp


def end(camp):
    camp.ends_at = timezone.now() - DAY
    camp.save()


def test_the_nearest_deadline_of_all_camps_stands_first(read, student):
    for name, days in (("Late", 9), ("Soon", 2), ("Middle", 5)):
        choosing(name, student, closes_in=days * DAY)

    response = read()

    assert [(item.camp.name, item.title) for item in response.context["items"]] == [
        (name, "Find your team") for name in ("Soon", "Middle", "Late")
    ]
    assert names(response) == ["Soon", "Middle", "Late"]
    assert response.text.index('id="next"') < response.text.index('id="camp-')


def test_a_meeting_stands_among_what_is_next(read, student):
    camp = choosing("Camp", student, closes_in=2 * DAY)
    make_meeting(camp, title="Opening", starts_at=timezone.now() + timedelta(hours=1))

    assert titles(read()) == ["Opening", "Find your team"]


def test_what_is_missing_for_a_stage_is_said(read, student):
    camp = make_running_camp()
    course = make_course(make_stage(camp, "foundation", position=1), number=1, name="Rust")
    professional = make_stage(camp, "professional", name="Professional", position=2)
    make_requirement(professional, course=course)
    enrollment = make_enrollment(camp, student=student, at=timezone.now())
    record_points(enrollment, course, Decimal(27))

    (item,) = read().context["items"]

    assert item.title == "To enter the stage “Professional”"
    assert item.text == f"Rust 27/{course.max_points}"
    assert item.url == professional.get_absolute_url()


def test_a_camp_that_is_over_is_folded(read, student):
    over, running = make_running_camp("over", name="Over"), make_running_camp("running", name="Running")
    for camp in (over, running):
        make_stage(camp, "foundation", position=1)
        make_enrollment(camp, student=student, at=timezone.now())
    end(over)

    response = read()

    assert (names(response), names(response, "places_over")) == (["Running"], ["Over"])
    assert (
        response.text.index("Running")
        < response.text.index("Camps that are over")
        < response.text.index('<details class="card"')
    )


def test_a_camp_with_a_deadline_ahead_is_not_over(read, student):
    camp = choosing("Camp", student, closes_in=2 * DAY)
    end(camp)
    assert names(read()) == ["Camp"]

    ProjectStage.objects.update(teams_lock_at=timezone.now() - DAY)

    assert (names(read()), titles(read())) == ([], [])
    make_round(camp.project_stage, at=timezone.now())
    assert titles(read()) == ["Give your list of projects"]


def test_a_grade_is_folded_with_its_camp_but_not_a_revoked_certificate(read):
    work = Work()
    certificate = work.certificate("pass")
    end(work.camp)
    folded = read(work.lead.student)

    certificates.revoke(certificate, by=work.organizer, reason="Printed wrongly.")
    shown = read(work.lead.student)

    assert (titles(folded), titles(shown)) == ([], ["Your grade: pass"])
    assert "Your grade: pass</span></summary>" in folded.text
    assert "Printed wrongly." in shown.text
    assert names(shown, "places_over") == []


def test_the_page_costs_as_much_for_each_camp(read, student, django_assert_max_num_queries):
    choosing("First", student, closes_in=2 * DAY)
    read()
    with django_assert_max_num_queries(100) as one:
        read()
    choosing("Second", student, closes_in=3 * DAY)
    with django_assert_max_num_queries(100) as two:
        read()
    choosing("Third", student, closes_in=4 * DAY)
    with django_assert_max_num_queries(100) as three:
        read()

    assert len(three) - len(two) == len(two) - len(one) <= 20
