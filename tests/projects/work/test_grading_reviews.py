"""A second look at a published grade."""

import pytest

from camp.notices.models import Notice
from camp.projects.errors import ProjectError
from camp.projects.models import Evaluation, ReviewRequest
from camp.projects.work import grading, reviews
from tests.projects.working import Work, changes, kinds


@pytest.fixture
def work(db):
    return Work()


def test_ask_review_keeps_the_text(work):
    text = "看测试（①）：\r\n    x²\x07"

    request = reviews.ask_review(work.published(), by=work.lead.student, text=text, at=work.now)

    assert (request.text, request.asked_at, request.is_answered) == ("看测试（①）：\n    x²", work.now, False)


def test_ask_review_twice_is_refused(work):
    evaluation = work.published()
    reviews.ask_review(evaluation, by=work.lead.student, text="Please.")

    with pytest.raises(ProjectError, match="asked for a review already"):
        reviews.ask_review(evaluation, by=work.lead.student, text="Please!")


def test_ask_review_of_what_is_not_published_or_not_ones_own_is_refused(work):
    evaluation = work.confirmed()
    with pytest.raises(ProjectError, match="a published grade of your own"):
        reviews.ask_review(evaluation, by=work.lead.student, text="Please.")
    grading.publish([evaluation], by=work.organizer)

    with pytest.raises(ProjectError, match="a published grade of your own"):
        reviews.ask_review(evaluation, by=work.member.student, text="Please.")


@pytest.mark.parametrize("text", ["", " ", "\u200b\u3164"])
def test_ask_review_without_words_is_refused(work, text):
    with pytest.raises(ProjectError, match="Say what"):
        reviews.ask_review(work.published(), by=work.lead.student, text=text)


def asked(work):
    return reviews.ask_review(work.published(), by=work.lead.student, text="Look at the tests.")


def test_answer_review_that_leaves_the_grade(work):
    answered = reviews.answer_review(asked(work), by=work.organizer, answer="We looked.", grade="pass", at=work.now)

    assert (answered.answer, answered.answered_by, answered.answered_at) == ("We looked.", work.organizer, work.now)
    assert sorted(kinds(work.lead.student)) == ["projects/graded", "projects/review_answered"]
    notice = Notice.objects.get(kind="projects/review_answered")
    assert notice.body == "We looked.\n\nYour grade stays: pass."


def test_answer_review_that_changes_the_grade_publishes_anew(work):
    reviews.answer_review(asked(work), by=work.organizer, answer="You are right.", grade="excellent", at=work.now)

    evaluation = Evaluation.objects.get(enrollment=work.lead)
    assert (evaluation.grade, evaluation.published_at, evaluation.reason) == ("excellent", work.now, "You are right.")
    assert changes(evaluation)[-1] == (work.organizer, "You are right.")
    assert "Your grade is changed: excellent." in Notice.objects.get(kind="projects/review_answered").body


def test_answer_review_twice_is_refused(work):
    stale = asked(work)
    reviews.answer_review(ReviewRequest.objects.get(), by=work.organizer, answer="We looked.")

    with pytest.raises(ProjectError, match="answered already"):
        reviews.answer_review(stale, by=work.organizer, answer="Again.")


def test_answer_review_without_words_is_refused(work):
    with pytest.raises(ProjectError, match="Write an answer"):
        reviews.answer_review(asked(work), by=work.organizer, answer="")
