"""The pages of rows in the admin of projects: times with their zone, and links that lead somewhere."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from camp.projects.models import (
    Certificate,
    ConflictOfInterest,
    Evaluation,
    HandIn,
    PreferenceList,
    Project,
    ProjectStage,
    Proposal,
    ReviewRequest,
    SelectionRound,
    Team,
    TeamMember,
)
from camp.projects.work import reviews
from tests.project_factories import make_proposal
from tests.projects.working import Work

MOMENT = datetime(2026, 11, 29, 14, 57, tzinfo=UTC)
SHOWN = "Sun 29 Nov 2026, 22:57 (Shanghai)"
MOMENTS = {
    Certificate: "issued_at", ConflictOfInterest: "declared_at", Evaluation: "proposed_at", HandIn: "handed_in_at",
    PreferenceList: "submitted_at", Proposal: "proposed_at", ReviewRequest: "asked_at", SelectionRound: "published_at",
    Team: "created_at", TeamMember: "joined_at",
}  # fmt: skip


@pytest.fixture
def work(db):
    return Work()


@pytest.fixture
def rows(work):
    """One row of each model that keeps a moment which is only read."""
    certificate, team, round = work.certificate(), work.team, work.placement.round
    reviews.ask_review(certificate.evaluation, by=work.lead.student, text="Please.")
    SelectionRound.objects.update(closes_at=MOMENT, opens_at=datetime(2026, 1, 1, tzinfo=UTC), mentors_close_at=MOMENT)
    return [
        certificate, certificate.evaluation, certificate.evaluation.review_request, work.hand_in(), team,
        team.members.first(), make_proposal(team), round,
        PreferenceList.objects.create(round=round, team=team, submitted_by=work.organizer),
        ConflictOfInterest.objects.create(
            mentor=work.mentor, enrollment=work.member, declared_by=work.organizer, declared_at=MOMENT
        ),
    ]  # fmt: skip


def page(client, user, row, view="change"):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(user)
    return client.get(reverse(f"admin:projects_{row._meta.model_name}_{view}", args=[row.pk]))


def test_moments_that_are_read_name_their_zone(client, work, rows):
    for row in rows:
        fields = {MOMENTS[type(row)]: MOMENT}
        if type(row) is SelectionRound:
            fields["published_by"] = work.organizer
        type(row).objects.filter(pk=row.pk).update(**fields)

        shown = page(client, work.organizer, row)

        assert (shown.status_code, SHOWN in shown.text) == (200, True), row
        assert "p.m." not in shown.text, row
    assert {type(row) for row in rows} == set(MOMENTS)


def test_members_on_the_page_of_a_team_have_theirs_too(client, work):
    TeamMember.objects.filter(team=work.team).update(joined_at=MOMENT)

    assert page(client, work.organizer, work.team).text.count(SHOWN) == 2


def test_who_only_reads_a_stage_reads_its_times_with_their_zone(client, work):
    ProjectStage.objects.update(topics_published_at=MOMENT)

    assert SHOWN in page(client, work.mentor.user, work.stage).text
    assert SHOWN not in page(client, work.organizer, work.stage).text


def test_times_of_a_closed_round_name_their_zone(client, work, rows):
    assert SHOWN in page(client, work.organizer, work.placement.round).text


def links(response):
    return [word in response.text for word in ('class="historylink"', 'class="viewsitelink"')]


@pytest.mark.parametrize(("model", "on_site"), [(Team, False), (Project, True), (ProjectStage, True)])
def test_links_of_a_page_lead_to_what_the_reader_may_see(client, work, model, on_site):
    row = model.objects.get()

    assert links(page(client, work.organizer, row)) == [True, on_site]
    assert page(client, work.organizer, row, "history").status_code == 200
    assert links(page(client, work.mentor.user, row)) == [False, on_site]
    assert not on_site or client.get(row.get_absolute_url()).status_code == 200
