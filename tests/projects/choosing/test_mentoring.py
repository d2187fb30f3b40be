"""What mentors say about teams: their order, shortlist, refusals and conflicts of interest."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from camp.enrollment.models import Invitation
from camp.projects.allocation.problem import facts_of
from camp.projects.choosing import mentoring
from camp.projects.choosing.conflicts import barred_pairs, conflicts_of
from camp.projects.choosing.points import points_of, points_of_teams
from camp.projects.choosing.selection import ClosedError, StaleError, WrongListError
from camp.projects.errors import ProjectError
from camp.projects.models import ConflictOfInterest, MentorChoice, Refusal, SelectionRound
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_course, make_enrollment, make_standing
from tests.project_factories import (
    make_mentor,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
CLOSED = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class World:
    """A round that is closed for teams at `CLOSED`, a mentor with two projects, three teams that chose the first."""

    def __init__(self):
        self.stage = make_project_stage()
        self.round = make_round(self.stage)
        self.mentor = make_mentor(self.stage)
        self.projects = [make_project(self.stage, mentor=self.mentor) for _ in range(2)]
        self.teams = [make_team(self.stage, name=f"Team {letter}") for letter in "ABC"]
        for team in self.teams:
            make_preferences(self.round, team, self.projects[0])

    def rank(self, *teams, shortlisted=(), based_on=None, by=None, at=CLOSED):
        based_on = mentoring.version_of(self.round, self.mentor) if based_on is None else based_on
        mentoring.rank_teams(
            self.round, self.mentor, [getattr(team, "pk", team) for team in teams],
            shortlisted=[getattr(team, "pk", team) for team in shortlisted],
            by=by or self.mentor.user, based_on=based_on, at=at,
        )  # fmt: skip

    def refuse(self, team, project=None, *, reason="Too few people.", by=None, at=CLOSED):
        by = by or self.mentor.user
        return mentoring.refuse_team(self.round, project or self.projects[0], team, by=by, reason=reason, at=at)

    @property
    def order(self):
        choices = MentorChoice.objects.filter(mentor=self.mentor).exclude(rank=None)
        return [choice.team for choice in choices.order_by("rank")]


@pytest.fixture
def world():
    return World()


def refused(error, act, *args, **words):
    with pytest.raises(error) as caught:
        act(*args, **words)
    return str(caught.value)


def test_a_mentor_ranks_and_shortlists(world):
    a, b, c = world.teams

    world.rank(c, a, shortlisted=[a, b])

    assert world.order == [c, a]
    shortlisted = MentorChoice.objects.filter(is_shortlisted=True).order_by("team__name")
    assert list(shortlisted.values_list("team", "rank")) == [(a.pk, 2), (b.pk, None)]


def test_an_order_is_changed_and_its_history_kept(world):
    a, b, c = world.teams
    world.rank(a, b, c)

    world.rank(c, b, a)
    world.rank(b)

    assert world.order == [b]
    assert [row.history_type for row in MentorChoice.history.filter(team=a).order_by("history_id")] == ["+", "~", "-"]


def test_of_two_tabs_the_second_is_told(world):
    a, b, _c = world.teams
    before = mentoring.version_of(world.round, world.mentor)
    world.rank(a, b)

    sentence = refused(StaleError, world.rank, b, a, based_on=before)

    assert sentence.startswith("You have saved another order meanwhile")
    assert world.order == [a, b]


def test_an_order_waits_for_the_close_of_the_lists(world):
    sentence = refused(ClosedError, world.rank, world.teams[0], at=NOW)

    assert sentence == "The lists of the teams close on Thu 25 Jul 2024, 20:00 (Shanghai). Rank the teams then."


def test_an_order_after_the_mentors_close_is_refused_with_the_time(world):
    at = world.round.mentors_close_at

    expected = "The mentors' orders closed on Sat 27 Jul 2024, 20:00 (Shanghai). What you saved until then counts."
    assert refused(ClosedError, world.rank, world.teams[0], at=at) == expected
    assert refused(ClosedError, world.refuse, world.teams[0], at=at) == expected


def test_a_stale_round_is_read_again(world):
    SelectionRound.objects.update(mentors_close_at=world.round.closes_at)

    refused(ClosedError, world.rank, world.teams[0])


def test_only_the_mentor_ranks(world):
    other = make_mentor(world.stage)

    refused(ClosedError, world.rank, world.teams[0], by=other.user)
    refused(ClosedError, world.refuse, world.teams[0], by=other.user)


def test_a_further_mentor_neither_ranks_nor_refuses(world):
    other = make_mentor(world.stage)
    world.projects[0].co_mentors.add(other)

    based_on = mentoring.version_of(world.round, other)
    refused(WrongListError, mentoring.rank_teams, world.round, other, [world.teams[0].pk], by=other.user,
            based_on=based_on, at=CLOSED)  # fmt: skip
    refused(ClosedError, world.refuse, world.teams[0], by=other.user)


def test_a_team_that_chose_no_project_of_theirs_is_refused(world):
    other = make_team(world.stage)

    assert refused(WrongListError, world.rank, other).startswith("One of these teams has not chosen")
    assert refused(WrongListError, world.rank, 10**17).startswith("One of these teams has not chosen")
    assert refused(WrongListError, world.refuse, other) == f"“{other}” has not chosen this project."
    refused(WrongListError, world.refuse, world.teams[0], world.projects[1])


def test_a_team_in_the_order_twice_is_refused(world):
    refused(WrongListError, world.rank, world.teams[0], world.teams[0])


def test_nobody_ranks_in_a_round_that_assigns(world):
    SelectionRound.objects.update(method=SelectionRound.Method.ASSIGNMENT)

    refused(ClosedError, world.rank, world.teams[0])


def test_a_refusal_has_a_reason_and_is_taken_back(world):
    refusal = world.refuse(world.teams[0])
    assert (refusal.reason, refusal.refused_by, refusal.refused_at) == ("Too few people.", world.mentor.user, CLOSED)
    assert world.refuse(world.teams[0], reason="Too many.") == refusal

    mentoring.take_refusal_back(refusal, by=world.mentor.user, at=CLOSED)

    assert Refusal.objects.count() == 0
    refused(WrongListError, world.refuse, world.teams[0], reason="  ")


def test_a_mentor_judges_no_team_that_they_are_in(world):
    own = make_team(world.stage, lead=make_project_student(world.stage, student=world.mentor.user), name="Own")
    make_preferences(world.round, own, world.projects[0])

    sentence = refused(WrongListError, world.rank, own)

    assert (
        sentence
        == "You cannot judge “Own”. You are in this team yourself. The team is placed by its points, then by lottery."
    )
    refused(WrongListError, world.rank, shortlisted=[own])
    refused(WrongListError, world.refuse, own)


def test_a_mentor_judges_no_team_of_somebody_they_invited(world):
    lead = world.teams[0].lead
    lead.invitation = Invitation.objects.create(camp=world.stage.camp, inviter=world.mentor.user)
    lead.save()

    refused(WrongListError, world.rank, world.teams[0])
    assert conflicts_of(world.mentor, world.teams) == {world.teams[0].pk: f"You invited {lead.student} to this camp."}
    assert barred_pairs([world.mentor, make_mentor(world.stage)], [team.pk for team in world.teams]) == {
        (world.mentor.pk, world.teams[0].pk)
    }


def test_a_declared_conflict_takes_back_what_the_mentor_said(world):
    a, b, _c = world.teams
    world.rank(a, b)
    world.refuse(a)

    mentoring.declare_conflict(world.mentor, a.lead, by=world.mentor.user, note="My group.", at=CLOSED)

    assert (world.order, Refusal.objects.count()) == ([b], 0)
    assert barred_pairs([world.mentor], [a.pk, b.pk]) == {(world.mentor.pk, a.pk)}
    refused(WrongListError, world.rank, a)
    refused(ProjectError, mentoring.declare_conflict, world.mentor, a.lead, by=world.mentor.user, at=CLOSED)


def test_what_was_said_stays_on_record_after_the_mentors_close_but_does_not_count(world):
    a, b, _c = world.teams
    world.rank(a, b)
    world.refuse(a)
    at = world.round.mentors_close_at

    mentoring.declare_conflict(world.mentor, a.lead, by=world.mentor.user, at=at)

    facts = facts_of(world.round)
    assert (world.order, Refusal.objects.count()) == ([a, b], 1)
    assert facts.problem.ranked == {world.mentor.pk: [b.pk]}
    assert not any(team == a.pk for team, _project in facts.problem.unacceptable)


def test_a_conflict_changes_nothing_in_a_published_round(world):
    world.rank(world.teams[0])
    SelectionRound.objects.update(published_at=CLOSED, published_by=world.mentor.user)

    mentoring.declare_conflict(world.mentor, world.teams[0].lead, by=world.mentor.user, at=CLOSED)

    assert world.order == [world.teams[0]]
    assert ConflictOfInterest.objects.count() == 1


def test_nothing_is_declared_after_the_camp(world):
    words = {"by": world.mentor.user, "at": world.stage.camp.ends_at}

    refused(ClosedError, mentoring.declare_conflict, world.mentor, world.teams[0].lead, **words)


def test_a_student_is_found_by_user_name_in_any_case(world):
    lead = world.teams[0].lead

    assert mentoring.student_called(world.stage, lead.student.handle.upper()) == lead
    for handle in ("nobody", world.mentor.user.handle, make_enrollment(world.stage.camp).student.handle):
        refused(WrongListError, mentoring.student_called, world.stage, handle)


def test_points_of_a_team_are_divided_by_its_members(world):
    pair = make_team(world.stage, members=[make_project_student(world.stage)])
    courses = [make_course(world.stage.stage), make_course(world.stage.stage)]
    make_standing(courses[0], pair.lead, points=30)
    make_standing(courses[1], pair.lead, points=Decimal("20.5"))
    make_standing(courses[0], pair.members.last().enrollment, points=10)

    assert points_of(pair) == Decimal("30.25")
    assert points_of_teams(world.teams) == {team.pk: 0 for team in world.teams}


def test_the_points_of_many_teams_are_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        points_of_teams(world.teams)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_mentors_two_tabs_are_decided_on_one_after_the_other():
    world = World()

    with row_held(world.mentor):
        assert waits(lambda: world.rank(world.teams[0]))
        assert waits(lambda: world.refuse(world.teams[0]))
