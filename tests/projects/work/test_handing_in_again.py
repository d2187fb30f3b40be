"""Handing in once more: what the form begins with, what is kept of the last one, what the team is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from camp.classrooms.files import clean_file
from camp.notices.models import Mail, Notice
from camp.projects.models import HandIn
from camp.projects.work.handing_in import StaleError
from tests.projects.browsing import browser, text, url
from tests.projects.working import LINK, Work

NOTE = "Read this first."


@pytest.fixture
def work(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Work()


def pdf(name="Our report.pdf", content=b"%PDF-1.7 x"):
    return SimpleUploadedFile(name, content)


def page_of(work, user=None):
    return browser(user or work.lead.student).get(url(work, "work"))


def send(work, user=None, **fields):
    return browser(user or work.lead.student).post(url(work, "work"), fields)


def with_report(work, **words):
    return work.hand_in(report=clean_file(pdf()), commit="0123abc", note=NOTE, **words)


def test_the_form_begins_with_the_last_hand_in(work):
    assert page_of(work).context["form"].initial == {"replaces": 0}

    with_report(work)
    last = work.hand_in(pull_request_url=f"{LINK}/pull/1", commit="4567def", note="")
    page = page_of(work)

    assert page.context["form"].initial == {
        "repository_url": LINK, "pull_request_url": f"{LINK}/pull/1", "commit": "4567def", "note": "", "replaces": 2,
        "keeps_report": True,
    }  # fmt: skip
    assert "keeps_report" not in page.context["form"].fields
    assert f"What you hand in now replaces no. {last.number}" in text(page)


def test_the_last_report_is_kept_when_the_member_says_so(work):
    first = with_report(work)
    page = text(page_of(work))
    assert "Keep the report of no. 1: Our report.pdf" in page

    assert send(work, replaces=1, keeps_report="on", note=NOTE).status_code == 302
    assert send(work, replaces=2, repository_url=LINK).status_code == 302

    second, third = HandIn.objects.filter(number__gt=1).order_by("number")
    assert (second.report.name, second.report_name) == (first.report.name, "Our report.pdf")
    assert (third.report.name, third.report_name) == ("", "")


def test_another_report_replaces_the_last_one(work):
    with_report(work)

    send(work, replaces=1, keeps_report="on", report=pdf("New.pdf"))

    assert list(HandIn.objects.order_by("number").values_list("report_name", flat=True)) == [
        "Our report.pdf",
        "New.pdf",
    ]


def test_nothing_is_kept_where_there_was_no_report(work):
    work.hand_in()

    response = send(work, replaces=1, keeps_report="on")

    assert (response.status_code, HandIn.objects.count()) == (400, 1)


def test_who_did_not_see_the_last_one_is_shown_it_first(work):
    work.hand_in(by=work.member.student, repository_url=f"{LINK}2")

    refused = send(work, replaces=0, repository_url=LINK, note="typed")

    assert (refused.status_code, HandIn.objects.count()) == (409, 1)
    assert "Bob has handed in no. 1 meanwhile." in text(refused)
    assert f"{LINK}2" in text(refused)
    assert "typed" in text(refused)
    assert 'name="replaces" value="1"' in text(refused)
    assert send(work, replaces=1, repository_url=LINK, note="typed").status_code == 302


def test_the_same_sent_twice_is_one(work):
    fields = {"replaces": 0, "repository_url": LINK, "note": NOTE}
    send(work, report=pdf(), **fields)

    again = send(work, report=pdf(), **fields)

    assert (again.status_code, HandIn.objects.count()) == (302, 1)
    with pytest.raises(StaleError):
        work.hand_in(by=work.member.student, replaces=0, note=NOTE)


def test_every_member_gets_a_receipt(work):
    work.hand_in()
    Notice.objects.all().delete()
    Mail.objects.all().delete()

    with_report(work, by=work.member.student)

    notices = Notice.objects.order_by("recipient__handle")
    assert [(one.kind, one.recipient, one.url) for one in notices] == [
        ("projects/handed_in", person.student, url(work, "work")) for person in (work.lead, work.member)
    ]
    assert notices[0].title == "Hand-in no. 2 of Team has arrived"
    for part in ("Bob handed it in for “Faster tiles”. It replaces no. 1.", LINK, "0123abc", "Our report.pdf", NOTE):
        assert part in notices[0].mail.body


def test_the_form_stands_first_and_what_does_not_count_is_folded(work):
    for number in range(1, 4):
        work.hand_in(repository_url=f"{LINK}{number}")

    page = text(page_of(work))
    folded = page.partition("2 earlier hand-ins</summary>")[2].partition("</details>")[0]

    assert page.index("enctype=") < page.index("Handed in already")
    assert [f"{LINK}{number}<" in folded for number in (1, 2, 3)] == [True, True, False]


def test_before_the_first_nothing_is_folded(work):
    work.project.deliverables = "A report."
    work.project.save()

    assert "<details open><summary>What is handed in" in text(page_of(work))
    work.hand_in()

    assert "<details><summary>What is handed in" in text(page_of(work))
    assert "earlier hand-in" not in text(page_of(work))
