"""Votes, marks, pins and what is hidden, in the site."""

import pytest

from camp.classrooms import questions as services
from camp.classrooms.models import Answer, Question, Vote
from tests.classrooms.question_pages.steps import MODERATION, listed, post, titles, url_of
from tests.factories import (
    make_answer,
    make_course,
    make_staff_role,
)

pytestmark = pytest.mark.django_db


def test_a_vote_counts_and_the_page_says_so(client, student, question):
    client.force_login(student)

    response = client.post(url_of("vote", question), follow=True)

    assert Question.objects.get().votes == 1
    assert "Your vote is counted" in response.text
    assert 'aria-pressed="true"' in response.text


def test_htmx_gets_the_button_in_its_new_state(client, student, question):
    client.force_login(student)
    voted = client.post(url_of("vote", question), headers={"HX-Request": "true"})
    taken = client.post(url_of("take_vote_back", question), headers={"HX-Request": "true"})

    assert [response.templates[0].name for response in (voted, taken)] == ["classrooms/_question_vote.html"] * 2
    assert ("<html" in voted.text, url_of("take_vote_back", question) in voted.text) == (False, True)
    assert ('aria-pressed="false"' in taken.text, Question.objects.get().votes) == (True, 0)


def test_voting_twice_is_said_and_counts_once(client, student, question):
    client.force_login(student)
    client.post(url_of("vote", question))

    plain = client.post(url_of("vote", question))
    htmx = client.post(url_of("vote", question), headers={"HX-Request": "true"})

    assert (plain.status_code, htmx.status_code, htmx.headers["HX-Refresh"]) == (409, 409, "true")
    assert "You have voted for this question already" in plain.text
    assert "You have voted for this question already" in client.get(question.get_absolute_url()).text
    assert (Question.objects.get().votes, Vote.objects.count()) == (1, 1)


def test_the_own_question_has_no_button_and_takes_no_vote(client, asker, question):
    client.force_login(asker)

    assert "vote-button" not in client.get(question.get_absolute_url()).text
    assert post(client, "vote", question).status_code == 403


def test_the_asker_marks_the_question_and_opens_it_again(client, asker, question):
    client.force_login(asker)

    post(client, "mark_answered", question)
    assert Question.objects.get().answered_by == asker
    assert post(client, "mark_answered", question).status_code == 409

    post(client, "reopen", question)
    assert Question.objects.get().is_answered is False


def test_a_mentor_settles_and_does_not_moderate(client, course, question):
    client.force_login(make_staff_role(course.camp, role="mentor").user)

    assert post(client, "mark_answered", question).status_code == 302
    assert {post(client, name, question).status_code for name in MODERATION} == {403}


def test_other_students_neither_settle_nor_moderate(client, course, student, question):
    answer = make_answer(question, author=student)
    client.force_login(student)

    assert {post(client, name, question).status_code for name in ["mark_answered", "reopen", *MODERATION]} == {403}
    assert client.post(url_of("hide_answer", answer, course), {"reason": "x"}).status_code == 403
    page = client.get(question.get_absolute_url())
    assert [url_of(name, question) in page.text for name in ["mark_answered", "reopen", *MODERATION]] == [False] * 6


def test_a_teacher_of_another_course_stays_out(client, course, question):
    role = make_staff_role(course.camp, role="teacher")
    make_course(course.stage).staff.add(role)
    client.force_login(role.user)

    assert client.get(question.get_absolute_url()).status_code == 403
    assert post(client, "pin", question).status_code == 403


def test_a_teacher_pins_and_unpins(client, teacher, question):
    client.force_login(teacher)

    post(client, "pin", question)
    assert Question.objects.get().is_pinned is True
    assert post(client, "pin", question).status_code == 409

    post(client, "unpin", question)
    assert Question.objects.get().is_pinned is False


def test_hiding_asks_names_the_question_and_wants_a_reason(client, teacher, question):
    client.force_login(teacher)
    page = client.get(url_of("hide_question", question))
    assert "Hide the question “Why does it fail?”?" in page.text

    empty = post(client, "hide_question", question, reason="  ")
    assert (empty.status_code, Question.objects.get().is_hidden) == (400, False)

    post(client, "hide_question", question, reason="Off topic.")
    assert Question.objects.get().hidden_reason == "Off topic."
    again = post(client, "hide_question", question, reason="Typed twice")
    assert again.status_code == 409
    assert "Typed twice" in again.text


def test_a_hidden_question_is_for_its_author_and_the_staff(client, course, asker, student, teacher, question):
    services.hide(question, by=teacher, reason="Off topic.")
    shown = {}
    for user in (asker, teacher, student):
        client.force_login(user)
        thread = client.get(question.get_absolute_url())
        shown[user] = (titles(listed(client, course)), thread.status_code, "Off topic." in thread.text)

    assert shown == {
        asker: (["Why does it fail?"], 200, True),
        teacher: (["Why does it fail?"], 200, True),
        student: ([], 404, False),
    }


def test_a_hidden_question_takes_no_answer_and_keeps_what_was_typed(client, asker, teacher, question):
    services.hide(question, by=teacher, reason="Off topic.")
    client.force_login(asker)

    response = post(client, "answer", question, text="But why?")

    assert response.status_code == 403
    assert "This question is hidden" in response.text
    assert Answer.objects.count() == 0


def test_a_hidden_answer_is_for_its_author_and_the_staff(client, course, asker, student, teacher, question):
    answer = make_answer(question, author=student, text="Rude words.")
    services.hide_answer(answer, by=teacher, reason="Be kind.")
    shown = {}
    for user in (student, teacher, asker):
        client.force_login(user)
        page = client.get(question.get_absolute_url())
        counted = listed(client, course).context["questions"].entries[0].question.answers_shown
        shown[user] = ("Rude words." in page.text, "Be kind." in page.text, counted)

    assert shown == {student: (True, True, 0), teacher: (True, True, 0), asker: (False, False, 0)}


def test_a_teacher_hides_and_shows_an_answer(client, course, teacher, question):
    answer = make_answer(question, text="Rude words.")
    client.force_login(teacher)
    page = client.get(url_of("hide_answer", answer, course))
    assert "Rude words." in page.text

    client.post(url_of("hide_answer", answer, course), {"reason": "Be kind."})
    assert Answer.objects.get().is_hidden is True

    client.post(url_of("show_answer", answer, course))
    assert Answer.objects.get().is_hidden is False


def test_a_teacher_shows_a_question_again(client, teacher, question):
    services.hide(question, by=teacher, reason="Off topic.")
    client.force_login(teacher)

    assert post(client, "show_question", question).status_code == 302
    assert Question.objects.get().is_hidden is False
