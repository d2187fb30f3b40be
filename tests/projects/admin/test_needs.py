"""What of the project stage stands on the first page of the admin, each with the list that it counts."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.admin_needs import KINDS
from camp.camps.models import StaffRole
from camp.projects.allocation import runs
from camp.projects.models import SelectionRound
from camp.projects.work import grading
from tests.factories import make_running_camp, make_staff_role, make_user
from tests.project_factories import make_project_stage, make_round
from tests.projects.running import NOW, make_run
from tests.projects.working import Work

pytestmark = pytest.mark.django_db
ROUNDS = ("Selection rounds to allocate", "Allocations to publish", "Results to lock")
GRADES = ("Grades to confirm", "Grades to publish", "Passed without a certificate")
ASSIGNMENT = SelectionRound.Method.ASSIGNMENT


def needs_of(staff):
    """{title: (count, address)} of the first page."""
    needs = staff.get(reverse("admin:index")).context["needs"]
    return {str(need.title): (need.count, need.url) for need in needs}


def counts(staff, titles):
    found = needs_of(staff)
    for title in titles:
        count, url = found[title]
        assert staff.get(url).context["cl"].result_count == count
    return [found[title][0] for title in titles]


def test_a_round_waits_to_be_allocated_then_published_then_locked(staff, round):
    waiting = [counts(staff, ROUNDS)]
    run = make_run(round)
    make_run(round)
    waiting.append(counts(staff, ROUNDS))
    runs.publish(run, by=make_user())
    waiting.append(counts(staff, ROUNDS))
    runs.lock(round, by=make_user())
    waiting.append(counts(staff, ROUNDS))

    assert waiting == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_a_round_waits_for_mentors_and_for_the_one_before_it(staff, stage, round):
    make_round(stage, number=2, at=NOW - timedelta(days=5))
    other = make_project_stage(make_running_camp("other", organization=stage.camp.organization), at=NOW)
    make_staff_role(other.camp, user=StaffRole.objects.get().user)
    make_round(other, number=1, at=NOW - timedelta(days=2))
    assert counts(staff, ROUNDS) == [1, 0, 0]

    SelectionRound.objects.filter(project_stage=other).update(method=ASSIGNMENT)

    assert counts(staff, ROUNDS) == [2, 0, 0]


def test_rounds_of_other_camps_wait_for_others(staff, round):
    make_round(make_project_stage(make_running_camp("other"), at=NOW), at=NOW - timedelta(days=5))

    assert counts(staff, ROUNDS) == [1, 0, 0]


@pytest.mark.parametrize("role", [StaffRole.Role.MENTOR, StaffRole.Role.TEACHER])
def test_rounds_wait_for_organizers_only(client, stage, round, role):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(make_staff_role(stage.camp, user=make_user(), role=role).user)

    assert not needs_of(client).keys() & {*ROUNDS, *GRADES}


def test_grades_wait_to_be_published_and_certified(client):
    work = Work()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(work.organizer)
    waiting = [counts(client, GRADES)]
    work.propose()
    waiting.append(counts(client, GRADES))
    confirmed = work.confirmed()
    waiting.append(counts(client, GRADES))
    grading.publish([confirmed], by=work.organizer)
    waiting.append(counts(client, GRADES))

    assert waiting == [[0, 0, 0], [2, 0, 0], [1, 1, 0], [1, 0, 1]]


def test_the_needs_of_projects_are_one_query_each(rf, organizer, round):
    request = rf.get("/")
    request.user = organizer
    kinds = [kind for kind in KINDS if str(kind.title) in (*ROUNDS, *GRADES)]

    with CaptureQueriesContext(connection) as captured:
        for kind in kinds:
            kind.rows(admin.site, request).count()

    assert len(kinds) == 6
    assert sum("COUNT(" in query["sql"] for query in captured) == 6
