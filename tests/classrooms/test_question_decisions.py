"""Questions are settled, pinned and hidden: each event, each refusal, and what those with an older page are told."""

from datetime import timedelta

import pytest

from camp.classrooms import questions as services
from camp.classrooms.models import Answer
from camp.classrooms.questions import AlreadyDoneError
from camp.classrooms.services import ClassroomError, WrongInputError
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


def test_mark_answered_and_reopen(question):
    services.mark_answered(question, by=question.author, at=NOW)
    row = stored(question)
    assert (row.answered_by, row.answered_at) == (question.author, NOW)

    services.reopen(question, by=question.author)
    row = stored(question)
    assert (row.answered_by, row.answered_at) == (None, None)


def test_pin_and_unpin(question, teacher):
    services.pin(question, by=teacher)
    assert stored(question).is_pinned is True

    services.unpin(question, by=teacher)
    assert stored(question).is_pinned is False


@pytest.mark.parametrize(
    ("first", "again", "sentence"),
    [
        ("mark_answered", "mark_answered", "marked as answered already"),
        (None, "reopen", "open already"),
        ("pin", "pin", "pinned already"),
        (None, "unpin", "not pinned"),
        (None, "show", "not hidden"),
    ],
)
def test_what_is_done_already_is_refused_to_an_old_page(question, teacher, first, again, sentence):
    """`question` stays as it was read before the first event."""
    if first:
        getattr(services, first)(question, by=teacher)

    with pytest.raises(AlreadyDoneError, match=sentence) as refusal:
        getattr(services, again)(question, by=teacher)

    assert refusal.value.status == 409


@pytest.mark.parametrize("service", ["vote", "take_vote_back", "mark_answered", "reopen", "pin", "unpin"])
def test_a_question_that_was_hidden_meanwhile_takes_nothing(question, teacher, service):
    services.hide(question, by=teacher, reason="Off topic.")

    with pytest.raises(ClassroomError, match="This question is hidden"):
        getattr(services, service)(question, by=make_student())


def test_a_question_that_was_hidden_meanwhile_takes_no_answer(question, teacher):
    services.hide(question, by=teacher, reason="Off topic.")

    with pytest.raises(ClassroomError, match="This question is hidden"):
        services.answer(question, by=teacher, text="Like this.", is_staff=True, at=NOW)

    assert Answer.objects.count() == 0


# Hiding


def test_hide_keeps_the_reason_and_takes_the_question_off_the_top(question, teacher):
    services.pin(question, by=teacher)

    services.hide(question, by=teacher, reason=" Off topic. ")

    row = stored(question)
    assert (row.is_hidden, row.hidden_by, row.hidden_reason, row.is_pinned) == (True, teacher, "Off topic.", False)


def test_the_author_of_what_is_hidden_reads_why(question, enrollment, teacher):
    given = make_answer(question, author=make_student(language="en"))

    services.hide(question, by=teacher, reason="Off topic.")
    services.hide_answer(given, by=teacher, reason="Rude & loud.")

    own = Notice.objects.of(enrollment.student).get()
    assert (own.title, own.url) == ("Your question “Why?” is hidden", question.get_absolute_url())
    assert own.body == "The staff wrote: Off topic.\n\nOnly you and the staff see it now."
    assert own.mail is not None
    others = Notice.objects.of(given.author).get()
    assert others.title == "Your answer to “Why?” is hidden"
    assert others.body.splitlines()[0] == "The staff wrote: Rude & loud."


def test_nobody_is_told_of_what_they_hid_themselves(course, teacher):
    services.hide(make_question(course, author=teacher), by=teacher, reason="Asked twice.")

    assert Notice.objects.count() == 0


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b\u2060"])
def test_hide_asks_for_a_reason(question, teacher, reason):
    given = make_answer(question)

    with pytest.raises(WrongInputError, match="Give a reason"):
        services.hide(question, by=teacher, reason=reason)
    with pytest.raises(WrongInputError, match="Give a reason"):
        services.hide_answer(given, by=teacher, reason=reason)

    assert (stored(question).is_hidden, stored(given).is_hidden) == (False, False)


def test_hide_twice_keeps_the_first_reason(question, teacher):
    services.hide(question, by=teacher, reason="Off topic.")

    with pytest.raises(AlreadyDoneError, match="hidden already"):
        services.hide(question, by=teacher, reason="Other.")

    assert stored(question).hidden_reason == "Off topic."


def test_show_forgets_the_reason(question, teacher):
    services.hide(question, by=teacher, reason="Off topic.")

    services.show(question, by=teacher)

    row = stored(question)
    assert (row.is_hidden, row.hidden_by, row.hidden_reason) == (False, None, "")


def test_a_question_is_open_again_when_the_answer_that_settled_it_is_hidden(question, teacher):
    given = services.answer(question, by=teacher, text="Wrong.", is_staff=True, at=NOW)

    services.hide_answer(given, by=teacher, reason="It was wrong.")
    row = stored(question)
    assert (row.is_answered, row.answered_by) == (False, None)

    services.show_answer(given, by=teacher)
    assert (stored(question).answered_by, stored(question).answered_at) == (teacher, NOW)


def test_another_answer_of_the_staff_takes_the_place_of_a_hidden_one(question, teacher):
    other = make_staff_role(question.course.camp, role="assistant").user
    given = services.answer(question, by=teacher, text="Wrong.", is_staff=True, at=NOW)
    services.answer(question, by=other, text="Right.", is_staff=True, at=NOW + MINUTE)

    services.hide_answer(given, by=teacher, reason="It was wrong.")

    assert (stored(question).answered_by, stored(question).answered_at) == (other, NOW + MINUTE)


def test_what_the_asker_marked_stays_answered_when_an_answer_is_hidden(question, teacher):
    given = services.answer(question, by=teacher, text="Wrong.", is_staff=True, at=NOW)
    services.reopen(question, by=question.author)
    services.mark_answered(question, by=question.author, at=NOW + MINUTE)

    services.hide_answer(given, by=teacher, reason="It was wrong.")

    assert stored(question).answered_by == question.author


def test_an_answer_is_hidden_and_shown_once(question, teacher):
    given = make_answer(question)

    with pytest.raises(AlreadyDoneError, match="not hidden"):
        services.show_answer(given, by=teacher)
    services.hide_answer(given, by=teacher, reason="Rude.")
    with pytest.raises(AlreadyDoneError, match="hidden already"):
        services.hide_answer(given, by=teacher, reason="Rude.")

    assert stored(question).is_answered is False


def test_an_old_page_does_not_take_votes_away(question, teacher):
    """Only what an event changes is written."""
    services.vote(question, by=make_student())

    services.pin(question, by=teacher)
    services.hide(question, by=teacher, reason="Off topic.")

    assert stored(question).votes == 1
