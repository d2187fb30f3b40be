"""What a student of the project stage does next, as their page and the camp's home say it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.projects import certificates
from camp.projects.next_steps import project_step
from camp.projects.work import grading
from tests.factories import NOW, make_enrollment
from tests.project_factories import (
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)
from tests.projects.browsing import browser, text
from tests.projects.working import Work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def student(stage):
    return make_project_student(stage)


def step(enrollment, *, now=NOW):
    """(page, title, moment) of the step."""
    found = project_step(enrollment, now=now)
    return found.url.rstrip("/").rpartition("/")[2], found.title, found.moment


def test_who_is_not_in_the_stage_has_no_step(stage):
    assert project_step(make_enrollment(stage.camp), now=NOW) is None
    assert project_step(make_enrollment(), now=NOW) is None


def test_without_a_team_it_is_to_find_one(stage, student):
    make_round(stage)

    assert step(student) == ("team", "Find your team", stage.teams_lock_at)


def test_without_a_team_when_they_are_locked_it_is_the_list(stage, student):
    late = stage.teams_lock_at
    assert step(student, now=late) == ("team", "You are in no team", None)

    round = make_round(stage, at=late)

    assert step(student, now=late) == ("preferences", "Give your list of projects", round.closes_at)


def test_without_a_team_before_a_later_round_it_is_to_choose_for_ones_own_list(stage, student):
    make_round(stage, published_at=NOW)
    second = make_round(stage, number=2, at=NOW + 20 * DAY)

    assert step(student, now=NOW + 10 * DAY) == ("projects", "You are in no team", second.opens_at)
    assert "your own list" in project_step(student, now=NOW + 10 * DAY).text


def test_in_an_open_round_it_is_the_list(stage, student):
    round, team, project = make_round(stage), make_team(stage, lead=student), make_project(stage)
    assert step(student) == ("preferences", "Give your list of projects", round.closes_at)

    round.lists.create(team=team, choices=[{"project": project.pk}], submitted_by=student.student)

    assert step(student) == ("preferences", "Your team's list is given", round.closes_at)


def test_around_the_round_it_is_to_read_and_to_wait(stage, student):
    make_team(stage, lead=student)
    assert step(student) == ("projects", "Choose projects to your liking", None)

    round = make_round(stage)

    assert step(student, now=NOW - 2 * DAY) == ("projects", "Choose projects to your liking", round.opens_at)
    assert step(student, now=NOW + 2 * DAY) == ("result", "The result is not published yet", round.mentors_close_at)


def test_before_the_topics_are_published_the_team_is_all(stage, student):
    make_team(stage, lead=student)
    make_round(stage, at=NOW - 5 * DAY)

    assert step(student, now=NOW - 5 * DAY) == ("team", "Your team stands", None)


def test_without_a_project_it_is_the_result_until_a_further_round_opens(stage, student):
    team, first = make_team(stage, lead=student), make_round(stage, at=NOW - 3 * DAY, published_at=NOW)
    make_placement(first, team)
    assert step(student) == ("result", "Your team has no project yet", None)

    second = make_round(stage, number=2, at=NOW + 3 * DAY)

    assert step(student) == ("result", "Your team has no project yet", second.opens_at)
    assert step(student, now=NOW + 3 * DAY) == ("preferences", "Give your list of projects", second.closes_at)
    assert step(student, now=NOW + 5 * DAY) == ("result", "The result is not published yet", second.mentors_close_at)


def test_who_took_no_part_is_sent_to_the_organizers(stage, student):
    make_team(stage, lead=student)
    make_round(stage, at=NOW - 3 * DAY, published_at=NOW)

    assert step(student) == ("result", "Your team has no project yet", None)
    assert project_step(student, now=NOW).asks_organizers


def test_with_a_project_it_is_the_work_until_its_deadline(stage, student):
    make_placement(make_round(stage), make_team(stage, lead=student), make_project(stage, title="Tiles"))

    assert step(student) == ("work", "Your project: Tiles", stage.hand_in_closes_at)
    assert step(student, now=stage.hand_in_closes_at) == ("work", "Your project: Tiles", None)
    assert project_step(student, now=NOW).result_url == reverse("projects:result", args=stage.camp.address)


def test_what_is_handed_in_already_is_said():
    work = Work()
    closed = work.stage.hand_in_closes_at
    words = [project_step(work.lead, now=now).text for now in (work.now, closed)]
    work.hand_in()
    work.hand_in()

    assert words[0] == "Your team has handed in nothing yet. Hand in your work until"
    assert words[1].startswith("The hand-in is closed, and your team has handed in nothing.")
    assert project_step(work.lead, now=work.now).text == "Hand-in no. 2 counts. Your team can replace it until"
    assert project_step(work.lead, now=closed).text.startswith("The hand-in is closed, and no. 2 counts.")


def test_at_the_end_it_is_the_grade_and_the_certificate():
    work = Work()
    evaluation = work.published("excellent")
    assert step(work.lead, now=work.now) == ("work", "Your grade: excellent", None)
    assert project_step(work.lead, now=work.now).label == "See the grade"

    certificates.issue(evaluation, by=work.organizer)

    assert project_step(work.lead, now=work.now).label == "See the grade and the certificate"


def test_what_became_of_the_certificate_is_said():
    work = Work()
    certificate = work.certificate("pass")
    assert not project_step(work.lead, now=work.now).is_warning

    grading.change(certificate.evaluation, by=work.organizer, grade="excellent", reason="Looked at again.")
    outdated = project_step(work.lead, now=work.now)
    certificates.revoke(certificate, by=work.organizer, reason="Printed wrongly.")
    revoked = project_step(work.lead, now=work.now)

    assert (outdated.is_warning, revoked.is_warning) == (True, True)
    assert "still says “pass”" in outdated.text
    assert "The organizers wrote: Printed wrongly." in revoked.text


def test_it_costs_a_constant_number_of_queries(stage, student):
    make_team(stage, lead=student)
    make_round(stage)
    with CaptureQueriesContext(connection) as few:
        project_step(student, now=NOW)
    for number in (2, 3, 4):
        make_round(stage, at=NOW + number * 9 * DAY, number=number)
        make_team(stage)
    with CaptureQueriesContext(connection) as many:
        project_step(student, now=NOW)

    assert len(few) == len(many)
    assert len(many) <= 12


def test_my_page_and_the_camps_home_show_it():
    work = Work()
    client, title = browser(work.lead.student), "Your project: Faster tiles"

    for url in (reverse("my"), work.camp.get_absolute_url()):
        page = text(client.get(url))
        assert f"<h3>{title}</h3>" in page
        assert f'href="{reverse("projects:work", args=work.camp.address)}"' in page
        assert f'href="{reverse("projects:result", args=work.camp.address)}"' in page
        assert "Read which projects teams can choose" not in page
        assert "Nothing is missing: finish what the last stage asks for." not in page
