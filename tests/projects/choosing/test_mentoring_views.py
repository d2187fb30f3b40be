"""A mentor's pages, and that nobody reads there or elsewhere what is not theirs to know."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import Camp, StaffRole
from camp.projects.models import ConflictOfInterest, MentorChoice, Proposal, Refusal, SelectionRound
from tests.factories import make_staff_role, make_student, make_user
from tests.project_factories import (
    make_mentor,
    make_project,
    make_project_student,
    make_proposal,
)
from tests.projects.desks import World, names, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    return World(client)


def test_the_page_shows_who_chose_the_mentors_projects(world):
    world.team("Team D").preferences.filter(project=world.project).delete()

    desk = world.get().context["desk"]

    assert (names(desk.ranked), names(desk.others)) == ([], ["Team A", "Team B", "Team C"])
    assert [row.project for row in desk.projects] == [world.project]
    assert desk.takes_order


def test_the_page_says_nothing_of_the_teams_before_the_lists_close(world):
    world.reopen()

    response = world.get()

    assert (response.status_code, response.context["desk"].has_teams) == (200, False)
    assert "The teams that chose your projects are shown when the lists close" in response.content.decode()
    assert "Team A" not in response.content.decode()
    assert world.get("mentor_team", world.teams[0].pk).status_code == 404
    assert world.send(world.teams[0], based_on="").status_code == 403
    assert MentorChoice.objects.count() == 0


def test_neither_page_tells_what_else_a_team_chose(world):
    for page in (world.get(), world.get("mentor_team", world.teams[0].pk)):
        assert "Kernels" in page.content.decode()
        assert "Elsewhere" not in page.content.decode()


def test_an_order_is_made_by_buttons_and_saved(world):
    a, b, c = world.teams

    desk = world.send(a, b, act=f"up:{b.pk}", shortlist=[c.pk]).context["desk"]
    assert (names(desk.ranked), desk.is_changed, MentorChoice.objects.count()) == (["Team B", "Team A"], True, 0)
    assert [one.is_shortlisted for one in desk.others] == [True]

    assert world.send(b, a, shortlist=[c.pk]).status_code == 302
    desk = world.get().context["desk"]
    assert (names(desk.ranked), names(desk.others), desk.is_changed) == (["Team B", "Team A"], ["Team C"], False)


def test_of_two_tabs_the_second_sees_both_orders(world):
    a, b, _c = world.teams
    before = world.get().context["desk"].based_on
    world.send(a, b)

    response = world.send(b, a, based_on=before)

    desk = response.context["desk"]
    assert (response.status_code, names(desk.stored), names(desk.ranked)) == (
        409,
        ["Team A", "Team B"],
        ["Team B", "Team A"],
    )
    assert world.send(b, a, based_on=desk.based_on).status_code == 302


def test_after_the_mentors_close_the_page_says_so(world):
    world.send(world.teams[1])
    SelectionRound.objects.update(mentors_close_at=now() - timedelta(hours=1))

    response = world.send(world.teams[0])

    assert response.status_code == 403
    assert "orders closed on" in response.content.decode()
    assert names(response.context["desk"].ranked) == ["Team B"]


@pytest.mark.parametrize("words", [{"order": "x"}, {"order": "\x00"}, {"order": "9" * 19}, {"shortlist": "x"},
                                   {"based_on": "\x00"}, {"based_on": "x" * 99}, {"order": "7" * 17},
                                   {"shortlist": "7" * 17}])  # fmt: skip
def test_garbage_is_refused_with_a_sentence(world, words):
    sent = {"act": "submit", "based_on": world.get().context["desk"].based_on} | words

    assert world.client.post(world.place(), sent).status_code == 400


def test_a_team_is_refused_and_accepted_again(world):
    team, place = world.teams[0], world.place("mentor_team", world.teams[0].pk)
    assert world.client.post(place, {"project": world.project.pk, "reason": "Too few.", "confirmed": 1}).url == place

    page = world.client.get(place)
    refusal = page.context["applicant"].refusals[0]
    assert (refusal.team, refusal.reason) == (team, "Too few.")
    assert world.client.post(world.place("mentor_accept", refusal.pk)).url == place
    assert Refusal.objects.count() == 0


def test_a_refusal_names_the_team_and_asks_first(world):
    place = world.place("mentor_team", world.teams[0].pk)
    Refusal.objects.create(
        round=world.round, project=world.project, team=world.teams[0], reason="Too early.", refused_by=world.mentor.user
    )

    response = world.client.post(place, {"project": world.project.pk, "reason": "Too few."})

    assert (response.status_code, Refusal.objects.get().reason) == (200, "Too early.")
    for words in ("Mark Team A as not acceptable?", "never placed in “Kernels”", "Too early.",
                  '<input type="hidden" name="reason" value="Too few."'):  # fmt: skip
        assert words in response.content.decode()


def test_a_refusal_needs_a_reason_and_a_project_of_theirs(world):
    place = world.place("mentor_team", world.teams[0].pk)

    for sent in ({"project": world.project.pk, "reason": ""}, {"project": world.other.pk, "reason": "x"},
                 {"project": "\x00", "reason": "x"}, {"project": 2**63, "reason": "x"}):  # fmt: skip
        assert world.client.post(place, sent).status_code == 400
    assert Refusal.objects.count() == 0


def test_a_refusal_after_the_mentors_close_is_refused(world):
    refusal = Refusal.objects.create(
        round=world.round, project=world.project, team=world.teams[0], reason="x", refused_by=world.mentor.user
    )
    SelectionRound.objects.update(mentors_close_at=now() - timedelta(hours=1))

    sent = {"project": world.project.pk, "reason": "x"}
    assert world.client.post(world.place("mentor_team", world.teams[1].pk), sent).status_code == 403
    assert world.client.post(world.place("mentor_accept", refusal.pk)).status_code == 403
    assert Refusal.objects.count() == 1


def test_only_their_own_teams_and_refusals_are_found(world):
    other = make_mentor(world.stage)
    refusal = Refusal.objects.create(
        round=world.round, project=world.project, team=world.teams[0], reason="x", refused_by=world.mentor.user
    )
    world.client.force_login(other.user)

    assert world.get("mentor_team", world.teams[0].pk).status_code == 404
    assert world.get("mentor_team", 2**63).status_code == 404
    assert world.client.post(world.place("mentor_accept", refusal.pk)).status_code == 404


def test_a_conflict_is_declared_and_the_team_is_judged_no_more(world):
    lead = world.teams[0].lead
    world.send(*world.teams)

    assert world.client.get(world.place("mentor_conflicts") + "?student=a%00b").status_code == 200
    sent = {"handle": lead.student.handle, "note": "My group.", "confirmed": 1}
    response = world.client.post(world.place("mentor_conflicts"), sent)

    assert response.status_code == 302
    desk = world.get().context["desk"]
    assert (names(desk.ranked), names(desk.barred)) == (["Team B", "Team C"], ["Team A"])
    assert world.send(world.teams[0]).status_code == 400
    assert world.client.post(world.place("mentor_team", world.teams[0].pk), {
        "project": world.project.pk, "reason": "x"}).status_code == 400  # fmt: skip


def test_a_declaration_names_the_student_and_what_is_deleted_and_asks_first(world):
    lead = world.teams[0].lead
    world.send(*world.teams, shortlist=[world.teams[0].pk])

    response = world.client.post(world.place("mentor_conflicts"), {"handle": lead.student.handle})

    assert (response.status_code, ConflictOfInterest.objects.count()) == (200, 0)
    for words in (f"Declare {lead.student} as your own student?", "Team A: number 1 of your order, shortlisted"):
        assert words in response.content.decode()
    assert "must run it again" not in response.content.decode()


def test_after_the_mentors_close_a_declaration_says_that_the_allocation_must_run_again(world):
    sent, place = {"handle": world.teams[0].lead.student.handle}, world.place("mentor_conflicts")
    SelectionRound.objects.update(mentors_close_at=now() - timedelta(hours=1))

    for response in (world.client.get(place), world.client.post(place, sent)):
        assert "must run it again" in response.content.decode()
    assert world.client.post(place, sent | {"confirmed": 1}).status_code == 302


def test_a_published_round_is_not_to_be_run_again(world):
    moment = now() - timedelta(hours=1)
    SelectionRound.objects.update(mentors_close_at=moment, published_at=moment, published_by=world.mentor.user)

    assert "must run it again" not in world.get("mentor_conflicts").content.decode()


def test_nothing_is_declared_when_the_camp_is_over(world):
    Camp.objects.update(ends_at=now() - timedelta(minutes=1))

    page = world.get("mentor_conflicts").content.decode()
    response = world.client.post(
        world.place("mentor_conflicts"), {"handle": world.teams[0].lead.student.handle, "confirmed": 1}
    )

    assert ("This camp is over" in page, 'name="handle"' in page) == (True, False)
    assert (response.status_code, ConflictOfInterest.objects.count()) == (403, 0)


@pytest.mark.parametrize("handle", ["nobody", "", "\x00", "x" * 200])
def test_a_conflict_with_nobody_of_the_stage_is_refused(world, handle):
    assert world.client.post(world.place("mentor_conflicts"), {"handle": handle}).status_code == 400
    assert ConflictOfInterest.objects.count() == 0


def test_a_team_shows_what_it_proposed(world):
    make_proposal(world.teams[0], title="Own idea", status=Proposal.Status.SUBMITTED)

    applicant = world.get("mentor_team", world.teams[0].pk).context["applicant"]

    assert [proposal.title for proposal in applicant.proposals] == ["Own idea"]


@pytest.mark.parametrize("name", ["mentor", "mentor_conflicts"])
def test_the_pages_are_for_mentors(world, name):
    for user, status in (
        (make_student(), 404),
        (world.teams[0].lead.student, 403),
        (make_staff_role(world.stage.camp, user=make_user(), role=StaffRole.Role.TEACHER).user, 403),
    ):
        world.client.force_login(user)
        assert world.get(name).status_code == status


def test_who_lost_the_role_is_no_mentor_any_more(world):
    StaffRole.objects.filter(user=world.mentor.user).delete()

    assert world.get().status_code == 404


def test_without_a_round_the_page_shows_the_projects(world):
    SelectionRound.objects.all().delete()

    assert [row.project for row in world.get().context["desk"].projects] == [world.project]
    assert world.client.post(world.place(), {"act": "submit"}).status_code == 404


def test_the_page_takes_no_other_methods(world):
    assert world.client.put(world.place()).status_code == 405
    assert world.client.get(world.place("mentor_accept", 1)).status_code == 405


@pytest.mark.parametrize("name", ["projects:list", "projects:teams", "projects:preferences", "projects:result"])
def test_students_read_nothing_of_others_lists(world, name):
    world.reopen()
    world.client.force_login(make_project_student(world.stage, at=now()).student)
    place = reverse(name, args=world.stage.camp.address)
    before = world.client.get(place).content.decode()

    for team in world.teams:
        team.preferences.all().delete()

    after = world.client.get(place).content.decode()
    assert _still(before) == _still(after)


def _still(html):
    """A page without what changes from one request to the next: the token of its forms."""
    return [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line]


def test_the_page_costs_the_same_for_one_team_and_for_more(world):
    world.get()
    with CaptureQueriesContext(connection) as few:
        world.get()
    for letter in "DE":
        make_proposal(world.team(f"Team {letter}"))
    make_project(world.stage, mentor=world.mentor)

    with CaptureQueriesContext(connection) as more:
        world.get()

    assert len(few) == len(more)
