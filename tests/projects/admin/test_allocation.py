"""The organizers' pages of an allocation run; mentors and other camps see nothing of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.projects.admin.times import on_camp_clock
from camp.projects.allocation.run_report import Report
from camp.projects.models import AllocationRun, Project
from tests.factories import make_running_camp, make_staff_role, make_superuser, make_user
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
from tests.projects.running import NOW, VERBS, make_run, url_of

pytestmark = pytest.mark.django_db


# Who.


@pytest.mark.parametrize("role", [StaffRole.Role.MENTOR, StaffRole.Role.TEACHER])
def test_mentors_and_teachers_see_no_run(client, stage, round, role):
    run = make_run(round)
    client.force_login(make_staff_role(stage.camp, user=make_user(), role=role).user)

    assert client.get(reverse("admin:projects_allocationrun_changelist")).status_code == 403
    assert client.get(reverse("admin:projects_allocationrun_allocate")).status_code == 403
    assert client.get(url_of(run)).status_code in (302, 403)
    assert {client.post(url_of(run, verb)).status_code for verb in VERBS} == {404}


def test_organizers_of_another_camp_see_no_run(client, round):
    run = make_run(round)
    client.force_login(make_staff_role(make_running_camp("other")).user)

    assert client.get(url_of(run)).status_code == 302
    assert {client.post(url_of(run, verb)).status_code for verb in VERBS} == {404}
    assert run.result_hash[:12] not in client.get(reverse("admin:projects_allocationrun_changelist")).text


def test_runs_are_deleted_by_nobody(client, round):
    run = make_run(round)
    client.force_login(make_superuser())

    assert (
        client.post(reverse("admin:projects_allocationrun_delete", args=[run.pk]), {"post": "yes"}).status_code == 403
    )


# Allocate.


def test_the_list_leads_to_a_new_run(staff, round):
    assert (
        reverse("admin:projects_allocationrun_allocate")
        in staff.get(reverse("admin:projects_allocationrun_changelist")).text
    )


def test_allocating_leads_to_the_page_of_the_run(staff, organizer, round, rivals):
    response = staff.post(reverse("admin:projects_allocationrun_allocate"), {"round": round.pk})

    run = AllocationRun.objects.get()
    assert (run.round, run.started_by) == (round, organizer)
    assert response.url == url_of(run)


def test_allocating_too_early_says_when(staff, stage):
    round = make_round(stage, at=NOW)

    response = staff.post(reverse("admin:projects_allocationrun_allocate"), {"round": round.pk})

    assert response.status_code == 400
    assert "The lists and orders are not complete before" in response.text


@pytest.mark.parametrize("pk", ["", "x", "\x00", "9" * 30, "-1", "0"])
def test_allocating_what_is_no_round_is_refused_at_the_field(staff, round, pk):
    response = staff.post(reverse("admin:projects_allocationrun_allocate"), {"round": pk})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["round"]


def test_allocating_a_round_of_another_camp_is_refused(staff):
    other = make_round(make_project_stage(make_running_camp("other"), at=NOW), at=NOW - timedelta(days=5))

    assert staff.post(reverse("admin:projects_allocationrun_allocate"), {"round": other.pk}).status_code == 400
    assert AllocationRun.objects.count() == 0


def test_without_a_round_allocating_says_what_to_do(staff):
    assert "Add a round first" in staff.get(reverse("admin:projects_allocationrun_allocate")).text


# The page.


def test_the_page_shows_who_is_where_and_why_not(staff, round, rivals):
    run = make_run(round)

    text = staff.get(url_of(run)).text

    assert "A preview that only organizers see, not students or mentors." in text
    assert "Winners" in text
    assert "Your 1st choice was filled by teams its mentor ranked before yours." in text
    assert run.result_hash in text
    assert "<caption>How many teams got which choice</caption>" in text


def test_the_page_of_an_empty_run_says_so(staff, round):
    text = staff.get(url_of(make_run(round))).text

    assert "There is no open project in this project stage." in text
    assert "None: every team has a project." in text


def test_the_page_compares_with_the_run_before(staff, round, rivals):
    make_run(round)
    later = make_run(round, closed=[Project.objects.get().pk])

    text = staff.get(url_of(later)).text

    assert "Compared with run 1" in text
    assert "Winners: Dear → –" in text


def test_the_page_names_the_students_without_a_team(staff, round, rivals):
    run = make_run(round)
    assert "None: every student of the stage is in a team." in staff.get(url_of(run)).text
    alone = make_project_student(round.project_stage, at=NOW).student

    text = staff.get(url_of(run)).text

    assert f"1 student of the stage is in no team, so in no number above: {alone}" in text
    assert reverse("admin:projects_team_changelist") in text


def test_the_page_is_only_read(staff, round):
    assert staff.post(url_of(make_run(round)), {"seed": "mine"}).status_code == 405


def test_the_page_costs_the_same_for_more_teams(staff, round, rivals):
    stage = round.project_stage

    def queries():
        run = make_run(round)
        with CaptureQueriesContext(connection) as captured:
            staff.get(url_of(run))
        return len(captured)

    staff.get(url_of(make_run(round)))
    for_two = queries()
    for _ in range(3):
        make_preferences(round, make_team(stage, at=NOW), make_project(stage, mentor=make_mentor(stage)))

    assert queries() == for_two


def test_the_round_that_is_due_is_chosen(staff, round):
    stage = round.project_stage
    make_round(stage, number=2, at=NOW)
    make_round(make_project_stage(make_running_camp("other"), at=NOW), at=NOW - timedelta(days=5))

    form = staff.get(reverse("admin:projects_allocationrun_allocate")).context["form"]

    assert form["round"].value() == round.pk


def test_the_page_leads_to_the_round_and_what_it_is_from(staff, round):
    second = make_round(round.project_stage, number=2, at=NOW)

    page = staff.get(url_of(make_run(round))).text

    for one in (round, second):
        assert reverse("admin:projects_selectionround_change", args=[one.pk]) in page
    for model in ("preferencelist", "mentorchoice", "placement"):
        assert f"{reverse(f'admin:projects_{model}_changelist')}?round__id__exact={round.pk}" in page


def test_moments_are_on_the_camps_clock(staff, round):
    run = make_run(round)
    moment = on_camp_clock(run.started_at, round.project_stage.camp)

    assert moment in staff.get(url_of(run)).text
    assert moment in staff.get(reverse("admin:projects_allocationrun_changelist")).text


def test_seats_that_no_mentor_has_time_for_cannot_be_used(staff, round):
    mentor = make_mentor(round.project_stage, capacity=1)
    make_project(round.project_stage, mentor=mentor, seats=3)

    row = Report(make_run(round)).offered[0]

    assert (row.free, row.usable, row.lacks_time) == (3, 1, True)


# Placements.


def test_placements_are_read_by_organizers(staff, stage, round):
    placement = make_placement(round, make_team(stage, at=NOW), make_project(stage, title="Dear"))

    assert "Dear" in staff.get(reverse("admin:projects_placement_changelist")).text
    assert staff.get(reverse("admin:projects_placement_change", args=[placement.pk])).status_code == 200
    assert staff.get(reverse("admin:projects_placement_history", args=[placement.pk])).status_code == 200
