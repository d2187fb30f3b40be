"""Two votes at once count as often as they were given; the limits hold however many requests come together."""

import time

import pytest

from camp.classrooms import questions as services
from camp.classrooms.models import Question, Vote
from camp.classrooms.questions import AlreadyDoneError
from camp.classrooms.services import TooManyError
from tests.concurrency import at_once, row_held, waits
from tests.factories import (
    NOW,
    make_answer,
    make_camp,
    make_course,
    make_enrollment,
    make_question,
    make_stage,
    make_student,
    make_superuser,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


def vote_without_guard(question, *, by):
    """What `vote` would be without lock and constraint: look first, count afterwards."""
    if Vote.objects.filter(question=question, voter=by).exists():
        raise AlreadyDoneError
    time.sleep(0.05)
    Question.objects.count_vote(question.pk)


def test_one_person_who_votes_many_times_at_once_counts_once(course):
    question, voter = make_question(course), make_student()

    outcomes = at_once([lambda: services.vote(question, by=voter)] * 6)

    assert sum(isinstance(outcome, AlreadyDoneError) for outcome in outcomes) == 5
    assert (Question.objects.get(pk=question.pk).votes, Vote.objects.count()) == (1, 1)


def test_the_race_for_a_vote_shows_a_missing_guard(course):
    question, voter = make_question(course), make_student()

    at_once([lambda: vote_without_guard(question, by=voter)] * 6)

    assert Question.objects.get(pk=question.pk).votes > 1


def test_people_who_vote_at_once_are_all_counted(course):
    question, voters = make_question(course), [make_student() for _ in range(6)]

    outcomes = at_once([lambda voter=voter: services.vote(question, by=voter) for voter in voters])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert (Question.objects.get(pk=question.pk).votes, Vote.objects.count()) == (6, 6)


def test_a_student_who_asks_many_times_at_once_keeps_to_the_limit(course):
    enrollment = make_enrollment(course.camp)
    words = {"by": enrollment.student, "title": "Why?", "enrollment": enrollment, "at": NOW}

    outcomes = at_once([lambda: services.ask(course, **words)] * 8)

    assert sum(isinstance(outcome, TooManyError) for outcome in outcomes) == 3
    assert Question.objects.count() == 5


@pytest.mark.postgres
def test_students_who_write_wait_for_whoever_holds_their_enrollment(course):
    enrollment, question = make_enrollment(course.camp), make_question(course)
    words = {"by": enrollment.student, "enrollment": enrollment, "at": NOW}

    with row_held(enrollment):
        assert waits(lambda: services.ask(course, title="Why?", **words))
        assert waits(lambda: services.answer(question, text="Like this.", **words))


@pytest.mark.postgres
@pytest.mark.parametrize("held", ["question", "enrollment"])
def test_authors_who_change_their_words_wait_for_whoever_holds_them(course, held):
    enrollment = make_enrollment(course.camp)
    question = make_question(course, author=enrollment.student)
    own = make_answer(question, author=enrollment.student, at=NOW)
    words = {"by": enrollment.student, "enrollment": enrollment}

    with row_held({"question": question, "enrollment": enrollment}[held]):
        assert waits(lambda: services.correct_question(question, title="Why?", text="", **words))
        assert waits(lambda: services.take_question_back(question, **words))
        assert waits(lambda: services.correct_answer(own, text="Like this.", at=NOW, **words))


def test_a_question_is_answered_or_taken_back_and_never_both(course):
    for _each in range(5):
        question = make_question(course)

        taken, answered = at_once(
            [
                lambda question=question: services.take_question_back(question, by=question.author),
                lambda question=question: services.answer(question, by=make_student(), text="Like this."),
            ]
        )

        assert isinstance(taken, AlreadyDoneError) != isinstance(answered, AlreadyDoneError)
        assert Question.objects.filter(pk=question.pk).exists() == isinstance(taken, AlreadyDoneError)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "call",
    [
        "answer", "vote", "take_vote_back", "mark_answered", "reopen", "pin", "unpin", "hide", "show", "hide_answer",
        "show_answer",
    ],
)  # fmt: skip
def test_every_change_waits_for_whoever_holds_the_question(call, course):
    question, staff = make_question(course), make_superuser()
    rows = {"hide_answer": make_answer(question), "show_answer": make_answer(question)}
    words = {"answer": {"text": "Like this."}, "hide": {"reason": "Off."}, "hide_answer": {"reason": "Off."}}

    with row_held(question):
        assert waits(lambda: getattr(services, call)(rows.get(call, question), by=staff, **words.get(call, {})))


@pytest.mark.postgres
def test_a_vote_does_not_wait_for_those_who_only_refer_to_the_question(course):
    question = make_question(course)

    with row_held(question, "KEY SHARE"):
        assert not waits(lambda: services.vote(question, by=make_student()))
