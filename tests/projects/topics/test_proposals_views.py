"""The pages of proposals: for the team, for who decides, and for nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import SupportProject
from camp.projects import proposals as services
from camp.projects.models import Project, Proposal, Team
from tests.factories import make_enrollment, make_running_camp, make_staff_role, make_user
from tests.project_factories import (
    make_mentor,
    make_project_stage,
    make_project_student,
    make_proposal,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
SUBMITTED, CHANGES_ASKED, ACCEPTED, DECLINED, WITHDRAWN = Proposal.Status
TYPED = {
    "title": "Faster kernels", "summary": "Quicker.", "description": "    code\n*care*", "difficulty": "starter",
    "skills": "Rust， CUDA、rust;", "support_project": "", "wished_mentor": "",
}  # fmt: skip


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=NOW)


@pytest.fixture
def team(stage):
    return make_team(stage, at=NOW, members=[make_project_student(stage, at=NOW)])


@pytest.fixture
def proposal(team):
    return make_proposal(team, description="*care*")


@pytest.fixture
def organizer(stage):
    return make_staff_role(stage.camp).user


def at(stage, name="proposals", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def html(response):
    return " ".join(response.content.decode().split())


def all_pages(stage, proposal):
    rowed = [at(stage, name, proposal.pk) for name in ("proposal", "proposal_change", "proposal_withdraw")]
    return [at(stage), at(stage, "propose"), *rowed]


def decision(proposal, **words):
    return {"decision": "accept", "reason": "", "seats": "1", "seen": services.version_of(proposal)} | words


def test_strangers_to_the_camp_find_nothing(client, stage, proposal):
    client.force_login(make_user())

    assert {client.get(url).status_code for url in all_pages(stage, proposal)} == {404}
    assert client.post(at(stage, "proposal_decide", proposal.pk), decision(proposal)).status_code == 404
    assert client.post(at(stage, "propose"), TYPED).status_code == 404


def test_students_of_the_camp_who_are_not_in_the_stage_get_403(client, stage, proposal):
    client.force_login(make_enrollment(stage.camp, at=NOW).student)

    pages = [client.get(url) for url in all_pages(stage, proposal)]

    assert {page.status_code for page in pages} == {403}
    assert "This is for the students of the stage" in html(pages[0])


def test_who_is_not_signed_in_is_asked_to(client, stage, proposal):
    assert {client.get(url).status_code for url in all_pages(stage, proposal)} == {302}


def test_students_see_the_proposals_of_their_own_team_only(client, stage, team, proposal):
    other = make_proposal(make_team(stage, at=NOW))
    client.force_login(team.members.last().enrollment.student)

    assert list(client.get(at(stage)).context["proposals"]) == [proposal]
    assert client.get(at(stage, "proposal", proposal.pk)).status_code == 200
    for name in ("proposal", "proposal_change", "proposal_withdraw"):
        assert client.get(at(stage, name, other.pk)).status_code == 404
    assert client.post(at(stage, "proposal_withdraw", other.pk)).status_code == 404


def test_a_student_without_a_team_sees_no_proposals(client, stage, proposal):
    client.force_login(make_project_student(stage, at=NOW).student)

    page = client.get(at(stage))

    assert list(page.context["proposals"]) == []
    assert "Your team has proposed nothing yet" in html(page)


def test_the_staff_see_all_with_what_waits_first(client, stage, team, organizer):
    make = [
        make_proposal(team, status=status, reason="x", proposed_at=NOW + timedelta(hours=hours))
        for status, hours in ((DECLINED, 0), (SUBMITTED, 1), (WITHDRAWN, 2), (SUBMITTED, 3))
    ]
    client.force_login(organizer)

    assert list(client.get(at(stage)).context["proposals"]) == [make[1], make[3], make[2], make[0]]


def test_a_proposal_of_another_camp_is_not_here(client, stage, organizer):
    elsewhere = make_proposal(make_team())
    client.force_login(organizer)

    for pk in (elsewhere.pk, 0, 2**63, 10**30):
        assert client.get(at(stage, "proposal", pk)).status_code == 404


def test_a_student_proposes(client, stage):
    student, mentor = make_project_student(stage, at=NOW).student, make_mentor(stage)
    own = SupportProject.objects.create(organization=stage.camp.organization, name="X", url="https://example.org")
    client.force_login(student)
    assert client.get(at(stage, "propose")).status_code == 200

    response = client.post(at(stage, "propose"), TYPED | {"wished_mentor": mentor.pk, "support_project": own.pk})

    made = Proposal.objects.get()
    assert (response.status_code, response["Location"]) == (302, made.get_absolute_url())
    assert (made.title, made.summary, made.difficulty) == ("Faster kernels", "Quicker.", "starter")
    assert (made.description, made.skills) == ("    code\n*care*", ["Rust", "CUDA"])
    assert (made.wished_mentor, made.support_project, made.proposed_by) == (mentor, own, student)
    assert made.team == Team.objects.of(student).get()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 121), ("title", "\0"), ("summary", ""), ("summary", "x" * 241),
        ("description", ""), ("description", "x" * 10_001), ("description", "\u200b"), ("difficulty", "impossible"),
        ("skills", "x" * 41), ("skills", ",".join(f"s{n}" for n in range(11))), ("skills", "x," * 5000),
        ("wished_mentor", "x"), ("wished_mentor", str(2**63)), ("wished_mentor", "\0"), ("support_project", "0"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_kept(client, stage, field, value):
    client.force_login(make_project_student(stage, at=NOW).student)

    response = client.post(at(stage, "propose"), TYPED | {"summary": "What I typed."} | {field: value})

    assert (response.status_code, list(response.context["form"].errors)) == (400, [field])
    assert field == "summary" or "What I typed." in html(response)
    assert (Proposal.objects.count(), Team.objects.count()) == (0, 0)


def test_a_mentor_or_open_source_project_of_another_camp_is_refused(client, stage):
    other = make_project_stage()
    own = SupportProject.objects.create(organization=other.camp.organization, name="X", url="https://example.org")
    client.force_login(make_project_student(stage, at=NOW).student)

    response = client.post(
        at(stage, "propose"), TYPED | {"wished_mentor": make_mentor(other).pk, "support_project": own.pk}
    )

    assert (response.status_code, set(response.context["form"].errors)) == (400, {"wished_mentor", "support_project"})


def test_proposing_after_the_close_is_a_403_that_says_so(client, stage):
    type(stage).objects.filter(pk=stage.pk).update(proposals_close_at=NOW)
    client.force_login(make_project_student(stage, at=NOW).student)

    for response in (client.get(at(stage, "propose")), client.post(at(stage, "propose"), TYPED)):
        assert response.status_code == 403
        assert "No topics are proposed any more" in html(response)
    assert "Faster kernels" in html(response)
    assert "Proposals closed:" in html(client.get(at(stage)))


@pytest.mark.parametrize("closed", [{"at": NOW - 2 * timedelta(days=1)}, {"locked_at": NOW}])
def test_after_the_first_round_nobody_is_asked_for_topics(client, stage, team, closed):
    client.force_login(team.lead.student)

    def asks():
        pages = [client.get(f"{stage.get_absolute_url()}{name}").content.decode() for name in ("", "proposals/")]
        pages.append(client.get(stage.camp.get_absolute_url()).content.decode())
        return ["/proposals/new/" in pages[0], "/proposals/new/" in pages[1], "topics of their own until" in pages[2]]

    assert asks() == [True, True, True]
    make_round(stage, **{"at": NOW} | closed)
    assert asks() == [False, False, False]


def test_staff_who_are_no_students_do_not_propose(client, stage, organizer):
    client.force_login(organizer)

    assert client.get(at(stage, "propose")).status_code == 403
    assert client.post(at(stage, "propose"), TYPED).status_code == 403


def test_the_page_shows_the_topic_and_its_history(client, team, proposal, organizer):
    services.ask_for_changes(proposal, by=organizer, reason="Say <how>.")
    client.force_login(team.lead.student)

    page = client.get(proposal.get_absolute_url())

    assert "<em>care</em>" in html(page)
    assert f"<strong>{organizer}</strong> asked for changes" in html(page)
    assert "Say &lt;how&gt;." in html(page)
    assert (page.context["may_change"], page.context["may_withdraw"], page.context["form"]) == (True, True, None)


def test_a_member_changes_the_proposal(client, stage, team, proposal):
    client.force_login(team.members.last().enrollment.student)
    page = client.get(at(stage, "proposal_change", proposal.pk))
    assert proposal.title in html(page)

    response = client.post(
        at(stage, "proposal_change", proposal.pk), TYPED | {"seen": page.context["form"]["seen"].value()}
    )

    assert (response.status_code, response["Location"]) == (302, proposal.get_absolute_url())
    assert Proposal.objects.get().title == "Faster kernels"


def test_who_writes_over_newer_words_is_told_once(client, stage, team, proposal):
    seen = services.version_of(proposal)
    services.change_proposal(proposal, by=team.lead.student, title="Newer")
    client.force_login(team.lead.student)
    url = at(stage, "proposal_change", proposal.pk)

    response = client.post(url, TYPED | {"seen": seen})

    assert response.status_code == 409
    assert "Somebody changed this proposal meanwhile" in html(response)
    assert "Faster kernels" in html(response)
    assert Proposal.objects.get().title == "Newer"
    assert client.post(url, TYPED | {"seen": response.context["form"]["seen"].value()}).status_code == 302


@pytest.mark.parametrize("status", [DECLINED, WITHDRAWN])
def test_a_decided_proposal_is_not_changed_or_withdrawn(client, stage, team, status):
    proposal = make_proposal(team, status=status, reason="x")
    client.force_login(team.lead.student)

    for name in ("proposal_change", "proposal_withdraw"):
        for response in (client.get(at(stage, name, proposal.pk)), client.post(at(stage, name, proposal.pk), TYPED)):
            assert response.status_code == 409
            assert "already decided" in html(response)


def test_withdrawing_asks_and_names_the_proposal(client, stage, team, proposal):
    client.force_login(team.lead.student)
    url = at(stage, "proposal_withdraw", proposal.pk)

    assert f"Withdraw the proposal “{proposal}”?" in html(client.get(url))
    assert Proposal.objects.get().status == SUBMITTED

    assert client.post(url)["Location"] == proposal.get_absolute_url()
    assert Proposal.objects.get().status == WITHDRAWN


def test_the_staff_do_not_change_or_withdraw_what_teams_propose(client, stage, proposal, organizer):
    client.force_login(organizer)

    for name in ("proposal_change", "proposal_withdraw"):
        assert client.post(at(stage, name, proposal.pk), TYPED).status_code == 403
    assert Proposal.objects.get().status == SUBMITTED


@pytest.mark.parametrize("is_mentor", [True, False])
def test_mentors_and_organizers_accept(client, stage, proposal, organizer, is_mentor):
    client.force_login(make_mentor(stage).user if is_mentor else organizer)
    page = client.get(proposal.get_absolute_url())
    assert page.context["form"].initial == {"seen": services.version_of(proposal)}

    response = client.post(at(stage, "proposal_decide", proposal.pk), decision(proposal, seats="3"))

    assert (response.status_code, response["Location"]) == (302, proposal.get_absolute_url())
    assert (Proposal.objects.get().status, Project.objects.get().seats) == (ACCEPTED, 3)
    page = client.get(proposal.get_absolute_url())
    assert page.context["form"] is None
    assert Project.objects.get().get_absolute_url() in html(page)


@pytest.mark.parametrize(("said", "status"), [("ask", CHANGES_ASKED), ("decline", DECLINED)])
def test_asking_and_declining_need_a_reason(client, stage, proposal, organizer, said, status):
    client.force_login(organizer)
    url = at(stage, "proposal_decide", proposal.pk)

    response = client.post(url, decision(proposal, decision=said))
    assert response.status_code == 409
    assert "Give a reason; the team reads it." in html(response)

    client.post(url, decision(proposal, decision=said, reason="Say how."))
    assert (Proposal.objects.get().status, Proposal.objects.get().reason) == (status, "Say how.")


@pytest.mark.parametrize(
    "words",
    [
        {"decision": ""}, {"decision": "x"}, {"seats": "0"}, {"seats": "-1"}, {"seats": str(2**63)}, {"seats": "x"},
        {"reason": "x" * 301}, {"seen": "x"},
    ],
)  # fmt: skip
def test_garbage_in_a_decision_is_a_400(client, stage, proposal, organizer, words):
    client.force_login(organizer)

    response = client.post(at(stage, "proposal_decide", proposal.pk), decision(proposal, **words))

    assert (response.status_code, list(response.context["form"].errors)) == (400, list(words))
    assert Proposal.objects.get().status == SUBMITTED


def test_a_decision_on_older_words_is_refused_with_what_was_typed(client, stage, team, proposal, organizer):
    sent = decision(proposal, decision="decline", reason="Too large.")
    services.change_proposal(proposal, by=team.lead.student, title="Newer")
    client.force_login(organizer)

    response = client.post(at(stage, "proposal_decide", proposal.pk), sent)

    assert response.status_code == 409
    assert "Somebody changed this proposal meanwhile" in html(response)
    assert ("Newer" in html(response), "Too large." in html(response)) == (True, True)
    assert Proposal.objects.get().status == SUBMITTED


def test_a_decision_on_what_is_decided_is_refused_with_the_state(client, stage, proposal, organizer):
    services.decline_proposal(proposal, by=organizer, reason="x")
    client.force_login(organizer)

    response = client.post(at(stage, "proposal_decide", proposal.pk), decision(proposal))

    assert response.status_code == 409
    assert "already decided: it is declined" in html(response)


@pytest.mark.parametrize("role", ["teacher", "assistant", "mentor"])
def test_other_staff_read_but_do_not_decide(client, stage, proposal, role):
    """A mentor by role who supervises nothing here among them."""
    client.force_login(make_staff_role(stage.camp, role=role).user)

    page = client.get(proposal.get_absolute_url())
    response = client.post(at(stage, "proposal_decide", proposal.pk), decision(proposal))

    assert (page.status_code, page.context["form"], response.status_code) == (200, None, 403)
    assert Proposal.objects.get().status == SUBMITTED


def test_the_team_does_not_decide_on_its_own_proposal(client, stage, team, proposal):
    client.force_login(team.lead.student)

    assert client.post(at(stage, "proposal_decide", proposal.pk), decision(proposal)).status_code == 403


@pytest.mark.parametrize(
    ("name", "method"), [("proposals", "post"), ("proposal", "post"), ("proposal_decide", "get"), ("propose", "put")]
)
def test_wrong_methods_are_refused(client, stage, proposal, organizer, name, method):
    client.force_login(organizer)
    args = [] if name in ("proposals", "propose") else [proposal.pk]

    assert getattr(client, method)(at(stage, name, *args)).status_code == 405


def test_the_list_costs_the_same_with_more_proposals(client, stage, organizer):
    def one():
        make_proposal(make_team(stage, at=NOW), wished_mentor=make_mentor(stage))

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(at(stage)).status_code == 200
        return len(captured)

    client.force_login(organizer)
    one()
    client.get(at(stage))
    few = cost()
    one()
    one()

    assert cost() == few
