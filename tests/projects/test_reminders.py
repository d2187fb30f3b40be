"""What a team must not overlook while its projects are being chosen, as its next step says it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.projects.models import Project, Proposal
from camp.projects.next_steps import project_step
from tests.factories import NOW, make_running_camp
from tests.project_factories import (
    make_placement,
    make_preferences,
    make_project,
    make_project_stage,
    make_proposal,
    make_round,
    make_team,
)
from tests.projects.browsing import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def team(stage):
    return make_team(stage)


def reminders(team, *, now=NOW):
    return [(one.text, one.moment) for one in project_step(team.lead, now=now).reminders]


def test_changes_asked_for_lead_to_the_proposal(team):
    asked = make_proposal(team, title="Our topic", status=Proposal.Status.CHANGES_ASKED, reason="Smaller.")
    make_proposal(team)

    (reminder,) = project_step(team.lead, now=NOW).reminders

    assert reminder.text == "You were asked to change your proposal “Our topic”."
    assert reminder.url == asked.get_absolute_url()


def test_a_seat_kept_for_the_team_is_to_be_listed(stage, team):
    own = make_project(stage, title="Own topic", reserved_for=team)
    assert reminders(team) == []

    round = make_round(stage)
    assert reminders(team) == [
        ("A seat of “Own topic” is kept for your team, but the project is not on your list.", round.closes_at)
    ]

    make_preferences(round, team, own)
    assert reminders(team) == []


def test_choices_that_cannot_count_are_to_be_changed(stage, team):
    round = make_round(stage)
    projects = [
        make_project(stage),
        make_project(stage, team_size_min=2),
        make_project(stage, status=Project.Status.WITHDRAWN),
    ]
    make_preferences(round, team, *projects)

    assert reminders(team) == [
        ("1 of your team's 3 choices does not fit a team of 1, so it cannot count.", round.closes_at),
        ("1 of your team's 3 choices is closed or withdrawn, so it counts no more.", round.closes_at),
    ]
    assert reminders(team, now=round.closes_at) == []


def test_who_has_a_project_is_reminded_of_nothing(stage, team):
    make_proposal(team, status=Proposal.Status.CHANGES_ASKED, reason="Smaller.")
    make_placement(make_round(stage), team, make_project(stage))

    assert reminders(team) == []


def test_my_page_shows_them():
    now = timezone.now()
    team = make_team(make_project_stage(make_running_camp(), at=now), at=now)
    make_proposal(team, title="Our topic", status=Proposal.Status.CHANGES_ASKED, reason="Smaller.")

    assert "You were asked to change your proposal “Our topic”." in text(browser(team.lead.student).get(reverse("my")))
