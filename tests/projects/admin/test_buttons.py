"""A row's own page offers the decisions of its list, and asks the same before."""

import pytest
from django.urls import reverse

from camp.projects import certificates, proposals
from camp.projects.models import Certificate, Evaluation, Project, Proposal, ReviewRequest, Team
from camp.projects.work import grading, reviews
from tests.factories import make_camp, make_staff_role
from tests.project_factories import make_proposal
from tests.projects.working import Work


@pytest.fixture
def work(db):
    return Work()


@pytest.fixture
def staff(client, work):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(work.organizer)
    return client


def address(row, view, *args):
    return reverse(f"admin:projects_{row._meta.model_name}_{view}", args=[row.pk, *args])


def buttons(client, row):
    return [one["url"].split("/")[-2] for one in client.get(address(row, "change")).context["decisions"]]


def press(client, row, action, **answers):
    return client.post(address(row, "decide", action), {"confirmed": "yes"} | answers, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_a_proposal_is_decided_on_its_page(staff, work):
    proposal = make_proposal(work.team)
    assert buttons(staff, proposal) == ["accept", "ask_for_changes", "decline"]

    page = press(staff, proposal, "decline", reason="Too large.")

    assert (said(page), page.redirect_chain) == (["Done for 1."], [(address(proposal, "change"), 302)])
    assert Proposal.objects.get().reason == "Too large."
    assert buttons(staff, proposal) == []


def test_an_evaluation_offers_what_can_be_decided_now(staff, work):
    evaluation = work.propose()[0]
    offered = [buttons(staff, evaluation)]

    for act in (grading.confirm, lambda row, by: grading.publish([row], by=by), certificates.issue):
        act(evaluation, by=work.organizer)
        offered.append(buttons(staff, evaluation))

    assert offered == [
        ["confirm"], ["publish", "change_grade"], ["change_grade", "issue"], ["change_grade", "replace"],
    ]  # fmt: skip


def test_a_button_asks_with_what_the_list_shows_and_leads_back(staff, work):
    evaluation = work.propose()[0]

    page = staff.get(address(evaluation, "decide", "confirm"))

    assert "Code: 4 of 5" in page.context["form"].facts[0][1]
    assert f'href="{address(evaluation, "change")}"' in page.text
    assert Evaluation.objects.get(pk=evaluation.pk).grade == ""


def test_what_is_wrong_is_asked_again_on_the_same_page(staff, work):
    evaluation = work.propose()[0]

    page = press(staff, evaluation, "confirm", grade="fail", reason="")

    assert (page.redirect_chain, list(page.context["form"].errors)) == ([], ["reason"])


def test_a_request_is_answered_on_its_page(staff, work):
    request = reviews.ask_review(work.published(), by=work.lead.student, text="Please.")
    assert buttons(staff, request) == ["answer"]

    press(staff, request, "answer", answer="We looked.", grade="")

    assert ReviewRequest.objects.get().answer == "We looked."
    assert buttons(staff, request) == []


def test_a_certificate_is_revoked_on_its_page(staff, work):
    certificate = work.certificate()
    assert buttons(staff, certificate) == ["replace", "revoke"]

    press(staff, certificate, "revoke", reason="Copied.")

    assert Certificate.objects.get().is_revoked
    assert buttons(staff, certificate) == []


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("draft", ["publish"]), ("open", ["close", "withdraw"]), ("closed", ["withdraw", "reopen"]),
        ("withdrawn", ["reopen"]),
    ],
)  # fmt: skip
def test_a_project_offers_what_its_state_allows(staff, work, status, offered):
    Project.objects.filter(pk=work.project.pk).update(status=status)

    assert buttons(staff, work.project) == offered


def test_a_team_is_decided_on_its_page(staff, work):
    assert buttons(staff, work.team) == ["admit", "disband"]
    assert said(press(staff, work.team, "disband", reason="x")) == ["Done for 1."]
    assert buttons(staff, work.team) == []


def test_who_does_not_organize_has_no_buttons(client, work):
    client.force_login(work.mentor.user)
    proposal = make_proposal(work.team)

    page = press(client, proposal, "decline", reason="x")

    assert (buttons(client, proposal), page.status_code) == ([], 404)
    assert Proposal.objects.get().status == "submitted"


def test_nobody_decides_about_rows_of_another_camp(client, work):
    client.force_login(make_staff_role(make_camp()).user)
    proposal = make_proposal(work.team)

    assert press(client, proposal, "decline", reason="x").status_code == 404
    assert Proposal.objects.get().status == "submitted"


@pytest.mark.parametrize("action", ["delete_selected", "nothing"])
def test_only_what_is_offered_is_done(staff, work, action):
    assert staff.get(address(work.team, "decide", action)).status_code == 404
    assert Team.objects.filter(pk=work.team.pk).exists()


def test_a_row_that_cannot_be_is_not_found(staff, work):
    assert staff.get(reverse("admin:projects_team_decide", args=[2**63, "disband"])).status_code == 404


def test_what_is_decided_meanwhile_says_so(staff, work):
    proposal = make_proposal(work.team)
    proposals.decline_proposal(proposal, by=work.organizer, reason="x")

    assert said(press(staff, proposal, "accept", seats="1", reason="")) == [
        f"{proposal}: This proposal is already decided: it is declined."
    ]
