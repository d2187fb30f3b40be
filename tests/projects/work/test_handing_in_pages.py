import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camp.classrooms.files import clean_file
from camp.projects.models import HandIn, ReviewRequest
from camp.projects.work import reviews
from tests.factories import make_enrollment, make_staff_role, make_student, make_user
from tests.project_factories import make_mentor, make_project_student
from tests.projects.browsing import browser, text, url
from tests.projects.working import LINK, Work


@pytest.fixture
def work(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Work()


def send(work, user=None, **fields):
    return browser(user or work.lead.student).post(url(work, "work"), fields)


def pdf(name="report.pdf", content=b"%PDF-1.7 x"):
    return SimpleUploadedFile(name, content)


def test_page_shows_what_to_hand_in_until_when_and_what_is_there(work):
    work.project.deliverables = "A **report** of four pages."
    work.project.save()
    work.hand_in(commit="0123abc")
    work.hand_in(repository_url=f"{LINK}2")

    page = text(browser(work.member.student).get(url(work, "work")))

    assert "A <strong>report</strong> of four pages." in page
    assert f'<a href="{LINK}2" rel="noopener nofollow noreferrer">{LINK}2</a>' in page
    assert page.count("counts</span>") == 1
    assert page.index("counts</span>") < page.index("0123abc")
    assert "data-countdown" in page


def test_page_without_a_project_says_what_will_appear(work):
    alone = make_project_student(work.stage, at=work.now)

    page = text(browser(alone.student).get(url(work, "work")))

    assert "Your team has no project yet" in page
    assert '<form method="post" enctype' not in page


def test_a_member_hands_in(work):
    response = send(work, repository_url=LINK, commit=" 0123ABC ", note="Hello", report=pdf("报告.pdf"))

    row = HandIn.objects.get()
    assert (response.status_code, response.url) == (302, url(work, "work"))
    assert (row.repository_url, row.commit, row.note, row.report_name) == (LINK, "0123abc", "Hello", "报告.pdf")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("repository_url", "javascript:alert(1)", "Give an address that begins with http:// or https://."),
        ("repository_url", "ftp://example.org/x", "Give an address that begins with http:// or https://."),
        ("pull_request_url", "data:text/html,x", "Give an address that begins with http:// or https://."),
        ("pull_request_url", "http://[", "No site can have this address."),
        ("repository_url", "https://nowhere/x", "No site can have this address."),
        ("repository_url", "https://x.org/a b", "There is a space in this address."),
        ("repository_url", "http://", "This is only the beginning of an address."),
        ("repository_url", "https://github.com@evil.example/", "without a name or password before the site"),
        ("pull_request_url", "https://me:secret@github.com/x", "without a name or password before the site"),
        ("commit", "xyz", "A commit is 7 to 40 of the characters 0–9 and a–f."),
        ("commit", "0123ab", "A commit is 7 to 40 of the characters 0–9 and a–f."),
        ("report", pdf("report.pdf", b"<html>"), "This is no PDF file inside"),
        ("report", pdf("report.html", b"<html>"), "Files of this kind are not taken"),
        ("note", "x" * 5001, "at most 5000 characters"),
        ("repository_url", f"https://example.org/{'x' * 200}", "at most 200 characters"),
        ("repository_url", "https://example.org/\0", "Null characters are not allowed."),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(work, field, value, said):
    response = send(work, **{"pull_request_url": "https://example.org/typed", "note": "typed note", field: value})

    assert response.status_code == 400
    assert said in text(response)
    assert field == "note" or "typed note" in text(response)
    assert HandIn.objects.count() == 0


def test_nothing_handed_in_gets_a_sentence(work):
    response = send(work, commit="0123abc")

    assert response.status_code == 400
    assert "Hand in a link or a report." in text(response)
    assert 'value="0123abc"' in text(response)


@pytest.mark.parametrize("link", [LINK, "javascript:x"])
def test_after_the_deadline_it_is_refused_with_when_it_closed(work, link):
    work.close()

    response = send(work, repository_url=link, note="typed note")

    assert response.status_code == 403
    assert "the deadline has passed" in text(response)
    assert timezone.localtime(work.stage.hand_in_closes_at).isoformat()[:16] in text(response)
    assert "typed note" in text(response)
    assert link in text(response)
    assert HandIn.objects.count() == 0


def test_after_the_deadline_the_page_offers_no_form(work):
    work.close()

    assert "Hand in</button>" not in text(browser(work.lead.student).get(url(work, "work")))


def test_hand_in_without_a_project_is_refused(work):
    alone = make_project_student(work.stage, at=work.now)

    assert send(work, alone.student, repository_url=LINK).status_code == 403


def test_strangers_find_nothing_and_others_of_the_camp_are_refused(work):
    enrolled = make_enrollment(work.camp, at=work.now)

    assert browser(make_student()).get(url(work, "work")).status_code == 404
    assert browser(enrolled.student).get(url(work, "work")).status_code == 403
    assert browser(work.lead.student).delete(url(work, "work")).status_code == 405


def test_page_costs_as_many_queries_for_one_hand_in_as_for_three(work):
    client = browser(work.lead.student)
    work.hand_in()
    client.get(url(work, "work"))
    with CaptureQueriesContext(connection) as one:
        client.get(url(work, "work"))
    for _more in range(2):
        work.hand_in(by=work.member.student)
    with CaptureQueriesContext(connection) as three:
        client.get(url(work, "work"))

    assert len(three) == len(one)


# Reports.


def fetch(work, user, number=1, placement=None):
    return browser(user).get(url(work, "report", (placement or work.placement).pk, number))


def test_report_is_a_download_for_those_who_may_read_it(work):
    work.hand_in(report=clean_file(pdf("报 告.md", b"<script>alert(1)</script>")))

    for user in (work.lead.student, work.member.student, work.mentor.user, work.organizer):
        response = fetch(work, user)
        assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%8A%A5")


def test_report_is_for_nobody_else(work):
    work.hand_in(report=clean_file(pdf()))
    teacher, other = make_user(), make_mentor(work.stage)
    make_staff_role(work.camp, user=teacher, role="teacher")
    student = make_project_student(work.stage, at=work.now).student

    assert [fetch(work, user).status_code for user in (student, teacher, other.user, make_student())] == [
        403, 403, 403, 404,
    ]  # fmt: skip


def test_report_that_there_is_not_is_not_found(work):
    work.hand_in()

    assert fetch(work, work.lead.student).status_code == 404
    assert fetch(work, work.lead.student, number=2**63).status_code == 404
    gone = work.hand_in(report=clean_file(pdf()))
    gone.report.storage.delete(gone.report.name)
    assert fetch(work, work.lead.student, number=2).status_code == 404


def test_page_names_a_hostile_file_without_running_it(work):
    work.hand_in(report=clean_file(pdf('"><img src=x onerror=alert(1)>.pdf')))

    assert "<img src=x" not in text(browser(work.lead.student).get(url(work, "work")))


# The grade.


def test_grade_is_seen_once_it_is_published(work):
    evaluation = work.confirmed("excellent")
    client = browser(work.lead.student)
    assert "excellent" not in text(client.get(url(work, "work")))
    assert "Well done." not in text(client.get(url(work, "work")))

    evaluation.published_at = work.now
    evaluation.save()

    page = text(client.get(url(work, "work")))
    assert '<span class="grade">excellent</span>' in page
    assert "Well done." in page
    assert "72.5 % of the rubric" in page
    assert '<td class="number">4 / 5</td>' in page


def test_grade_of_another_member_is_not_seen(work):
    work.published("excellent")

    assert "excellent" not in text(browser(work.member.student).get(url(work, "work")))


def test_certificate_is_offered_in_both_languages_with_its_check(work):
    certificate = work.certificate()

    page = text(browser(work.lead.student).get(url(work, "work")))

    for language in ("zh", "en"):
        assert f'href="/verify/{certificate.code}/certificate-{language}.pdf"' in page
    assert f'href="/verify/{certificate.code}/"' in page


def ask(work, user=None, **fields):
    return browser(user or work.lead.student).post(url(work, "review"), {"text": "Look at the tests."} | fields)


def test_a_student_asks_for_a_review_once(work):
    work.published()

    assert ask(work).status_code == 302
    response = ask(work, text="And the report.")

    assert ReviewRequest.objects.get().text == "Look at the tests."
    assert response.status_code == 409
    assert "You have asked for a review already." in text(response)
    assert "And the report." in text(response)


def test_review_page_shows_the_answer(work):
    request = reviews.ask_review(work.published(), by=work.lead.student, text="Look at the tests.")
    reviews.answer_review(request, by=work.organizer, answer="We looked at them.")

    page = text(browser(work.lead.student).get(url(work, "work")))

    assert "Look at the tests." in page
    assert "We looked at them." in page
    assert "Ask for a review" not in page


def test_review_without_words_is_asked_again(work):
    work.published()

    response = ask(work, text=" ")

    assert response.status_code == 400
    assert "review-form" in text(response)


def test_review_without_a_published_grade_is_refused(work):
    work.confirmed()

    assert ask(work).status_code == 403
    assert ask(work, make_student()).status_code == 404
    assert browser(work.lead.student).get(url(work, "review")).status_code == 405


def test_a_review_is_asked_with_the_token_of_the_page(work):
    work.published()
    client = Client(HTTP_ACCEPT_LANGUAGE="en", enforce_csrf_checks=True)
    client.force_login(work.lead.student)
    form = text(client.get(url(work, "work"))).partition('id="review-form"')[2].partition("</form>")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]

    response = client.post(url(work, "review"), {"text": "Look.", "csrfmiddlewaretoken": token})

    assert (response.status_code, ReviewRequest.objects.get().text) == (302, "Look.")


