"""What the lead does with the team."""

import pytest

from camp.notices.models import Notice
from camp.projects import teams
from camp.projects.memberships import LockedError, NameTakenError
from camp.projects.models import Team, TeamMember
from tests.concurrency import row_held, waits
from tests.factories import NOW
from tests.project_factories import make_placement, make_project, make_project_student, make_round, make_team
from tests.projects.team_events import lock, people, refusal, told

pytestmark = pytest.mark.django_db


def hand_over(team, to, *, by):
    return teams.hand_over_lead(team, to=to, by=by.student, at=NOW)


def edit(team, *, by, name="Compilers"):
    return teams.edit_team(team, by=by.student, name=name, is_looking=True, looking_for="Rust", at=NOW)


def renew(team, *, by):
    return teams.new_code(team, by=by.student, at=NOW)


def remove(team, enrollment, *, by, reason="We never met you."):
    return teams.remove_member(team, enrollment=enrollment, by=by.student, reason=reason, at=NOW)


def test_the_lead_hands_over_to_a_member_who_is_told(team, other):
    before = team.lead

    hand_over(team, other, by=before)

    team.refresh_from_db()
    assert team.lead == other
    assert people(team) == ([before.pk, other.pk], 2)
    assert told() == {("projects/team_lead", other.student_id)}


def test_the_lead_goes_to_nobody_outside(team, stage):
    outside = make_project_student(stage)

    said = refusal(lambda: hand_over(team, outside, by=team.lead))

    assert said == "Only somebody in your team can lead it. Perhaps they have left meanwhile."


def test_the_lead_changes_name_and_wish(team):
    edit(team, by=team.lead)

    team.refresh_from_db()
    assert (team.name, team.is_looking, team.looking_for, team.size) == ("Compilers", True, "Rust", 2)


def test_a_team_does_not_take_the_name_of_another(team, stage):
    make_team(stage, name="compilers")

    assert refusal(lambda: edit(team, by=team.lead), NameTakenError) == "Another team has this name. Choose another."


def test_a_renewed_code_is_another_and_the_old_one_is_wrong(team, stage):
    old, student = team.code, make_project_student(stage)

    code = renew(team, by=team.lead).code

    assert (len(code), code == old) == (10, False)
    refusal(lambda: teams.join_team(student, stage, by=student.student, code=old, at=NOW), teams.WrongCodeError)
    assert teams.join_team(student, stage, by=student.student, code=code, at=NOW) == team


def test_codes_are_in_no_history(team):
    renew(team, by=team.lead)

    assert not any(hasattr(row, "code") for row in team.history.all())


def test_the_lead_takes_a_member_out_who_reads_why(team, other):
    remove(team, other, by=team.lead)

    assert people(team) == ([team.lead_id], 1)
    assert told() == {("projects/team_removed", other.student_id), ("projects/team_left", team.lead.student_id)}
    assert "The reason: We never met you." in Notice.objects.get(kind="projects/team_removed").body
    assert TeamMember.history.first().history_change_reason == "We never met you."


@pytest.mark.parametrize("reason", ["", "  "])
def test_taking_out_wants_a_reason(team, other, reason):
    said = refusal(lambda: remove(team, other, by=team.lead, reason=reason))

    assert said == "Give a reason; the student reads it."
    assert people(team)[1] == 2


def test_the_lead_is_not_taken_out(team):
    said = refusal(lambda: remove(team, team.lead, by=team.lead))

    assert said == "You cannot take yourself out: leave the team instead."


def test_who_has_left_is_not_taken_out(team, other, stage):
    teams.leave_team(other, stage, by=other.student, at=NOW)

    assert refusal(lambda: remove(team, other, by=team.lead)) == "This person is not in your team any more."


def test_who_has_a_project_is_not_taken_out(team, other, stage):
    make_placement(make_round(stage), team, make_project(stage))

    said = refusal(lambda: remove(team, other, by=team.lead))

    assert said == "Your team has its project. If somebody has to leave it, write to the organizers."


ACTS = pytest.mark.parametrize("act", [
    lambda team, other, by: hand_over(team, other, by=by),
    lambda team, other, by: edit(team, by=by),
    lambda team, other, by: renew(team, by=by),
    lambda team, other, by: remove(team, other, by=by),
])  # fmt: skip


@ACTS
def test_only_the_lead_changes_a_team(team, other, act):
    third = make_project_student(team.project_stage)
    teams.join_team(third, team.project_stage, by=third.student, code=team.code, at=NOW)

    said = refusal(lambda: act(team, other, third))

    assert said == "Only the lead of the team does this, and you do not lead it now."


@ACTS
def test_who_led_it_when_the_page_was_shown_is_refused(team, other, act):
    stale, before = Team.objects.get(pk=team.pk), team.lead
    hand_over(team, other, by=before)

    assert refusal(lambda: act(stale, other, before)).startswith("Only the lead of the team does this")


@ACTS
def test_after_the_lock_the_lead_changes_nothing(team, other, stage, act):
    lock(stage)

    assert "The teams were locked at Wed 24 Jul 2024, 19:00" in refusal(
        lambda: act(team, other, team.lead), LockedError
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@ACTS
def test_what_the_lead_does_waits_for_the_team(team, other, act):
    with row_held(team):
        assert waits(lambda: act(team, other, team.lead))
