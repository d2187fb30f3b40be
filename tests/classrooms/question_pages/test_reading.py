"""Who reads the questions of a course, and what a reader without a name shows of theirs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.classrooms.models import Question
from camp.enrollment import services as enrollment_services
from tests.classrooms.question_pages.steps import ACTS, listed, titles, url_of
from tests.factories import (
    make_answer,
    make_course,
    make_enrollment,
    make_question,
    make_requirement,
    make_stage,
    make_student,
)

pytestmark = pytest.mark.django_db
PAGES = {"hide_question", "correct_question", "take_question_back"}


def test_a_student_reads_the_list_and_the_thread(client, course, student, question):
    make_answer(question, text="Like **this**.", author=student)
    client.force_login(student)

    assert titles(listed(client, course)) == ["Why does it fail?"]
    page = client.get(question.get_absolute_url())
    assert page.status_code == 200
    assert "It <em>fails</em>." in page.text
    assert "Like <strong>this</strong>." in page.text
    assert "Asker Quinn" in page.text


def test_anonymous_visitors_are_asked_to_sign_in_and_see_no_question(client, course, question):
    page = listed(client, course)

    assert page.status_code == 200
    assert "Sign in to read and ask" in page.text
    assert "Why does it fail?" not in page.text
    thread = client.get(question.get_absolute_url())
    assert (thread.status_code, thread.headers["Location"]) == (
        302, f"{reverse('account_login')}?next={question.get_absolute_url()}",
    )  # fmt: skip


def test_somebody_without_a_place_is_told_to_apply_and_sees_no_question(client, course, question):
    client.force_login(make_student())

    page = listed(client, course)

    assert (page.status_code, "questions" in page.context) == (200, False)
    assert "Apply on the camp" in page.text
    assert "Why does it fail?" not in page.text


def everything(course, question, answer):
    """(method, address) of every page and act."""
    yield "get", question.get_absolute_url()
    yield "get", url_of("ask", None, course)
    yield "post", url_of("ask", None, course)
    yield from (("get", url_of(name, question)) for name in PAGES)
    yield from ((how, url_of("correct_answer", answer, course)) for how in ("get", "post"))
    yield from (("post", url_of(name, question)) for name in ACTS)
    yield from (("post", url_of(name, answer, course)) for name in ("hide_answer", "show_answer"))


def test_strangers_get_404_everywhere(client, course, question):
    answer = make_answer(question)
    client.force_login(make_student())

    statuses = {getattr(client, how)(url).status_code for how, url in everything(course, question, answer)}

    assert statuses == {404}


def test_anonymous_visitors_are_sent_to_sign_in_everywhere(client, course, question):
    answer = make_answer(question)

    answers = [getattr(client, how)(url) for how, url in everything(course, question, answer)]

    assert {response.status_code for response in answers} == {302}
    assert all(response.headers["Location"].startswith(reverse("account_login")) for response in answers)


def test_who_has_left_and_who_has_not_come_so_far_get_403_everywhere(client, course, question):
    later = make_stage(course.camp)
    make_requirement(later, kind="item", item="report")
    later_course = make_course(later)
    later_question = make_question(later_course)
    enrollment = make_enrollment(course.camp, at=timezone.now())
    client.force_login(enrollment.student)
    early = [
        getattr(client, how)(url).status_code
        for how, url in everything(later_course, later_question, make_answer(later_question))
    ]
    enrollment_services.withdraw(enrollment, by=enrollment.student)

    late = [getattr(client, how)(url).status_code for how, url in everything(course, question, make_answer(question))]

    assert (set(early), set(late)) == ({403}, {403})


def test_a_question_of_another_course_is_not_at_this_address(client, course, student, question):
    other = make_question(make_course(course.stage))
    client.force_login(student)

    assert client.get(url_of("question", other, course)).status_code == 404
    assert client.post(url_of("vote", other, course)).status_code == 404


def test_acts_are_posts(client, student, question):
    client.force_login(student)

    statuses = {name: client.get(url_of(name, question)).status_code for name in ACTS if name not in PAGES}

    assert set(statuses.values()) == {405}


def seen_by(client, user, course, question):
    """Everything that a person is shown of the questions of a course."""
    client.force_login(user)
    htmx = {"HX-Request": "true"}
    return "".join(
        [
            listed(client, course).text, client.get(question.get_absolute_url()).text,
            client.post(url_of("vote", question), headers=htmx).text, client.post(url_of("vote", question)).text,
            client.post(url_of("answer", question), {"text": ""}).text, client.get(reverse("notices:list")).text,
        ]
    )  # fmt: skip


def test_who_asks_without_a_name_is_nobody_to_other_students(client, course, asker, student, question):
    Question.objects.update(is_anonymous=True)
    make_answer(question, author=asker, text="I found it.")

    text = seen_by(client, student, course, question)

    assert [secret for secret in ("Quinn", asker.handle, asker.email) if secret in text] == []
    assert "A student" in text
    assert "The asker" in text


def test_the_asker_without_a_name_is_known_to_the_staff_and_told_so(client, course, asker, teacher, question):
    Question.objects.update(is_anonymous=True)
    make_answer(question, author=asker)

    text = seen_by(client, teacher, course, question)

    assert "students see no name" in text
    assert "Asker Quinn" in text


def test_the_asker_without_a_name_reads_you(client, asker, question):
    Question.objects.update(is_anonymous=True)
    make_answer(question, author=asker)
    client.force_login(asker)

    page = client.get(question.get_absolute_url())

    assert "you, without your name" in page.text
    assert [reply.is_own for reply in page.context["thread"].replies] == [True]


def test_no_search_finds_by_author(client, course, asker, student, teacher, question):
    for user in (student, teacher):
        client.force_login(user)

        assert titles(listed(client, course, q="quinn")) == []
