"""What the student reads about a certificate that was revoked, or whose grade was changed since."""

import pytest

from camp.projects import certificates
from camp.projects.work import reviews
from tests.projects.browsing import browser, text, url
from tests.projects.working import Work

REASON = "The report was copied."


@pytest.fixture
def work(db):
    return Work()


def page_of(work):
    return text(browser(work.lead.student).get(url(work, "work")))


def revoke(work, certificate):
    return certificates.revoke(certificate, by=work.organizer, reason=REASON)


def test_a_revoked_one_is_told_with_the_reason(work):
    certificate = revoke(work, work.certificate())

    page = page_of(work)

    assert "Your certificate of completion is revoked" in page
    assert f"The organizers wrote: {REASON}" in page
    assert certificate.code not in page


def test_another_one_takes_the_place_of_the_revoked_one(work):
    first = work.certificate()
    revoke(work, first)
    second = certificates.issue(first.evaluation, by=work.organizer)

    page = page_of(work)

    assert second.code in page
    assert REASON not in page


def test_one_of_the_former_grade_says_so(work):
    certificate = work.certificate("pass")
    request = reviews.ask_review(certificate.evaluation, by=work.lead.student, text="Look again.")
    assert "the grade before it was changed" not in page_of(work)

    reviews.answer_review(request, by=work.organizer, answer="Indeed.", grade="excellent")

    page = page_of(work)
    assert "It still says “pass”, the grade before it was changed." in page
    assert "You hold a certificate of completion." not in page
