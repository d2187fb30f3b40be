"""Asking and answering in the site, and what a refusal keeps."""

import pytest
from django.utils import timezone

from camp.classrooms.models import Answer, Question
from tests.classrooms.question_pages.steps import listed, post, url_of
from tests.factories import (
    make_answer,
    make_question,
    make_staff_role,
    make_student,
)

pytestmark = pytest.mark.django_db
HOSTILE = {
    "100 kB": ("x" * 100_000, "at most 5000 characters"),
    "spaces": (" \t\n ", "required"),
    "invisible": ("\u200b\u2060\u00ad\u3164", "required"),
}


def test_ask_leads_to_the_new_question(client, course, student):
    client.force_login(student)
    assert client.get(url_of("ask", None, course)).status_code == 200

    response = client.post(
        url_of("ask", None, course), {"title": " Why? ", "text": "a\r\nb", "is_anonymous": "on"}, follow=True
    )

    made = Question.objects.get()
    assert (made.title, made.text, made.is_anonymous, made.author) == ("Why?", "a\nb", True, student)
    assert response.redirect_chain[-1][0] == made.get_absolute_url()
    assert "you, without your name" in response.text


def test_staff_ask_with_their_names(client, course, teacher):
    client.force_login(teacher)
    page = client.get(url_of("ask", None, course))

    client.post(url_of("ask", None, course), {"title": "Who has an idea?", "is_anonymous": "on"})

    assert "is_anonymous" not in page.context["form"].fields
    assert Question.objects.get().is_anonymous is False


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_question_is_refused_in_a_sentence(client, course, student, kind):
    text, sentence = HOSTILE[kind]
    client.force_login(student)

    response = client.post(url_of("ask", None, course), {"title": text, "text": "Kept words"})

    assert response.status_code == 400
    assert ("at most 160 characters" if kind == "100 kB" else sentence) in response.text
    assert "Kept words" in response.text
    assert Question.objects.count() == 0


def test_details_that_are_too_long_are_refused_and_the_form_is_kept(client, course, student):
    text, sentence = HOSTILE["100 kB"]
    client.force_login(student)

    response = client.post(url_of("ask", None, course), {"title": "Kept title", "text": text})

    assert response.status_code == 400
    assert sentence in response.text
    assert "Kept title" in response.text
    assert text in response.text


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_is_refused_in_a_sentence(client, student, question, kind):
    text, sentence = HOSTILE[kind]
    client.force_login(student)

    response = post(client, "answer", question, text=text)

    assert response.status_code == 400
    assert sentence in response.text
    assert Answer.objects.count() == 0


def test_raw_posts_without_a_form_are_refused(client, course, student, question):
    client.force_login(student)
    raw = {"data": b"\xff\0" * 50_000, "content_type": "application/octet-stream"}

    assert client.post(url_of("ask", None, course), **raw).status_code == 400
    assert client.post(url_of("answer", question), **raw).status_code == 400
    assert client.post(url_of("vote", question), **raw).status_code == 302


def test_text_keeps_what_chinese_and_code_need_and_nothing_that_steers(client, course, student):
    client.force_login(student)

    client.post(
        url_of("ask", None, course),
        {"title": "“为什么？”（ＡＢ）\0", "text": "\r\n    if (a) {\u202e\x07}\0  \r\n    ①：x²"},
    )

    made = Question.objects.get()
    assert (made.title, made.text) == ("“为什么？”（ＡＢ）", "    if (a) {}  \n    ①：x²")


def test_too_many_questions_are_429_and_keep_what_was_typed(client, course, student):
    for _each in range(5):
        make_question(course, author=student, at=timezone.now())
    client.force_login(student)

    response = client.post(url_of("ask", None, course), {"title": "A sixth?", "text": "With details"})

    assert response.status_code == 429
    assert "Wait ten minutes" in response.text
    assert "A sixth?" in response.text
    assert "With details" in response.text


def test_too_many_answers_are_429_and_keep_what_was_typed(client, student, question):
    for _each in range(20):
        make_answer(question, author=student, at=timezone.now())
    client.force_login(student)

    response = post(client, "answer", question, text="One more word")

    assert response.status_code == 429
    assert "Wait ten minutes" in response.text
    assert "One more word</textarea>" in response.text


def test_an_answer_appears_below_its_question(client, student, question):
    client.force_login(student)

    response = post(client, "answer", question, text="Like this.")

    made = Answer.objects.get()
    assert (made.author, made.is_by_staff) == (student, False)
    assert response.headers["Location"] == f"{question.get_absolute_url()}#answer-{made.pk}"


@pytest.mark.parametrize("role", ["teacher", "assistant", "organizer", "mentor"])
def test_answers_of_the_staff_stand_first_and_out(client, course, question, role):
    staff = make_staff_role(course.camp, role=role).user
    make_answer(question, text="Of a student.", at=timezone.now())
    client.force_login(staff)

    post(client, "answer", question, text="Of the staff.")

    page = client.get(question.get_absolute_url())
    assert [reply.answer.text for reply in page.context["thread"].replies] == ["Of the staff.", "Of a student."]
    assert page.text.count("by-staff") == 1
    assert page.context["thread"].question.is_answered is True


@pytest.mark.parametrize(
    ("text", "shown", "not_shown"),
    [
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))", 'href="javascript'),
        ("![a](https://evil.example/x.png)", 'href="https://evil.example/x.png"', "<img"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)", "<script>alert"),
        ('<a onmouseover="x()">b</a>', "&lt;a onmouseover=", "<a onmouseover"),
    ],
)
def test_markdown_is_made_harmless(client, course, student, text, shown, not_shown):
    question = make_question(course, text=text)
    make_answer(question, text=text)
    client.force_login(student)

    page = client.get(question.get_absolute_url())

    assert page.text.count(shown) == 2
    assert not_shown not in page.text


def test_hostile_titles_and_names_are_shown_as_text(client, course, student):
    author = make_student(display_name="<b>Bob</b>")
    question = make_question(course, author=author, title="<img src=x onerror=alert(1)>")
    client.force_login(student)

    pages = [listed(client, course).text, client.get(question.get_absolute_url()).text]

    assert [("<img" in page, "<b>Bob" in page) for page in pages] == [(False, False)] * 2
