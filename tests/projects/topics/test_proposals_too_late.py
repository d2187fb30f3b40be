"""What comes too late for a proposal is told so first, whatever else is wrong with it, and what was typed is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from camp.projects import proposals
from camp.projects.models import ProjectStage, Proposal
from tests.factories import make_running_camp, make_staff_role
from tests.project_factories import make_project_stage, make_project_student, make_proposal, make_team

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
DECIDED = "This proposal is already decided: it is declined."


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def organizer(stage):
    return make_staff_role(stage.camp).user


@pytest.fixture
def decided(stage, organizer):
    lead = make_project_student(stage, at=NOW)
    return proposals.decline_proposal(make_proposal(make_team(stage, lead=lead, at=NOW)), by=organizer, reason="x")


def place(row, name, *args):
    return reverse(f"projects:{name}", args=[*row.camp.address, *args])


def html(response):
    return response.content.decode()


@pytest.mark.parametrize("decision", ["", "decline"])
def test_a_decision_on_what_is_decided(client, stage, organizer, decided, decision):
    client.force_login(organizer)
    sent = {"decision": decision, "reason": "Typed at length.", "seats": "0"}

    response = client.post(place(stage, "proposal_decide", decided.pk), sent)

    assert (response.status_code, response.context["refusal"]) == (409, DECIDED)
    assert ("errorlist" in html(response), "Typed at length." in html(response)) == (False, True)
    assert "Decide and tell the team" not in html(response)


def test_a_change_of_what_is_decided(client, stage, decided):
    client.force_login(decided.team.lead.student)

    response = client.post(place(stage, "proposal_change", decided.pk), {"title": "", "summary": "Typed at length."})

    assert (response.status_code, response.context["refusal"]) == (409, DECIDED)
    assert ("errorlist" in html(response), "Typed at length." in html(response)) == (False, True)
    assert "Save and ask for a decision" not in html(response)


def test_a_topic_after_the_proposals_closed(client, stage):
    ProjectStage.objects.update(proposals_close_at=NOW - timedelta(hours=1))
    client.force_login(make_project_student(stage, at=NOW).student)

    response = client.post(place(stage, "propose"), {"title": "", "summary": "Typed at length."})

    assert response.status_code == 403
    assert "No topics are proposed any more." in response.context["refusal"]
    assert ("errorlist" in html(response), "Typed at length." in html(response)) == (False, True)
    assert Proposal.objects.count() == 0