@pytest.mark.parametrize(
    "name", ["list", "proposals", "propose", "team", "team_new", "team_join", "teams", "preferences", "result", "work"]
)
def test_pages_of_who_is_signed_in_are_not_stored(work, name):
    response = browser(work.lead.student).get(url(work, name))

    assert "no-store" in response.headers["Cache-Control"]


def test_pages_of_staff_are_not_stored_and_the_public_ones_are(work):
    for name in ("mentor", "mentor_conflicts", "grading", "proposals", "teams"):
        assert "no-store" in browser(work.mentor.user).get(url(work, name)).headers["Cache-Control"]
    assert "no-store" not in Client().get(url(work, "list")).headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", ["team", "team_join", "teams", "preferences", "result", "work", "mentor", "grading"])
def test_a_stranger_reads_where_to_go_on(work, name):
    response = browser(make_student()).get(url(work, name))

    assert response.status_code == 404
    assert "for the people of this camp" in text(response)
    assert f'href="{work.camp.get_absolute_url()}"' in text(response)


def test_after_the_deadline_nobody_is_told_to_hand_in(work):
    page = text(browser(work.member.student).get(url(work, "work")))
    work.close()
    closed = text(browser(work.member.student).get(url(work, "work")))

    assert ["Everybody of the team can hand in" in shown for shown in (page, closed)] == [True, False]
    assert "What your team handed in last before the deadline counts." in closed
