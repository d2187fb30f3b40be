"""What people change of what they asked and answered: each event, each refusal, and what an older page is told."""

from datetime import timedelta

import pytest

from camp.classrooms import questions as services
from camp.classrooms.models import Answer, Question, Vote
from camp.classrooms.questions import AlreadyDoneError
from camp.classrooms.services import ClassroomError, TooManyError
from camp.enrollment import services as enrollment_services
from camp.notices.models import Notice
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

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
OTHER_WORDS = {"title": "Why not?", "text": "It *does not*."}


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()), name="Rust")


@pytest.fixture
def enrollment(course):
    return make_enrollment(course.camp)


@pytest.fixture
def question(course, enrollment):
    return make_question(course, author=enrollment.student, title="Why?", text="It fails.")


@pytest.fixture
def answer(question, enrollment):
    """What who asked wrote below the own question."""
    return make_answer(question, author=enrollment.student, text="More of it.", at=NOW)


def stored(row):
    return type(row).objects.get(pk=row.pk)


def words_of(question):
    row = stored(question)
    return row.title, row.text, row.is_anonymous


def changes(question):
    """What an author does with a question, each a call."""
    return [
        lambda: services.correct_question(question, by=question.author, **OTHER_WORDS),
        lambda: services.take_question_back(question, by=question.author),
    ]


# Correcting a question


def test_a_corrected_question_keeps_its_votes_its_time_and_what_it_was(question, enrollment):
    services.vote(question, by=make_student())

    services.correct_question(question, by=question.author, **OTHER_WORDS, is_anonymous=True, enrollment=enrollment)

    row = stored(question)
    assert words_of(question) == ("Why not?", "It *does not*.", True)
    assert (row.votes, row.asked_at, row.author) == (1, NOW, enrollment.student)
    assert [was.title for was in question.history.order_by("history_id")] == ["Why?", "Why not?"]


@pytest.mark.parametrize("was", [True, False])
def test_a_correction_that_says_nothing_of_the_name_leaves_it(question, was):
    Question.objects.update(is_anonymous=was)

    services.correct_question(question, by=question.author, **OTHER_WORDS)

    assert words_of(question) == ("Why not?", "It *does not*.", was)


def test_a_correction_says_who_asks_again(question):
    Question.objects.update(is_anonymous=True)

    services.correct_question(question, by=question.author, **OTHER_WORDS, is_anonymous=False)

    assert stored(question).is_anonymous is False


def test_own_answers_do_not_keep_a_question_from_being_corrected(question, answer):
    services.correct_question(question, by=question.author, **OTHER_WORDS)

    assert stored(question).title == "Why not?"


# Taking a question back


def test_a_question_that_is_taken_back_goes_with_its_votes_and_the_own_answers(question, enrollment, answer):
    other = make_question(question.course)
    services.vote(other, by=enrollment.student)
    services.vote(question, by=make_student())

    services.take_question_back(question, by=question.author, enrollment=enrollment)

    assert [list(rows.objects.all()) for rows in (Question, Answer)] == [[other], []]
    assert [vote.question for vote in Vote.objects.all()] == [other]


def test_the_history_keeps_a_question_that_is_taken_back(question, answer):
    services.take_question_back(question, by=question.author)

    last = Question.history.latest()
    assert (last.history_type, last.title, last.text, last.author) == ("-", "Why?", "It fails.", question.author)
    assert (Answer.history.latest().history_type, Answer.history.latest().text) == ("-", "More of it.")


def test_a_question_that_is_taken_back_counts_for_the_limit(course, enrollment):
    words = {"by": enrollment.student, "enrollment": enrollment}
    for _each in range(5):
        services.take_question_back(services.ask(course, title="Why?", at=NOW, **words), **words)

    with pytest.raises(TooManyError, match="Wait ten minutes"):
        services.ask(course, title="Why?", at=NOW + 9 * MINUTE, **words)
    services.ask(course, title="Why?", at=NOW + 10 * MINUTE, **words)


def test_corrections_do_not_count_for_the_limit(question, enrollment):
    for _each in range(5):
        services.correct_question(question, by=enrollment.student, **OTHER_WORDS, enrollment=enrollment)

    services.ask(question.course, by=enrollment.student, title="And now?", enrollment=enrollment, at=NOW)

    assert Question.objects.count() == 2


