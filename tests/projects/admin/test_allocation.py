"""The organizers' pages of an allocation run; mentors and other camps see nothing of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.projects.admin.times import on_camp_clock
from camp.projects.allocation import moves, runs
from camp.projects.allocation.run_report import Report
from camp.projects.models import AllocationRun, ManualMove, MentorChoice, Placement, Project
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

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
VERBS = ["move", "take_back", "again", "publish", "lock", "verify"]


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def round(stage):
    return make_round(stage, at=NOW - timedelta(days=5))


@pytest.fixture
def organizer(stage):
    return make_staff_role(stage.camp).user


@pytest.fixture
def staff(client, organizer):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(organizer)
    return client


@pytest.fixture
def rivals(round):
    """Two teams that want one seat; the first one is ranked before the other."""
    stage = round.project_stage
    mentor = make_mentor(stage)
    dear = make_project(stage, title="Dear", mentor=mentor)
    teams = [make_team(stage, name=name, at=NOW) for name in ("Winners", "Losers")]
    for team in teams:
        make_preferences(round, team, dear)
    mentor.choices.create(round=round, team=teams[0], rank=1)
    return teams


def make_run(round, **fields):
    return runs.compute(round, by=make_user(), **fields)


def url_of(run, verb="change"):
    return reverse(f"admin:projects_allocationrun_{verb}", args=[run.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


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


# Close and run again.


@pytest.fixture
def small(round):
    return make_project(round.project_stage, title="Small", seats=3, least_teams=2)


def test_closing_an_under_filled_project_asks_and_names_it(staff, round, rivals, small):
    run = make_run(round)
    page = staff.get(url_of(run)).text
    assert "under its minimum of 2" in page
    assert f'href="{url_of(run, "again")}?close={small.pk}"' in page

    asked = staff.get(url_of(run, "again"), {"close": small.pk})

    assert "Close “Small” and run again with the same seed?" in asked.text
    assert asked.context["form"]["closed"].value() == [small.pk]
    assert AllocationRun.objects.count() == 1


def test_an_under_filled_project_is_closed_for_a_run_of_the_same_seed(staff, round, rivals, small):
    run = make_run(round)

    response = staff.post(f"{url_of(run, 'again')}?close={small.pk}", {"closed": [small.pk]})

    again = AllocationRun.objects.get(number=2)
    assert (again.closed, again.seed) == ([small.pk], run.seed)
    assert response.url == url_of(again)
    page = staff.get(url_of(again)).text
    assert ("under its minimum" in page, "Closed in this run: “Small”." in page) == (False, True)


def test_running_again_keeps_what_is_closed(staff, round, rivals, small):
    run = make_run(round, closed=[small.pk])

    asked = staff.get(url_of(run, "again"))

    assert "Closed in run 1: “Small”." in asked.text
    assert asked.context["form"]["closed"].value() == [small.pk]


def test_allocating_a_round_with_closed_projects_asks_about_them(staff, round, rivals, small):
    run = make_run(round, closed=[small.pk])

    response = staff.post(reverse("admin:projects_allocationrun_allocate"), {"round": round.pk})

    assert response.url == url_of(run, "again")
    assert AllocationRun.objects.count() == 1


def test_a_closed_project_is_offered_again(staff, round, rivals, small):
    run = make_run(round, closed=[small.pk])
    assert f'href="{url_of(run, "again")}?offer={small.pk}"' in staff.get(url_of(run)).text

    asked = staff.get(url_of(run, "again"), {"offer": small.pk})
    response = staff.post(f"{url_of(run, 'again')}?offer={small.pk}", follow=True)

    assert "Offer “Small” again and run again with the same seed?" in asked.text
    assert asked.context["form"]["closed"].value() == []
    assert AllocationRun.objects.get(number=2).closed == []
    assert "Offered again in this run: “Small”." in response.text


@pytest.mark.parametrize("pk", ["x", "\x00", "9" * 30])
def test_closing_what_is_no_project_makes_no_run(staff, round, small, pk):
    run = make_run(round)

    assert staff.get(url_of(run, "again"), {"close": pk}).status_code in (200, 400)
    assert staff.post(url_of(run, "again"), {"closed": pk}).status_code == 400
    assert AllocationRun.objects.count() == 1


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


# Moves.


def test_a_move_is_looked_at_before_it_is_done(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)

    response = staff.get(url_of(run, "move"), {"team": winners.pk, "project": ""})

    assert response.status_code == 200
    assert "“Losers” would rather have “Dear”, which has a free seat." in response.text
    assert ManualMove.objects.count() == 0


def test_a_move_is_done_with_its_reason_and_listed(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)

    response = staff.post(url_of(run, "move"), {"team": winners.pk, "project": "", "reason": "They left.", "seen": 0})

    assert response.url == url_of(run)
    text = staff.get(url_of(run)).text
    assert "Winners → –: They left." in text
    assert "“Losers” would rather have “Dear”, which has a free seat." in text


def test_a_move_without_a_reason_is_refused_and_keeps_what_was_chosen(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)

    response = staff.post(url_of(run, "move"), {"team": winners.pk, "project": "", "reason": "", "seen": 0})

    assert response.status_code == 409
    assert "Give a reason" in response.text
    assert response.context["form"]["team"].value() == str(winners.pk)


def test_a_move_that_was_overtaken_is_shown_again(staff, round, rivals):
    winners, losers = rivals
    run = make_run(round)
    moves.move(run, winners, None, by=make_user(), reason="x")

    data = {"team": losers.pk, "project": Project.objects.get().pk, "reason": "y", "seen": 0}
    response = staff.post(url_of(run, "move"), data)

    assert response.status_code == 409
    assert "Look at what your move does now" in response.text
    assert response.context["seen"] == 1


def test_a_move_that_cannot_be_says_so_when_looked_at(staff, round, rivals):
    _winners, losers = rivals
    run = make_run(round)

    response = staff.get(url_of(run, "move"), {"team": losers.pk, "project": Project.objects.get().pk})

    assert response.status_code == 409
    assert "no free seat" in response.text
    assert 'name="reason"' not in response.text


@pytest.mark.parametrize("data", [{}, {"team": "x"}, {"team": "9" * 30}, {"team": "1", "seen": "9" * 40}])
def test_a_move_of_nothing_is_refused_at_its_fields(staff, round, rivals, data):
    run = make_run(round)

    response = staff.post(url_of(run, "move"), data)

    assert response.status_code == 400
    assert ManualMove.objects.count() == 0


def test_the_last_move_is_taken_back(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)
    moves.move(run, winners, None, by=make_user(), reason="x")
    assert "Take back the last move (“Winners”)" in staff.get(url_of(run)).text

    staff.post(url_of(run, "take_back"))

    assert [move.takes_back is None for move in ManualMove.objects.all()] == [True, False]
    assert "Take the last move back" not in staff.get(url_of(run)).text


# Publish, lock, verify.


def test_publishing_asks_and_then_publishes(staff, round, rivals):
    run = make_run(round)
    assert "Publish this run?" in staff.get(url_of(run, "publish")).text
    assert Placement.objects.count() == 0

    response = staff.post(url_of(run, "publish"), follow=True)

    assert said(response) == ["Published: teams, mentors and students without a team have a mail."]
    assert "Published: teams see it." in response.text
    assert Placement.objects.count() == 2


def test_publishing_says_what_will_happen(staff, round, rivals, small):
    winners, losers = rivals
    make_team(round.project_stage, name="Silent", at=NOW)
    make_project_student(round.project_stage, at=NOW)
    run = make_run(round)
    moves.move(run, winners, None, by=make_user(), reason="They left.")

    text = staff.get(url_of(run, "publish")).text

    for said in (
        "0 teams get a project.", "2 teams that gave a list get none.", "1 team without a list gets none.",
        "1 student is in no team.",
        "Small: under its minimum of 2", "Winners → –: They left.",
        "“Losers” would rather have “Dear”, which has a free seat.",
    ):  # fmt: skip
        assert said in text


def test_publishing_is_not_offered_when_facts_changed(staff, round, rivals):
    run = make_run(round)
    Project.objects.update(seats=2)

    response = staff.get(url_of(run, "publish"))

    assert response.status_code == 409
    assert "This has changed since the run: the projects or their seats." in response.text
    assert "Yes, publish" not in response.text


def test_an_unstable_pair_claims_no_order_that_was_not_given(round, rivals):
    winners, losers = rivals
    MentorChoice.objects.all().delete()
    run = make_run(round)
    has = next(team for team, project in Report(run).outcome.placement.items() if project)
    first, other = (winners, losers) if has == winners.pk else (losers, winners)
    moves.move(run, first, None, by=make_user(), reason="x")
    moves.move(run, other, Project.objects.get(), by=make_user(), reason="y")

    assert Report(run).unstable == [
        f"“{first}” would rather have “Dear”, and comes before a team there by its points or by the lottery; the mentor"
        " ranked neither."
    ]


def test_publishing_twice_says_that_it_is_published(staff, round, rivals):
    run = make_run(round)
    staff.post(url_of(run, "publish"))

    assert said(staff.post(url_of(run, "publish"), follow=True))[-1] == "A result of this round is published already."


def test_locking_ends_the_moves(staff, round, rivals):
    run = make_run(round)
    staff.post(url_of(run, "publish"))

    response = staff.post(url_of(run, "lock"), follow=True)

    assert "Published and locked." in response.text
    assert "See what this does" not in response.text


def test_verifying_says_whether_the_run_is_what_its_input_gives(staff, round, rivals):
    run = make_run(round)
    right = said(staff.post(url_of(run, "verify"), follow=True))
    AllocationRun.objects.update(placements={})
    wrong = said(staff.post(url_of(run, "verify"), follow=True))

    assert "the result and its digest are the same" in right[-1]
    assert "somebody has changed this row" in wrong[-1]


@pytest.mark.parametrize("verb", ["take_back", "verify"])
def test_decisions_are_not_made_by_looking(staff, round, verb):
    assert staff.get(url_of(make_run(round), verb)).status_code == 405


def test_the_command_verifies_every_run(round, rivals, capsys):
    run = make_run(round)

    call_command("verify_allocation")
    AllocationRun.objects.update(placements={})

    assert capsys.readouterr().out.startswith(f"same  {run.result_hash}")
    with pytest.raises(CommandError, match="1 of the runs"):
        call_command("verify_allocation")


# Placements.


def test_placements_are_read_by_organizers(staff, stage, round):
    placement = make_placement(round, make_team(stage, at=NOW), make_project(stage, title="Dear"))

    assert "Dear" in staff.get(reverse("admin:projects_placement_changelist")).text
    assert staff.get(reverse("admin:projects_placement_change", args=[placement.pk])).status_code == 200
    assert staff.get(reverse("admin:projects_placement_history", args=[placement.pk])).status_code == 200
