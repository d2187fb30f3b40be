"""Publishing, locking and verifying a run in the admin."""

import pytest
from django.core.management import CommandError, call_command

from camp.projects.allocation import moves
from camp.projects.allocation.run_report import Report
from camp.projects.models import AllocationRun, MentorChoice, Placement, Project
from tests.factories import make_user
from tests.project_factories import make_project_student, make_team
from tests.projects.running import NOW, make_run, said, url_of

pytestmark = pytest.mark.django_db


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

    for sentence in (
        "0 teams get a project.", "2 teams that gave a list get none.", "1 team without a list gets none.",
        "1 student is in no team.",
        "Small: under its minimum of 2", "Winners → –: They left.",
        "“Losers” would rather have “Dear”, which has a free seat.",
    ):  # fmt: skip
        assert sentence in text


def test_publishing_says_what_is_closed_and_what_students_read(staff, round, small):
    make_run(round)
    run = make_run(round, closed=[small.pk])

    text = staff.get(url_of(run, "publish")).text

    assert "“Small” is closed for good. Students read: Too few teams chose it, so it does not take place." in text


def test_publishing_is_not_offered_when_facts_changed(staff, round, rivals):
    run = make_run(round)
    Project.objects.update(seats=2)

    response = staff.get(url_of(run, "publish"))

    assert response.status_code == 409
    assert "This has changed since the run: the projects or their seats." in response.text
    assert "Yes, publish" not in response.text
    assert url_of(run, "again") in response.text


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
