"""The page of the result: when it comes, what it is, why, and nothing before it is published."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.notices.models import Notice
from camp.projects.allocation import runs
from camp.projects.models import Placement, SelectionRound
from tests.factories import make_enrollment, make_running_camp, make_staff_role, make_user
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def round(stage):
    """Lists and orders are given; the result is due."""
    return make_round(stage, at=NOW - 5 * DAY)


@pytest.fixture
def team(stage):
    return make_team(stage, at=NOW)


def page_of(client, team_or_user, stage):
    user = team_or_user.lead.student if hasattr(team_or_user, "lead") else team_or_user
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(user)
    return client.get(reverse("projects:result", args=stage.camp.address))


def publish(round, **fields):
    return runs.publish(runs.compute(round, by=make_user(), **fields), by=make_user())


# Who.


def test_strangers_find_no_page(client, stage):
    assert page_of(client, make_user(), stage).status_code == 404


def test_who_is_in_the_camp_but_not_in_the_stage_is_told_so(client, stage):
    assert page_of(client, make_enrollment(stage.camp, at=NOW).student, stage).status_code == 403


def test_mentors_have_no_result_of_their_own(client, stage):
    assert page_of(client, make_mentor(stage).user, stage).status_code == 403


def test_the_result_is_only_read(client, stage, team):
    page_of(client, team, stage)

    assert client.post(reverse("projects:result", args=stage.camp.address)).status_code == 405


# Before.


def test_without_a_round_there_is_no_result(client, stage, team):
    assert "There is no result for you" in page_of(client, team, stage).text


def test_before_a_round_it_says_when_it_opens(client, stage, team):
    make_round(stage, at=NOW + 3 * DAY)

    assert "The selection opens" in page_of(client, team, stage).text


def test_in_an_open_round_it_leads_to_the_list(client, stage, team):
    make_round(stage, at=NOW)

    text = page_of(client, team, stage).text

    assert "Earliest time of the result:" in text
    assert reverse("projects:preferences", args=stage.camp.address) in text


def test_without_a_team_it_says_to_found_one(client, stage, round):
    student = make_project_student(stage, at=NOW).student

    assert "You are in no team" in page_of(client, student, stage).text


def test_a_run_is_seen_nowhere_before_it_is_published(client, stage, round, team):
    project = make_project(stage, title="Secret so far")
    make_preferences(round, team, project)
    runs.compute(round, by=make_user())

    text = page_of(client, team, stage).text

    assert "The result is not published yet" in text
    assert "Secret so far" not in text
    assert Placement.objects.count() == Notice.objects.filter(kind__startswith="projects/").count() == 0
    for address in ("projects:team", "projects:work"):
        response = client.get(reverse(address, args=stage.camp.address))
        assert (response.status_code, "Secret so far" in response.text) == (200, False)


def test_a_run_is_not_in_what_the_admin_completes_for_mentors_and_students(client, stage, round, team):
    runs.compute(round, by=make_user())
    query = {"app_label": "projects", "model_name": "manualmove", "field_name": "run"}
    for user in (team.lead.student, make_mentor(stage).user):
        client.force_login(user)
        answer = client.get(reverse("admin:autocomplete"), query)
        assert answer.status_code in (302, 403)
        for name in ("changelist", "allocate"):
            assert client.get(reverse(f"admin:projects_allocationrun_{name}")).status_code in (302, 403)


# After.


def test_the_page_has_the_project_its_mentor_the_choice_and_what_is_next(client, stage, round, team):
    mentor = make_mentor(stage, user=make_user(display_name="Ada"))
    project = make_project(stage, mentor=mentor, title="Quicker kernels")
    make_preferences(round, team, project)
    publish(round)

    text = page_of(client, team, stage).text

    assert "Quicker kernels" in text
    assert "your 1st choice" in text
    assert "How projects are given" in text
    assert "Why not a project you wanted more" not in text
    assert "Ada" in text
    assert reverse("projects:work", args=stage.camp.address) in text


def test_the_page_says_why_not_a_dearer_one_without_naming_anybody(client, stage, round, team):
    mentor, rival = make_mentor(stage), make_team(stage, name="The rivals", at=NOW)
    dear, other = make_project(stage, mentor=mentor), make_project(stage)
    make_preferences(round, team, dear, other)
    make_preferences(round, rival, dear)
    mentor.choices.create(round=round, team=rival, rank=1)
    publish(round)

    text = page_of(client, team, stage).text

    assert "Your 1st choice was filled by teams its mentor ranked before yours." in text
    assert "your 2nd choice" in text
    assert "The rivals" not in text


def test_who_gave_no_list_is_told_so(client, stage, round, team):
    publish(round)

    assert "Your team gave no list in round 1" in page_of(client, team, stage).text


def test_every_round_keeps_its_own_reasons(client, stage, round, team):
    why = [{"project": 1, "title": "Dear", "rank": 1, "reason": "project_full", "basis": "mentor"}]
    second = make_round(stage, number=2, at=NOW - 4 * DAY, method=SelectionRound.Method.ASSIGNMENT)
    make_placement(round, team, why=why)
    make_placement(second, team)

    text = page_of(client, team, stage).text

    assert "Your 1st choice was filled by teams its mentor ranked before yours." in text
    assert "Your team gave no list in round 2" in text
    assert "Your team gave no list in round 1" not in text
    assert text.index("round 2, so it could") < text.index("Why none of the projects on your list")


def test_who_got_a_project_in_a_second_round_still_reads_why_not_in_the_first(client, stage, round, team):
    why = [{"project": 1, "title": "Dear", "rank": 1, "reason": "project_full", "basis": "mentor"}]
    make_placement(round, team, why=why)
    make_placement(make_round(stage, number=2, at=NOW - 4 * DAY), team, make_project(stage, title="Cheap"), choice=1)

    text = page_of(client, team, stage).text

    assert "Cheap" in text
    assert "Why none of the projects on your list" in text
    assert "Dear" in text


def test_the_unplaced_are_led_to_an_open_second_round(client, stage, round, team):
    publish(round)
    make_round(stage, number=2, at=NOW, method=SelectionRound.Method.ASSIGNMENT)

    text = page_of(client, team, stage).text

    assert "Round 2 shares the seats that are still free" in text
    assert reverse("projects:preferences", args=stage.camp.address) in text


def test_the_reason_of_a_move_is_shown(client, stage, round, team):
    make_placement(round, team, make_project(stage), is_manual=True, reason="Two of you know <CUDA>.")

    text = page_of(client, team, stage).text

    assert "by hand: Two of you know &lt;CUDA&gt;." in text
    assert "How projects are given" not in text


def test_the_project_of_a_first_round_stays_while_a_second_one_runs(client, stage, round, team):
    project = make_project(stage)
    make_preferences(round, team, project)
    publish(round)
    make_round(stage, number=2, at=NOW, method=SelectionRound.Method.ASSIGNMENT)

    assert project.title in page_of(client, team, stage).text


def test_staff_of_another_camp_are_strangers(client, stage):
    role = make_staff_role(make_running_camp("other"))

    assert page_of(client, role.user, stage).status_code == 404


def test_the_page_costs_the_same_however_long_the_list(client, stage, round, team):
    def queries(count):
        projects = [make_project(stage) for _ in range(count)]
        why = [
            {"project": one.pk, "title": one.title, "rank": n, "reason": "closed", "basis": None}
            for n, one in enumerate(projects, start=1)
        ]
        Placement.objects.filter(team=team).delete()
        make_placement(round, team, None, why=why)
        with CaptureQueriesContext(connection) as captured:
            assert page_of(client, team, stage).status_code == 200
        return len(captured)

    queries(1)

    assert queries(1) == queries(3)
