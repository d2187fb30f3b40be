"""Requests to join and the list of who looks for a team: the events, each refusal, and stale instances."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from camp.enrollment.models import Enrollment
from camp.notices.models import Mail, Notice
from camp.projects import asking, teams
from camp.projects.errors import ProjectError
from camp.projects.memberships import LockedError
from camp.projects.models import JoinRequest, Seeker, Team
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_enrollment, make_student
from tests.project_factories import (
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(days=6)
Status = JoinRequest.Status


@pytest.fixture
def student(stage):
    return make_project_student(stage)


@pytest.fixture
def team(stage):
    return make_team(stage, is_looking=True)


def ask(student, team, *, note="", at=NOW):
    return asking.ask_to_join(student, team, by=student.student, note=note, at=at)


def refusal(call):
    with pytest.raises(ProjectError) as caught:
        call()
    return str(caught.value)


def people(team):
    team = Team.objects.get(pk=team.pk)
    return set(team.members.values_list("enrollment", flat=True)), team.size


def told(kind):
    return set(Notice.objects.filter(kind=f"projects/{kind}").values_list("recipient", flat=True))


def test_the_lead_is_asked_by_mail(stage, student):
    lead = make_project_student(stage, student=make_student(language="en"))
    team = make_team(stage, lead=lead, is_looking=True)

    request = ask(student, team, note="I bring Rust.")

    assert (request.status, list(JoinRequest.objects.to_answer(team))) == (Status.OPEN, [request])
    notice = Notice.objects.get(kind="projects/team_asked", recipient=team.lead.student)
    assert notice.title == f"{student.student} asks to join your team {team}"
    assert notice.body.startswith("I bring Rust.\n\nAccept or decline it")
    assert Mail.objects.filter(notice=notice).exists()


def test_an_accepted_student_is_in_the_team_and_everybody_is_told(stage, student, team):
    request = ask(student, team)

    asking.accept_request(request, by=team.lead.student, at=NOW)

    assert people(team) == ({team.lead_id, student.pk}, 2)
    assert JoinRequest.objects.get().status == Status.ACCEPTED
    assert (told("team_accepted"), told("team_joined")) == ({student.student_id}, {team.lead.student_id})


def test_a_declined_student_is_told_and_does_not_ask_again(student, team):
    request = ask(student, team)

    asking.decline_request(request, by=team.lead.student, at=NOW)

    assert (told("team_declined"), people(team)[1]) == ({student.student_id}, 1)
    assert refusal(lambda: ask(student, team)).startswith("You have asked this team before.")


def test_a_request_is_taken_back_by_who_asked_only(student, team):
    request = ask(student, team)

    asking.take_request_back(request, by=team.lead.student)
    assert JoinRequest.objects.get().status == Status.OPEN
    asking.take_request_back(request, by=student.student)

    assert JoinRequest.objects.get().status == Status.TAKEN_BACK
    for answer in (asking.accept_request, asking.decline_request):
        said = refusal(lambda answer=answer: answer(request, by=team.lead.student, at=NOW))
        assert said == "This request is answered or taken back already."


def test_no_more_than_a_few_requests_are_open(stage, student):
    requests = [ask(student, make_team(stage, is_looking=True)) for _ in range(asking.MOST_OPEN)]
    another = make_team(stage, is_looking=True)

    assert refusal(lambda: ask(student, another)).startswith("You have asked 3 teams.")
    asking.take_request_back(requests[0], by=student.student)
    assert ask(student, another).is_open


@pytest.mark.parametrize("how", ["looks not", "full", "disbanded", "placed"])
def test_only_teams_that_look_for_members_are_asked(stage, student, how):
    fields = {"looks not": {"is_looking": False}, "full": {"size_limit": 1}, "disbanded": {"disbanded_at": NOW}}
    team = make_team(stage, **{"is_looking": True} | fields.get(how, {}))
    if how == "placed":
        make_placement(make_round(stage), team, make_project(stage))

    assert refusal(lambda: ask(student, team)) == "This team looks for nobody now. Ask another one."


def test_who_has_a_team_or_is_not_in_the_stage_does_not_ask(stage, student, team):
    stranger = make_enrollment(stage.camp)
    make_team(stage, name="Kernels", lead=student)

    assert refusal(lambda: ask(student, team)) == "You are in the team “Kernels” already. Leave it first."
    assert "students of the stage" in refusal(lambda: ask(stranger, team))


def test_after_the_lock_nobody_asks_seeks_or_is_let_in(stage, student, team):
    request = ask(student, team)
    calls = [
        lambda: ask(make_project_student(stage), team, at=LATE),
        lambda: asking.seek(student, stage, by=student.student, about="Rust", at=LATE),
        lambda: asking.accept_request(request, by=team.lead.student, at=LATE),
        lambda: asking.decline_request(request, by=team.lead.student, at=LATE),
    ]

    for call in calls:
        with pytest.raises(LockedError):
            call()

    assert people(team)[1] == 1


def test_only_the_lead_answers(stage, student):
    member = make_project_student(stage)
    team = make_team(stage, is_looking=True, members=[member])
    request = ask(student, team)

    for person in (member.student, student.student):
        assert "Only the lead" in refusal(lambda person=person: asking.accept_request(request, by=person, at=NOW))

    assert people(team)[1] == 2


def test_accepting_keeps_the_rules_of_joining(stage, student, team):
    elsewhere, full, gone = (make_project_student(stage) for _ in range(3))
    requests = [ask(one, team) for one in (elsewhere, full, gone)]
    make_team(stage, name="Kernels", lead=elsewhere)
    Enrollment.objects.filter(pk=gone.pk).update(status=Enrollment.Status.WITHDRAWN)

    def accept(request):
        return refusal(lambda: asking.accept_request(request, by=team.lead.student, at=NOW))

    assert "is in the team “Kernels” already." in accept(requests[0])
    assert "students of the stage" in accept(requests[2])
    Team.objects.filter(pk=team.pk).update(size_limit=1)
    assert "is full" in accept(requests[1])
    assert people(team) == ({team.lead_id}, 1)
    assert [one.enrollment for one in JoinRequest.objects.to_answer(team)] == [full, gone]


def test_a_student_seeks_a_team_until_they_are_in_one(stage, student):
    asking.seek(student, stage, by=student.student, about="C++", at=NOW)
    asking.seek(student, stage, by=student.student, about="Rust", at=NOW)
    other = make_project_student(stage)
    asking.seek(other, stage, by=other.student, about="CUDA", at=NOW)

    assert [one.about for one in Seeker.objects.seeking(stage)] == ["CUDA", "Rust"]
    teams.create_team(student, stage, by=student.student, name="Kernels", at=NOW)
    assert [one.about for one in Seeker.objects.seeking(stage)] == ["CUDA"]
    asking.stop_seeking(other, stage)
    assert not Seeker.objects.seeking(stage).exists()
    assert "You are in the team" in refusal(lambda: asking.seek(student, stage, by=student.student, about="x", at=NOW))


@pytest.mark.parametrize("make", [
    lambda stage, student, team: JoinRequest.objects.create(team=team, enrollment=student),
    lambda stage, student, team: Seeker.objects.create(project_stage=stage, enrollment=student, about="Rust"),
])  # fmt: skip
def test_the_database_keeps_one_of_each(stage, student, team, make):
    make(stage, student, team)

    with pytest.raises(IntegrityError), transaction.atomic():
        make(stage, student, team)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["enrollment", "team"])
def test_the_student_and_the_team_are_locked_before_somebody_is_let_in(which):
    request = ask(make_project_student(stage := make_project_stage()), make_team(stage, is_looking=True))

    with row_held(getattr(request, which)):
        assert waits(lambda: asking.accept_request(request, by=request.team.lead.student, at=NOW))
