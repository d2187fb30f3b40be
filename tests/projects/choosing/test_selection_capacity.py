"""What can still be chosen: seats and the time of mentors, over all rounds, and no list after the result."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from camp.projects.allocation import runs
from camp.projects.choosing import mentoring, selection
from camp.projects.choosing.selection import Lack
from camp.projects.models import Placement, Preference, Project, SelectionRound
from tests.factories import make_running_camp, make_user
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_preferences,
    make_project,
    make_project_stage,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def first(stage):
    """A round with its result."""
    return make_round(stage, at=NOW - timedelta(days=5), published_at=NOW)


@pytest.fixture
def second(stage, first):
    return make_round(stage, number=2, at=NOW, method=SelectionRound.Method.ASSIGNMENT)


@pytest.fixture
def busy(stage, first):
    """A project with a free seat whose mentor has as many teams as they can supervise, in another project."""
    mentor = make_mentor(stage, capacity=1)
    make_placement(first, make_team(stage, at=NOW), make_project(stage, mentor=mentor, title="Full"))
    return make_project(stage, mentor=mentor, title="Busy")


def submit(round, team, *projects):
    return selection.submit_list(round, team, list(projects), by=team.lead.student, based_on=0, at=NOW)


def test_a_project_can_take_a_team_while_it_has_seats_and_its_mentor_time(stage, first, busy):
    free, full = make_project(stage, seats=2), Project.objects.get(title="Full")
    make_project(stage, status=Project.Status.CLOSED, seats=0)
    make_placement(first, make_team(stage, at=NOW), free)
    make_placement(first, make_team(stage, at=NOW), None)

    assert selection.lacks_of(stage) == {full.pk: Lack.SEAT, busy.pk: Lack.TIME}


def test_what_a_project_lacks_costs_the_same_for_more_projects(stage, busy, django_assert_num_queries):
    for _ in range(3):
        make_project(stage, mentor=make_mentor(stage, capacity=2))

    with django_assert_num_queries(2):
        selection.lacks_of(stage)


def test_a_project_whose_mentor_has_no_time_is_refused_and_says_so(stage, second, busy):
    team = make_team(stage, at=NOW)

    with pytest.raises(selection.WrongListError) as caught:
        submit(second, team, busy)

    words = "“Busy” cannot be chosen, as its mentor has no time for another team. Take it off the list."
    assert str(caught.value) == words


def test_the_page_shows_why_it_cannot_be_chosen(client, stage, second, busy):
    client.force_login(make_team(stage, at=NOW).lead.student)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    page = client.get(reverse("projects:preferences", args=stage.camp.address)).text

    assert "“Busy” cannot be chosen, as its mentor has no time for another team." in page


def test_the_reason_after_the_round_says_so_too(stage, second, busy):
    team = make_team(stage, at=NOW)
    make_preferences(second, team, busy, Project.objects.get(title="Full"))
    at = second.closes_at

    runs.publish(runs.compute(second, by=make_user(), at=at), by=make_user(), at=at)

    why = Placement.objects.get(team=team).why
    assert [line["reason"] for line in why] == ["mentor_full", "taken"]


# After the result.


@pytest.fixture
def published(stage):
    """A round whose times, changed later, say that it is open."""
    return make_round(stage, at=NOW, published_at=NOW)


def test_a_published_round_takes_no_list_whatever_its_times_say(stage, published):
    team = make_team(stage, at=NOW)

    with pytest.raises(selection.ClosedError, match="is published, so it takes no list any more"):
        submit(published, team, make_project(stage))

    assert Preference.objects.count() == 0
    assert selection.current_round(stage, NOW) == published
    states = published.is_open(NOW), published.is_to_come(NOW), published.is_closed(NOW)
    assert states == (False, False, True)


def test_the_page_of_a_published_round_offers_no_list(client, stage, published):
    make_project(stage)
    client.force_login(make_team(stage, at=NOW).lead.student)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    url = reverse("projects:preferences", args=stage.camp.address)

    page, sent = client.get(url).text, client.post(url, {"act": "submit", "order": [Project.objects.get().pk]})

    assert "The result of this round is published, so it takes no list any more." in page
    assert "Submit the list" not in page
    assert sent.status_code == 403


def test_mentors_rank_nobody_in_a_published_round(stage):
    mentor = make_mentor(stage)
    round = make_round(stage, at=NOW - timedelta(days=2), published_at=NOW)

    assert round.takes_mentors_order(NOW) is False
    with pytest.raises(selection.ClosedError, match="is published"):
        mentoring.rank_teams(round, mentor, [], by=mentor.user, based_on="", at=NOW)


def test_the_round_that_is_open_is_shown_before_a_published_one(stage, published):
    second = make_round(stage, number=2, at=NOW)

    assert selection.current_round(stage, NOW) == second
