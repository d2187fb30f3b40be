"""Correcting and taking back what one wrote, in the site, and what a refusal keeps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from camp.classrooms import questions as services
from camp.classrooms.models import Answer, Question
from tests.classrooms.question_pages.steps import post, url_of
from tests.factories import make_answer, make_question, make_staff_role, make_superuser

pytestmark = pytest.mark.django_db
CHANGES = ["correct_question", "take_question_back"]
SENT = {"title": "Why not?", "text": "Typed words"}
SIXTEEN_MINUTES = timedelta(minutes=16)


@pytest.fixture
def answer(question, student):
    return make_answer(question, author=student, at=timezone.now())


def offered(client, row, names, course):
    """Which of these acts the page of the question leads to."""
    page = client.get(getattr(row, "question", row).get_absolute_url()).text
    return [name for name in names if url_of(name, row, course) in page]


def test_the_asker_corrects_the_question(client, asker, question):
    client.force_login(asker)
    page = client.get(url_of("correct_question", question))
    assert "Correct your question “Why does it fail?”" in page.text
    assert 'value="Why does it fail?"' in page.text
    assert "It *fails*.</textarea>" in page.text

    response = client.post(url_of("correct_question", question), SENT | {"is_anonymous": "on"}, follow=True)

    row = Question.objects.get()
    assert (row.title, row.text, row.is_anonymous) == ("Why not?", "Typed words", True)
    assert response.redirect_chain == [(question.get_absolute_url(), 302)]
    assert "It is corrected." in response.text
    assert Question.history.latest().history_user == asker


def test_a_name_that_is_not_shown_stays_ticked_and_can_be_shown(client, asker, question):
    Question.objects.update(is_anonymous=True)
    client.force_login(asker)
    page = client.get(url_of("correct_question", question))

    post(client, "correct_question", question, **SENT)

    assert page.context["form"]["is_anonymous"].value() is True
    assert Question.objects.get().is_anonymous is False


def test_staff_correct_their_own_question_and_keep_a_name_that_was_not_shown(client, course, teacher):
    question = make_question(course, author=teacher, is_anonymous=True)
    client.force_login(teacher)

    assert post(client, "correct_question", question, **SENT).status_code == 302
    row = Question.objects.get()
    assert (row.title, row.is_anonymous) == ("Why not?", True)


def test_taking_back_asks_names_the_question_and_leads_to_the_list(client, course, asker, question):
    client.force_login(asker)
    page = client.get(url_of("take_question_back", question))
    assert "Take back your question “Why does it fail?”?" in page.text
    assert "It <em>fails</em>." in page.text
    assert Question.objects.count() == 1

    response = client.post(url_of("take_question_back", question), follow=True)

    assert Question.objects.count() == 0
    assert response.redirect_chain == [(f"{course.get_absolute_url()}?tab=qa", 302)]
    assert "Your question is taken back." in response.text
    assert (Question.history.latest().history_type, Question.history.latest().history_user) == ("-", asker)
    assert client.get(question.get_absolute_url()).status_code == 404
    assert client.post(url_of("take_question_back", question)).status_code == 404


def test_only_the_asker_is_offered_to_change_a_question(client, course, asker, student, teacher, question):
    shown = {}
    for user in (asker, student, teacher):
        client.force_login(user)
        shown[user] = offered(client, question, CHANGES, course)

    assert shown == {asker: CHANGES, student: [], teacher: []}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("role", ["student", "teacher", "superuser"])
def test_nobody_changes_the_questions_of_others(client, request, role, question, name):
    client.force_login(make_superuser() if role == "superuser" else request.getfixturevalue(role))

    assert client.get(url_of(name, question)).status_code == 403
    assert client.post(url_of(name, question), SENT).status_code == 403
    assert Question.objects.get().title == "Why does it fail?"


@pytest.mark.parametrize("name", CHANGES)
def test_a_question_that_is_answered_meanwhile_is_409_and_keeps_what_was_typed(
    client, course, asker, question, answer, name
):
    client.force_login(asker)

    opened, sent = client.get(url_of(name, question)), post(client, name, question, **SENT)

    assert (opened.status_code, sent.status_code) == (409, 409)
    assert ["Somebody has answered meanwhile" in page.text for page in (opened, sent)] == [True, True]
    assert ("Typed words</textarea>" in sent.text) == (name == "correct_question")
    assert Question.objects.get().title == "Why does it fail?"
    assert offered(client, question, CHANGES, course) == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_hidden_question_stays(client, course, asker, teacher, question, name):
    services.hide(question, by=teacher, reason="Off topic.")
    client.force_login(asker)

    opened, sent = client.get(url_of(name, question)), post(client, name, question, **SENT)

    assert (opened.status_code, sent.status_code) == (403, 403)
    assert "This question is hidden: it stays as it is" in sent.text
    assert Question.objects.get().title == "Why does it fail?"
    assert offered(client, question, CHANGES, course) == []


@pytest.mark.parametrize(
    ("title", "text", "sentence"),
    [
        ("", "Kept words", "required"),
        ("x" * 161, "Kept words", "at most 160 characters"),
        ("Kept words", "x" * 5001, "at most 5000 characters"),
    ],
)
def test_a_bad_correction_is_refused_in_a_sentence_and_kept(client, asker, question, title, text, sentence):
    client.force_login(asker)

    response = post(client, "correct_question", question, title=title, text=text)

    assert response.status_code == 400
    assert sentence in response.text
    assert "Kept words" in response.text
    assert Question.objects.get().title == "Why does it fail?"


# Answers


def test_who_answered_corrects_the_answer(client, course, student, answer):
    client.force_login(student)
    assert offered(client, answer, ["correct_answer"], course) == ["correct_answer"]
    page = client.get(url_of("correct_answer", answer, course))
    assert "Correct your answer to “Why does it fail?”" in page.text
    assert "Like this.</textarea>" in page.text

    response = client.post(url_of("correct_answer", answer, course), {"text": "No: this."})

    assert Answer.objects.get().text == "No: this."
    assert response.headers["Location"] == f"{answer.question.get_absolute_url()}#answer-{answer.pk}"


def test_staff_correct_their_own_answers(client, course, question):
    mentor = make_staff_role(course.camp, role="mentor").user
    answer = make_answer(question, author=mentor, is_by_staff=True, at=timezone.now())
    client.force_login(mentor)

    assert client.post(url_of("correct_answer", answer, course), {"text": "No: this."}).status_code == 302
    assert Answer.objects.get().text == "No: this."


def test_an_answer_of_sixteen_minutes_ago_is_409_and_keeps_what_was_typed(client, course, student, answer):
    Answer.objects.update(answered_at=timezone.now() - SIXTEEN_MINUTES)
    client.force_login(student)
    url = url_of("correct_answer", answer, course)

    opened, sent = client.get(url), client.post(url, {"text": "Typed words"})

    assert (opened.status_code, sent.status_code) == (409, 409)
    assert ["15 minutes, and they are over" in page.text for page in (opened, sent)] == [True, True]
    assert "Typed words</textarea>" in sent.text
    assert Answer.objects.get().text == "Like this."
    assert offered(client, answer, ["correct_answer"], course) == []


def test_a_hidden_answer_stays(client, course, student, teacher, answer):
    services.hide_answer(answer, by=teacher, reason="Be kind.")
    client.force_login(student)
    url = url_of("correct_answer", answer, course)

    opened, sent = client.get(url), client.post(url, {"text": "Typed words"})

    assert (opened.status_code, sent.status_code) == (403, 403)
    assert "This answer is hidden" in sent.text
    assert "Typed words</textarea>" in sent.text
    assert offered(client, answer, ["correct_answer"], course) == []


@pytest.mark.parametrize("reader", ["asker", "teacher"])
def test_nobody_corrects_the_answers_of_others(client, course, request, reader, answer):
    client.force_login(request.getfixturevalue(reader))
    url = url_of("correct_answer", answer, course)

    assert offered(client, answer, ["correct_answer"], course) == []
    assert (client.get(url).status_code, client.post(url, {"text": "No."}).status_code) == (403, 403)
    assert Answer.objects.get().text == "Like this."


def test_a_hidden_answer_of_others_is_not_there_to_correct(client, course, asker, teacher, answer):
    services.hide_answer(answer, by=teacher, reason="Be kind.")
    client.force_login(asker)

    assert client.get(url_of("correct_answer", answer, course)).status_code == 404


@pytest.mark.parametrize(("text", "sentence"), [("", "required"), ("x" * 5001, "at most 5000 characters")])
def test_a_bad_correction_of_an_answer_is_refused_in_a_sentence(client, course, student, answer, text, sentence):
    client.force_login(student)

    response = client.post(url_of("correct_answer", answer, course), {"text": text})

    assert response.status_code == 400
    assert sentence in response.text
    assert f"{text}</textarea>" in response.text
    assert Answer.objects.get().text == "Like this."
