"""What happens to proposals: made for a team, changed, decided on with a reason, withdrawn."""

from datetime import timedelta

import pytest

from camp.enrollment import services as enrollments
from camp.notices.models import Notice
from camp.projects import proposals as services
from camp.projects.errors import ProjectError
from camp.projects.models import Project, Proposal, Team
from camp.projects.proposal_history import history_of
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_enrollment, make_student, make_user
from tests.project_factories import (
    make_mentor,
    make_project,
    make_project_stage,
    make_project_student,
    make_proposal,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
SUBMITTED, CHANGES_ASKED, ACCEPTED, DECLINED, WITHDRAWN = Proposal.Status
TOPIC = {"title": "Faster kernels", "summary": "Make them quicker.", "description": "With *care*.", "skills": ["CUDA"]}
DECISIONS = [services.ask_for_changes, services.decline_proposal, services.accept_proposal]
each_decision = pytest.mark.parametrize("decide", DECISIONS)


@pytest.fixture
def stage():
    return make_project_stage()


@pytest.fixture
def team(stage):
    """Two members who read English."""
    students = (make_student(language="en") for _each in range(2))
    lead, member = (make_project_student(stage, student=student) for student in students)
    return make_team(stage, lead=lead, members=[member])


@pytest.fixture
def proposal(team):
    return make_proposal(team)


@pytest.fixture
def organizer():
    return make_user()


def fresh(proposal):
    return Proposal.objects.get(pk=proposal.pk)


def told(kind):
    return set(Notice.objects.filter(kind=f"projects/{kind}").values_list("recipient", flat=True))


def members_of(team):
    return set(team.members.values_list("enrollment__student", flat=True))


def test_a_student_proposes_for_their_team(stage, team):
    member = team.members.last().enrollment

    made = services.propose(member, stage, by=member.student, at=NOW, **TOPIC)

    made = fresh(made)
    assert (made.team, made.proposed_by, made.proposed_at, made.status) == (team, member.student, NOW, SUBMITTED)
    assert {name: getattr(made, name) for name in TOPIC} == TOPIC


def test_a_student_without_a_team_gets_a_team_of_one(stage):
    student = make_project_student(stage)

    made = services.propose(student, stage, by=student.student, at=NOW, **TOPIC)

    assert (made.team.lead, made.team.size) == (student, 1)
    assert Team.objects.of(student.student).get() == made.team


def test_the_wished_mentor_is_told_and_nobody_else(stage, team):
    mentor, _other = make_mentor(stage, user=make_user(language="en")), make_mentor(stage)

    made = services.propose(team.lead, stage, by=team.lead.student, wished_mentor=mentor, at=NOW, **TOPIC)

    notice = Notice.objects.get(kind="projects/proposal_made")
    assert (notice.recipient, notice.url) == (mentor.user, made.get_absolute_url())
    assert notice.title == f"The team {team} proposes a topic and would like you as its mentor"
    assert notice.body.startswith("Faster kernels: Make them quicker.\n")


@pytest.mark.parametrize(
    ("closes_at", "sentence"), [(NOW, "No topics are proposed any more"), (None, "cannot propose topics in")]
)
def test_nothing_is_proposed_after_the_close(closes_at, sentence):
    stage = make_project_stage(proposals_close_at=closes_at)
    student = make_project_student(stage)

    with pytest.raises(services.ProposalsClosedError, match=sentence):
        services.propose(student, stage, by=student.student, at=NOW, **TOPIC)

    assert (Proposal.objects.count(), Team.objects.count()) == (0, 0)


def test_the_close_that_counts_is_the_stored_one(stage, team):
    stored = type(stage).objects.get(pk=stage.pk)
    stored.proposals_close_at = NOW
    stored.save()

    with pytest.raises(services.ProposalsClosedError):
        services.propose(team.lead, stage, by=team.lead.student, at=NOW, **TOPIC)


def test_who_is_not_in_the_stage_proposes_nothing(stage):
    outsider = make_enrollment(stage.camp)

    with pytest.raises(ProjectError, match="students of the stage"):
        services.propose(outsider, stage, by=outsider.student, at=NOW, **TOPIC)


def test_who_has_left_the_camp_meanwhile_proposes_nothing(stage):
    student = make_project_student(stage)
    enrollments.withdraw(student, by=student.student, at=NOW)

    with pytest.raises(ProjectError, match="students of the stage"):
        services.propose(student, stage, by=student.student, at=NOW, **TOPIC)


def test_a_team_has_a_few_open_proposals_at_the_most(stage, team):
    for status in [SUBMITTED] * (services.MOST_OPEN - 1) + [WITHDRAWN]:
        make_proposal(team, status=status)
    services.propose(team.lead, stage, by=team.lead.student, at=NOW, **TOPIC)

    with pytest.raises(ProjectError, match="5 open proposals"):
        services.propose(team.lead, stage, by=team.lead.student, at=NOW, **TOPIC)


def test_any_member_changes_an_open_proposal(proposal, team):
    member = team.members.last().enrollment.student

    services.change_proposal(proposal, by=member, at=NOW, **TOPIC)

    assert {name: getattr(fresh(proposal), name) for name in TOPIC} == TOPIC
    assert fresh(proposal).proposed_by == team.lead.student


def test_what_was_asked_for_waits_for_a_decision_again_when_changed(proposal, team, organizer):
    services.ask_for_changes(proposal, by=organizer, reason="Say how.", at=NOW)

    services.change_proposal(proposal, by=team.lead.student, at=NOW, **TOPIC)

    changed = fresh(proposal)
    assert (changed.status, changed.reason, changed.decided_by, changed.decided_at) == (SUBMITTED, "", None, None)


def test_after_the_close_only_what_was_asked_for_is_changed(proposal, team, organizer):
    late = NOW + timedelta(days=4)

    with pytest.raises(services.ProposalsClosedError):
        services.change_proposal(proposal, by=team.lead.student, at=late, **TOPIC)

    services.ask_for_changes(proposal, by=organizer, reason="Say how.", at=late)
    assert services.change_proposal(proposal, by=team.lead.student, at=late, **TOPIC).title == TOPIC["title"]


@pytest.mark.parametrize("service", [services.change_proposal, services.withdraw_proposal])
def test_only_members_change_and_withdraw_a_proposal(stage, proposal, organizer, service):
    for person in (organizer, make_project_student(stage).student):
        with pytest.raises(ProjectError, match="Only the members"):
            service(proposal, by=person, at=NOW)

    assert fresh(proposal).status == SUBMITTED


def test_a_member_withdraws_a_proposal(proposal, team):
    member = team.members.last().enrollment.student

    services.withdraw_proposal(proposal, by=member, at=NOW)

    assert (fresh(proposal).status, fresh(proposal).decided_by, fresh(proposal).decided_at) == (WITHDRAWN, member, NOW)


@pytest.mark.parametrize("status", [ACCEPTED, DECLINED, WITHDRAWN])
@pytest.mark.parametrize("service", [*DECISIONS, services.change_proposal, services.withdraw_proposal])
def test_what_is_decided_is_not_decided_changed_or_withdrawn_again(stage, team, service, status):
    project = make_project(stage) if status == ACCEPTED else None
    proposal = make_proposal(team, status=status, reason="x", project=project)
    reason = {"reason": "y"} if service in DECISIONS else {}

    with pytest.raises(ProjectError, match="already decided"):
        service(proposal, by=team.lead.student, at=NOW, **reason)

    assert (fresh(proposal).status, fresh(proposal).reason) == (status, "x")


@each_decision
def test_a_stale_instance_is_read_again(proposal, organizer, decide):
    services.decline_proposal(fresh(proposal), by=organizer, reason="x")

    with pytest.raises(ProjectError, match="already decided: it is declined"):
        decide(proposal, by=organizer, reason="y")

    assert (fresh(proposal).status, fresh(proposal).reason) == (DECLINED, "x")


@each_decision
def test_nobody_decides_on_words_they_have_not_read(proposal, team, organizer, decide):
    seen = services.version_of(proposal)
    services.change_proposal(proposal, by=team.lead.student, at=NOW, **TOPIC)

    with pytest.raises(ProjectError, match="changed this proposal meanwhile"):
        decide(proposal, by=organizer, reason="x", seen=seen)

    assert fresh(proposal).status == SUBMITTED
    assert decide(proposal, by=organizer, reason="x", seen=services.version_of(proposal)).status != SUBMITTED


def test_nobody_writes_over_words_they_have_not_read(proposal, team):
    seen = services.version_of(proposal)
    services.change_proposal(proposal, by=team.lead.student, seen=seen, at=NOW, title="First")

    with pytest.raises(ProjectError, match="changed this proposal meanwhile"):
        services.change_proposal(proposal, by=team.lead.student, seen=seen, at=NOW, title="Second")

    assert fresh(proposal).title == "First"


@pytest.mark.parametrize(
    ("decide", "status"), [(services.ask_for_changes, CHANGES_ASKED), (services.decline_proposal, DECLINED)]
)
def test_a_decision_has_a_reason_and_the_team_is_told(proposal, team, organizer, decide, status):
    with pytest.raises(ProjectError, match="Give a reason"):
        decide(proposal, by=organizer, reason=" ")

    decide(proposal, by=organizer, reason=" Say how. ", at=NOW)

    decided = fresh(proposal)
    assert (decided.status, decided.reason, decided.decided_by, decided.decided_at) == (
        status, "Say how.", organizer, NOW,
    )  # fmt: skip
    assert told(f"proposal_{status}") == members_of(team)
    body = Notice.objects.filter(kind=f"projects/proposal_{status}").first().body
    assert body.startswith(f"{organizer} wrote: Say how.\n")


def test_an_accepted_proposal_is_an_open_project_with_a_reserved_seat(stage, team, organizer):
    make_project(stage, number=7)
    mentor = make_mentor(stage)
    proposal = make_proposal(team, wished_mentor=mentor, **TOPIC)

    accepted = services.accept_proposal(proposal, by=organizer, seats=2, reason="Good.", at=NOW)

    project = Project.objects.get(proposal=proposal)
    assert (fresh(proposal).status, fresh(proposal).decided_by, fresh(proposal).reason) == (
        ACCEPTED,
        organizer,
        "Good.",
    )
    assert accepted.project == project
    assert {name: getattr(project, name) for name in TOPIC} == TOPIC
    assert (project.number, project.seats, project.status) == (8, 2, Project.Status.OPEN)
    assert (project.reserved_for, project.mentor, project.team_size_max) == (team, mentor, stage.team_size_limit)
    assert project.history.get().history_user == organizer


def test_the_team_is_told_of_its_acceptance(proposal, team, organizer):
    services.accept_proposal(proposal, by=organizer, at=NOW)

    assert told("proposal_accepted") == members_of(team)
    notice = Notice.objects.filter(kind="projects/proposal_accepted").first()
    assert notice.title == f"Your proposal “{proposal}” is accepted"
    assert notice.body.startswith("It is a project of the camp now")
    assert notice.url == proposal.get_absolute_url()


def test_who_is_accepted_in_an_open_round_is_told_until_when_to_list_it(proposal, organizer, stage):
    make_round(stage)

    services.accept_proposal(proposal, by=organizer, at=NOW)

    body = Notice.objects.filter(kind="projects/proposal_accepted").first().body
    assert "Put it on your list now: the selection is open until Thu 25 Jul 2024, 20:00 (Shanghai)." in body


def test_a_mentor_who_accepts_supervises_it_unless_the_team_wished_for_another(stage, team):
    mentor, wished = make_mentor(stage), make_mentor(stage)
    plain, wishing = make_proposal(team), make_proposal(team, wished_mentor=wished)

    projects = [services.accept_proposal(each, by=mentor.user, at=NOW).project for each in (plain, wishing)]

    assert [project.mentor for project in projects] == [mentor, wished]


def test_an_organizer_who_is_no_mentor_does_not_supervise(proposal, organizer):
    assert services.accept_proposal(proposal, by=organizer, at=NOW).project.mentor is None


def test_an_accepted_proposal_needs_a_seat_for_its_team(proposal, organizer):
    with pytest.raises(ProjectError, match="at least one seat"):
        services.accept_proposal(proposal, by=organizer, seats=0)

    assert Project.objects.count() == 0


def test_a_team_larger_than_the_limit_still_fits_its_own_project(team, proposal, organizer):
    type(team).objects.filter(pk=team.pk).update(size_limit=9, size=5)

    assert services.accept_proposal(proposal, by=organizer, at=NOW).project.takes_size(5)


def test_the_history_says_who_did_what_and_why(stage, team, organizer):
    lead, member = team.lead.student, team.members.last().enrollment.student
    proposal = services.propose(team.lead, stage, by=lead, at=NOW, **TOPIC)
    services.ask_for_changes(proposal, by=organizer, reason="Say how.", at=NOW)
    services.change_proposal(proposal, by=member, at=NOW, title="How")
    services.accept_proposal(proposal, by=organizer, at=NOW)

    history = [(entry.by, entry.done, entry.at, entry.reason) for entry in history_of(proposal)]

    assert history == [
        (lead, "proposed it", NOW, ""), (organizer, "asked for changes", NOW, "Say how."),
        (member, "changed it", NOW, ""), (organizer, "accepted it", NOW, ""),
    ]  # fmt: skip


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("service", [*DECISIONS, services.change_proposal, services.withdraw_proposal])
def test_the_team_then_the_proposal_are_locked(team, proposal, service):
    def act():
        reason = {"reason": "y"} if service in DECISIONS else {}
        return service(proposal, by=team.lead.student, at=NOW, **reason)

    for row in (team, proposal):
        with row_held(row):
            assert waits(act)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_accepting_waits_for_the_number_of_another_project(stage, proposal, organizer):
    with row_held(stage):
        assert waits(lambda: services.accept_proposal(proposal, by=organizer))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_proposals_accepted_at_once_get_numbers_of_their_own(stage, organizer):
    made = [make_proposal(make_team(stage)) for _each in range(5)]

    at_once([lambda one=one: services.accept_proposal(one, by=organizer) for one in made])

    assert sorted(stage.projects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