def test_who_acts_on_a_question_that_is_taken_back_is_told(question):
    services.take_question_back(question, by=question.author)
    calls = [
        *changes(question),
        lambda: services.answer(question, by=make_student(), text="Like this."),
        lambda: services.vote(question, by=make_student()),
        lambda: services.mark_answered(question, by=question.author),
        lambda: services.hide(question, by=make_superuser(), reason="Off topic."),
    ]

    for call in calls:
        with pytest.raises(AlreadyDoneError, match="has taken it back"):
            call()


# What refuses both


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("is_hidden", [False, True])
def test_what_others_have_answered_stays(question, which, is_hidden):
    make_answer(question, is_hidden=is_hidden)

    with pytest.raises(AlreadyDoneError, match="Somebody has answered meanwhile"):
        changes(question)[which]()

    assert words_of(question) == ("Why?", "It fails.", False)


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_hidden_meanwhile_stays(question, which):
    services.hide(stored(question), by=make_superuser(), reason="Off topic.")

    with pytest.raises(ClassroomError, match="This question is hidden: it stays as it is"):
        changes(question)[which]()

    assert words_of(question) == ("Why?", "It fails.", False)


@pytest.mark.parametrize("call", ["correct_question", "take_question_back"])
@pytest.mark.parametrize("make", [make_student, make_superuser])
def test_nobody_changes_the_questions_of_others(question, call, make):
    words = OTHER_WORDS if call == "correct_question" else {}

    with pytest.raises(ClassroomError, match="Only who asked"):
        getattr(services, call)(question, by=make(), **words)

    assert words_of(question) == ("Why?", "It fails.", False)


def test_who_has_just_left_changes_nothing(question, answer, enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student)
    words = {"by": enrollment.student, "enrollment": enrollment}
    calls = [
        lambda: services.correct_question(question, **OTHER_WORDS, **words),
        lambda: services.take_question_back(question, **words),
        lambda: services.correct_answer(answer, text="Other words.", at=NOW, **words),
    ]

    for call in calls:
        with pytest.raises(ClassroomError, match="you are not one now"):
            call()
    assert (words_of(question)[0], stored(answer).text) == ("Why?", "More of it.")


# Correcting an answer


@pytest.mark.parametrize("minutes", [0, 15])
def test_an_answer_is_corrected_for_a_quarter_of_an_hour(question, minutes):
    answer = make_answer(question, at=NOW, is_by_staff=True)
    Notice.objects.all().delete()

    services.correct_answer(answer, by=answer.author, text="No: this.", at=NOW + minutes * MINUTE)

    row = stored(answer)
    assert (row.text, row.answered_at, row.is_by_staff) == ("No: this.", NOW, True)
    assert [was.text for was in answer.history.order_by("history_id")] == ["Like this.", "No: this."]
    assert Notice.objects.count() == 0


def test_an_answer_stays_after_a_quarter_of_an_hour(answer):
    with pytest.raises(AlreadyDoneError, match="15 minutes, and they are over"):
        services.correct_answer(answer, by=answer.author, text="No.", at=NOW + timedelta(minutes=15, seconds=1))

    assert stored(answer).text == "More of it."


def test_an_answer_that_is_hidden_meanwhile_stays(answer):
    services.hide_answer(stored(answer), by=make_superuser(), reason="Be kind.")

    with pytest.raises(ClassroomError, match="This answer is hidden"):
        services.correct_answer(answer, by=answer.author, text="No.", at=NOW)

    assert stored(answer).text == "More of it."


def test_an_answer_to_a_question_that_is_hidden_meanwhile_stays(question, answer):
    services.hide(stored(question), by=make_superuser(), reason="Off topic.")

    with pytest.raises(ClassroomError, match="This question is hidden"):
        services.correct_answer(answer, by=answer.author, text="No.", at=NOW)


@pytest.mark.parametrize("make", [make_student, make_superuser])
def test_nobody_corrects_the_answers_of_others(answer, make):
    with pytest.raises(ClassroomError, match="Only who wrote an answer"):
        services.correct_answer(answer, by=make(), text="No.", at=NOW)

    assert stored(answer).text == "More of it."
