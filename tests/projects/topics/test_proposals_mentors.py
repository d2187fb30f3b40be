"""Who supervises an accepted proposal: a mentor reserves no more seats than they can supervise teams."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.projects import proposals as services
from camp.projects.errors import ProjectError
from camp.projects.models import Project, Proposal, Team
from tests.concurrency import at_once
from tests.factories import NOW, make_running_camp, make_user
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_project,
    make_project_stage,
    make_proposal,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=timezone.now())


def accept(proposal, *, by=None, **words):
    return services.accept_proposal(proposal, by=by or make_user(), at=NOW, **words).project


def proposal_of(stage, mentor):
    return make_proposal(make_team(stage), wished_mentor=mentor)


def test_a_mentor_reserves_no_more_seats_than_they_can_supervise(stage):
    mentor = make_mentor(stage, capacity=1)
    first, second = proposal_of(stage, mentor), proposal_of(stage, mentor)
    accept(first)

    with pytest.raises(ProjectError, match="supervises at most 1 team, .* Choose another mentor, or"):
        accept(second)

    assert Proposal.objects.get(pk=second.pk).is_open
    assert Project.objects.count() == 1


def test_a_team_that_has_a_project_of_the_mentor_counts_once(stage):
    mentor = make_mentor(stage, capacity=2)
    project = accept(proposal_of(stage, mentor))
    make_placement(make_round(stage), project.reserved_for, project)

    accept(proposal_of(stage, mentor))

    with pytest.raises(ProjectError, match="supervises at most 2 teams"):
        accept(proposal_of(stage, mentor))


@pytest.mark.parametrize("how", ["disbanded", "withdrawn", "placed elsewhere"])
def test_a_seat_that_is_reserved_for_nobody_any_more_is_not_counted(stage, how):
    mentor = make_mentor(stage, capacity=1)
    project = accept(proposal_of(stage, mentor))
    if how == "disbanded":
        Team.objects.filter(pk=project.reserved_for_id).update(disbanded_at=NOW)
    elif how == "withdrawn":
        Project.objects.filter(pk=project.pk).update(status=Project.Status.WITHDRAWN)
    else:
        make_placement(make_round(stage), project.reserved_for, make_project(stage))

    assert accept(proposal_of(stage, mentor)).mentor == mentor


def test_it_is_accepted_with_another_mentor(stage):
    full, free = make_mentor(stage, capacity=0), make_mentor(stage)

    assert accept(proposal_of(stage, full), by=full.user, mentor=free).mentor == free


def test_the_page_refuses_and_takes_another_mentor(client, stage):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    full, free = make_mentor(stage, capacity=0), make_mentor(stage)
    proposal = proposal_of(stage, full)
    address = reverse("projects:proposal_decide", args=[*stage.camp.address, proposal.pk])
    sent = {"decision": "accept", "reason": "Good.", "seats": "1", "seen": services.version_of(proposal)}
    client.force_login(full.user)

    refused = client.post(address, sent | {"mentor": ""})
    stranger = client.post(address, sent | {"mentor": make_mentor(make_project_stage(at=timezone.now())).pk})

    assert (refused.status_code, stranger.status_code) == (409, 400)
    assert "Choose another mentor" in refused.content.decode()
    assert refused.context["form"]["reason"].value() == "Good."
    assert client.post(address, sent | {"mentor": free.pk}).status_code == 302
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert f"<dt>Mentor</dt><dd>{free}</dd>" in page


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_reserve_the_last_place_of_a_mentor_once():
    stage = make_project_stage(make_running_camp(), at=timezone.now())
    mentor = make_mentor(stage, capacity=1)
    proposals = [proposal_of(stage, mentor) for _ in range(4)]

    outcomes = at_once([lambda each=each: accept(each, by=mentor.user) for each in proposals])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Project"] + ["ProjectError"] * 3
    assert Project.objects.count() == 1
