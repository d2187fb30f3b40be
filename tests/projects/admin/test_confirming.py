"""Confirming grades in the admin: what an organizer has before their eyes, and what the form keeps."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.projects.models import Evaluation
from camp.projects.work import grading
from tests.projects.working import Work


@pytest.fixture
def work(db):
    return Work()


@pytest.fixture
def staff(client, work):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(work.organizer)
    return client


def ask(client, rows, **answers):
    data = {"action": "confirm", "_selected_action": [row.pk for row in rows]} | answers
    return client.post(reverse("admin:projects_evaluation_changelist"), data, follow=True)


def confirm(client, rows, **answers):
    return ask(client, rows, confirmed="yes", **answers)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_shows_what_is_proposed(staff, work):
    rows = work.propose(per_member={work.member.pk: {"grade": "fail", "comment": "You were <not> there."}})

    page = ask(staff, rows)

    mentor = work.mentor.user
    assert sorted(text for _label, text in page.context["form"].facts) == [
        f"fail, proposed by {mentor}\nCode: 4 of 5\nReport: 5 of 10\nYou were <not> there.",
        f"pass, proposed by {mentor}\nCode: 4 of 5\nReport: 5 of 10\nWell done.",
    ]
    assert "You were &lt;not&gt; there." in page.text


def test_the_page_shows_the_grade_that_is_there_and_who_has_none(staff, work):
    confirmed = work.confirmed()
    bare = Evaluation.objects.create(placement=work.placement, enrollment=work.student("Cleo"))

    facts = dict(ask(staff, [confirmed, bare]).context["form"].facts)

    assert "confirmed already: pass" in facts[str(confirmed)]
    assert facts[str(bare)] == "no grade proposed yet"


def test_another_grade_without_a_reason_is_asked_again_with_what_was_typed(staff, work):
    rows = work.propose()[:1]

    page = confirm(staff, rows, grade="fail", reason=" ")

    form = page.context["form"]
    assert form.errors == {"reason": ["Give a reason; the student may read it."]}
    assert (form["grade"].value(), form.facts[0][0]) == ("fail", str(rows[0]))
    assert Evaluation.objects.get(pk=rows[0].pk).grade == ""


def test_another_grade_is_confirmed_with_its_reason(staff, work):
    rows = work.propose()[:1]

    assert said(confirm(staff, rows, grade="fail", reason="Copied.")) == ["Done for 1."]
    assert Evaluation.objects.get(pk=rows[0].pk).reason == "Copied."


def test_the_proposed_grade_named_needs_no_reason(staff, work):
    assert said(confirm(staff, work.propose(), grade="pass", reason="")) == ["Done for 2."]


def test_what_is_decided_already_asks_for_no_reason(staff, work):
    confirmed = work.confirmed()
    published = Evaluation.objects.get(enrollment=work.member)
    grading.publish([grading.confirm(published, by=work.organizer)], by=work.organizer)

    messages = said(confirm(staff, [confirmed, published], grade="", reason=""))

    assert sorted(messages) == [
        f"{confirmed}: This grade is confirmed already.",
        f"{published}: This grade is published. Change it, with a reason, instead of confirming it.",
    ]


def test_the_page_costs_the_same_for_one_and_for_more(staff, work):
    rows = work.propose()
    ask(staff, rows)

    with CaptureQueriesContext(connection) as one:
        ask(staff, rows[:1])
    with CaptureQueriesContext(connection) as two:
        ask(staff, rows)

    assert len(one) == len(two)


def test_a_change_to_the_grade_that_is_there_is_asked_again(staff, work):
    confirmed = work.confirmed()

    page = confirm(staff, [confirmed], action="change_grade", grade="pass", reason="Typed at length.")

    form = page.context["form"]
    assert form.errors == {"grade": ["This is the grade that it has already."]}
    assert form["reason"].value() == "Typed at length."
