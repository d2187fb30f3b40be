"""What happens to questions: each event, each refusal, and what those who saw an older page are told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from camp.classrooms import questions as services
from camp.classrooms.models import Question, Vote
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
    make_staff_role,
    make_stage,
    make_student,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()), name="Rust")


@pytest.fixture
def teacher(course):
    return make_staff_role(course.camp, role="teacher").user


@pytest.fixture
def enrollment(course):
    """A student of the course who reads English."""
    return make_enrollment(course.camp, student=make_student("asker", language="en"))


@pytest.fixture
def question(course, enrollment):
    question = make_question(course, author=enrollment.student, title="Why?")
    Notice.objects.all().delete()
    return question


def stored(row):
    return type(row).objects.get(pk=row.pk)


def notices_of(user):
    return [(notice.title, notice.mail is not None) for notice in Notice.objects.of(user).order_by("id")]


# Asking


def test_ask_keeps_what_was_written(course, enrollment):
    made = services.ask(
        course, by=enrollment.student, title="Why?", text="It *fails*.", is_anonymous=True, enrollment=enrollment,
        at=NOW,
    )  # fmt: skip

    row = stored(made)
    assert (row.course, row.author, row.title, row.text) == (course, enrollment.student, "Why?", "It *fails*.")
    assert (row.is_anonymous, row.asked_at, row.votes, row.is_answered) == (True, NOW, 0, False)


def test_ask_is_refused_after_five_questions_in_ten_minutes(course, enrollment):
    for minutes in range(5):
        make_question(course, author=enrollment.student, at=NOW - minutes * MINUTE)

    with pytest.raises(TooManyError, match="Wait ten minutes"):
        services.ask(course, by=enrollment.student, title="A sixth?", enrollment=enrollment, at=NOW)

    assert Question.objects.count() == 5


def test_ask_counts_the_other_courses_of_the_camp_and_no_older_questions(course, enrollment):
    other = make_course(course.stage)
    for _each in range(4):
        make_question(other, author=enrollment.student, at=NOW)
    make_question(course, author=enrollment.student, at=NOW - 10 * MINUTE)
    make_question(course, at=NOW)

    services.ask(course, by=enrollment.student, title="A fifth?", enrollment=enrollment, at=NOW)
    with pytest.raises(TooManyError):
        services.ask(course, by=enrollment.student, title="A sixth?", enrollment=enrollment, at=NOW)


def test_staff_ask_without_a_limit(course, teacher):
    for _each in range(6):
        services.ask(course, by=teacher, title="Who has an idea?", at=NOW)

    assert Question.objects.filter(author=teacher).count() == 6


def test_ask_is_refused_to_who_has_just_left(course, enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student)

    with pytest.raises(ClassroomError, match="you are not one now"):
        services.ask(course, by=enrollment.student, title="Why?", enrollment=enrollment, at=NOW)


# Answering


def test_an_answer_of_a_student_does_not_settle_the_question(question):
    made = services.answer(question, by=make_student(), text="Like this.", at=NOW)

    assert (stored(made).text, stored(made).is_by_staff, stored(made).answered_at) == ("Like this.", False, NOW)
    assert stored(question).is_answered is False


def test_an_answer_of_the_staff_settles_the_question(question, teacher):
    made = services.answer(question, by=teacher, text="Like this.", is_staff=True, at=NOW)

    row = stored(question)
    assert (stored(made).is_by_staff, row.answered_by, row.answered_at) == (True, teacher, NOW)


def test_a_second_answer_of_the_staff_leaves_who_settled_it(question, teacher):
    services.answer(question, by=teacher, text="Like this.", is_staff=True, at=NOW)
    services.answer(question, by=make_student(), text="Or this.", is_staff=True, at=NOW + MINUTE)

    assert (stored(question).answered_by, stored(question).answered_at) == (teacher, NOW)


def test_who_asked_without_a_name_never_answers_as_staff(question, enrollment):
    Question.objects.update(is_anonymous=True)

    made = services.answer(question, by=enrollment.student, text="Found it.", is_staff=True, at=NOW)

    assert (made.is_by_staff, stored(question).is_answered) == (False, False)


def test_the_asker_is_told_of_the_first_answer_and_of_each_of_the_staff_by_mail(question, enrollment, teacher):
    first, second = make_student(display_name="Ada"), make_student(display_name="Bo")
    services.answer(question, by=first, text="Like this.", at=NOW)
    services.answer(question, by=second, text="Or this.", at=NOW)
    services.answer(question, by=teacher, text="No: this.", is_staff=True, at=NOW)

    assert notices_of(enrollment.student) == [
        ("Ada answered your question “Why?”", True),
        ("Bo answered your question “Why?”", False),
        (f"{teacher} answered your question “Why?”", True),
    ]
    assert Notice.objects.count() == 3


def test_the_notice_leads_to_the_answer_and_does_not_repeat_it(question, enrollment):
    made = services.answer(question, by=make_student(), text="A secret word.", at=NOW)

    notice = Notice.objects.of(enrollment.student).get()
    assert notice.url == f"{question.get_absolute_url()}#answer-{made.pk}"
    assert "secret" not in notice.title + notice.body + notice.mail.body


def test_nobody_is_told_of_their_own_answer(question, enrollment):
    services.answer(question, by=enrollment.student, text="Found it.", at=NOW)

    assert Notice.objects.count() == 0


def test_own_remarks_do_not_take_the_mail_of_the_first_answer(question, enrollment):
    services.answer(question, by=enrollment.student, text="More about it.", at=NOW)
    services.answer(question, by=make_student(display_name="Ada"), text="Like this.", at=NOW)

    assert notices_of(enrollment.student) == [("Ada answered your question “Why?”", True)]


def test_who_has_left_the_camp_hears_of_no_answer(question, enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student)
    Notice.objects.all().delete()

    services.answer(question, by=make_student(), text="Like this.", at=NOW)

    assert Notice.objects.count() == 0


def test_answer_is_refused_after_twenty_in_ten_minutes(question):
    eager = make_enrollment(question.course.camp)
    for _each in range(20):
        make_answer(make_question(question.course), author=eager.student, at=NOW - 9 * MINUTE)

    with pytest.raises(TooManyError, match="Wait ten minutes"):
        services.answer(question, by=eager.student, text="More.", enrollment=eager, at=NOW)

    services.answer(question, by=eager.student, text="More.", enrollment=eager, at=NOW + 1 * MINUTE)


# Voting


def test_vote_counts_once(question):
    voter = make_student()

    assert services.vote(question, by=voter).votes == 1
    with pytest.raises(AlreadyDoneError, match="You have voted for this question already"):
        services.vote(question, by=voter)

    assert (stored(question).votes, question.ballots.count()) == (1, 1)


def test_a_vote_that_is_taken_back_counts_no_more_and_can_be_given_again(question):
    voter = make_student()
    services.vote(question, by=make_student())
    services.vote(question, by=voter)

    assert services.take_vote_back(question, by=voter).votes == 1
    with pytest.raises(AlreadyDoneError, match="no vote"):
        services.take_vote_back(question, by=voter)
    assert services.vote(question, by=voter).votes == 2

    assert (stored(question).votes, question.ballots.count()) == (2, 2)


def test_the_own_question_gets_no_vote(question):
    with pytest.raises(ClassroomError, match="your own question"):
        services.vote(question, by=question.author)

    assert (stored(question).votes, Vote.objects.count()) == (0, 0)


def test_the_database_refuses_a_second_vote(question):
    voter = make_student()
    Vote.objects.create(question=question, voter=voter)

    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(question=question, voter=voter)


@pytest.mark.parametrize("make", [make_question, make_answer])
@pytest.mark.parametrize("missing", [{"hidden_reason": ""}, {"hidden_by": None}])
def test_database_refuses_what_is_hidden_without_who_and_why(make, missing):
    with pytest.raises(IntegrityError, match="says_who_and_why"), transaction.atomic():
        make(is_hidden=True, **missing)
