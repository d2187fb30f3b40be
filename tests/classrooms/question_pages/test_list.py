"""The list of questions: its order, its search, its pages, its cost."""

import pytest
from django.utils import timezone

from camp.classrooms import questions as services
from tests.classrooms.question_pages.steps import listed, titles
from tests.factories import (
    make_answer,
    make_question,
)

pytestmark = pytest.mark.django_db


def test_pinned_come_first_then_the_most_wanted_then_the_newest(client, course, student):
    now = timezone.now()
    for title, votes, hours, pinned in [("a", 1, 3, False), ("b", 5, 9, False), ("c", 1, 1, False), ("d", 0, 99, True)]:
        make_question(course, title=title, votes=votes, at=now - timezone.timedelta(hours=hours), is_pinned=pinned)
    client.force_login(student)

    assert titles(listed(client, course)) == ["d", "b", "c", "a"]
    assert titles(listed(client, course, order="newest")) == ["d", "c", "a", "b"]
    assert titles(listed(client, course, order="'; drop")) == ["d", "b", "c", "a"]


def test_the_list_is_narrowed_to_open_ones_and_to_ones_own(client, course, student):
    make_question(course, title="settled", answered_at=timezone.now())
    make_question(course, title="mine", author=student, answered_at=timezone.now())
    make_answer(make_question(course, title="open"))
    client.force_login(student)

    assert titles(listed(client, course, show="open")) == ["open"]
    assert titles(listed(client, course, show="mine")) == ["mine"]
    assert len(titles(listed(client, course, show="nonsense"))) == 3


def test_search_reads_titles_details_and_the_answers_that_everybody_sees(client, course, student):
    make_question(course, title="Borrow checker")
    make_question(course, title="details", text="the borrow rules")
    make_answer(make_question(course, title="answer"), text="You borrow here.")
    make_answer(make_question(course, title="hidden answer"), text="You borrow here.", is_hidden=True)
    make_question(course, title="hidden borrow", is_hidden=True)
    client.force_login(student)

    assert sorted(titles(listed(client, course, q=" borrow "))) == ["Borrow checker", "answer", "details"]
    assert titles(listed(client, course, q="borrow rules")) == ["details"]


@pytest.mark.parametrize("q", ["为什么？", "（x²）", "ｂｏｒｒｏｗ", "borrow"])
def test_search_finds_text_as_it_was_typed_and_in_plain_width(client, course, student, q):
    make_question(course, title="为什么？", text="The borrow checker （x²）")
    make_question(course, title="another")
    client.force_login(student)

    assert titles(listed(client, course, q=q)) == ["为什么？"]


@pytest.mark.parametrize("q", ["%", "_", "\0", "<script>alert(1)", "x" * 10_000, "a " * 400])
def test_a_hostile_search_finds_nothing(client, course, student, q):
    make_question(course, title="Plain")
    client.force_login(student)

    response = listed(client, course, q=q)

    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_twenty_questions_are_on_a_page(client, course, student):
    for _each in range(21):
        make_question(course)
    client.force_login(student)

    first, second = listed(client, course), listed(client, course, page="2")

    assert (len(titles(first)), len(titles(second))) == (20, 1)
    missing = listed(client, course, page="3")
    assert missing.status_code == 404
    assert "There is no such page of questions." in missing.text


def test_empty_lists_say_what_will_be_there(client, course, student):
    client.force_login(student)

    assert "Nobody has asked yet" in listed(client, course).text
    assert "Nobody has asked yet" in listed(client, course, show="open").text
    assert "You have not asked yet" in listed(client, course, show="mine").text
    assert "No such question" in listed(client, course, q="nothing").text


def test_empty_choices_say_why_they_are_empty(client, course, student):
    make_question(course, answered_at=timezone.now())
    client.force_login(student)

    assert "All questions are answered" in listed(client, course, show="open").text
    assert "You have not asked yet" in listed(client, course, show="mine").text
    searches = [listed(client, course, show=show, q="nothing").text for show in ("open", "mine")]
    assert ["No such question" in text for text in searches] == [True, True]


@pytest.mark.parametrize("reader", ["student", "teacher"])
def test_the_list_costs_the_same_for_one_question_and_for_three(
    client, course, request, reader, django_assert_num_queries, django_assert_max_num_queries
):
    user = request.getfixturevalue(reader)
    client.force_login(user)
    services.vote(make_question(course), by=user)
    listed(client, course)
    with django_assert_max_num_queries(24) as one:
        listed(client, course, q="Question")
    for _each in range(2):
        question = make_question(course)
        services.vote(question, by=user)
        make_answer(question)

    with django_assert_num_queries(len(one)):
        listed(client, course, q="Question")


@pytest.mark.parametrize("reader", ["student", "teacher", "asker"])
def test_a_thread_costs_the_same_for_one_answer_and_for_three(
    client, course, request, reader, question, django_assert_num_queries, django_assert_max_num_queries
):
    user = request.getfixturevalue(reader)
    make_answer(question)
    client.force_login(user)
    client.get(question.get_absolute_url())
    with django_assert_max_num_queries(20) as one:
        client.get(question.get_absolute_url())
    make_answer(question, is_by_staff=True)
    make_answer(question, is_hidden=True, hidden_by=user, hidden_reason="x")

    with django_assert_num_queries(len(one)):
        client.get(question.get_absolute_url())
