import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camp.projects import certificates
from camp.rankings.uploads import limits
from tests.factories import make_camp, make_staff_role, make_student, make_superuser, make_user
from tests.projects.working import Work

HEADERS = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def work(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Work()


def browser(user=None):
    client = Client(**HEADERS)
    if user:
        client.force_login(user)
    return client


def text(response):
    return response.content.decode()


def test_anybody_reads_what_a_code_stands_for(work):
    certificate = work.certificate("excellent")

    response = browser().get(f"/verify/{certificate.code}/")

    assert response.status_code == 200
    for said in ("Ada", "Summer camp", work.camp.organization.name, "Faster tiles", "excellent", "Genuine and valid"):
        assert said in text(response)
    assert "Revoked" not in text(response)


def test_the_check_stays_out_of_search_engines_and_caches(work):
    response = browser().get(work.certificate().get_absolute_url())

    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in text(response)
    assert "no-store" in response.headers["Cache-Control"]


def test_the_check_leads_to_nothing_of_others(work):
    page = text(browser().get(work.certificate().get_absolute_url()))

    main = page.partition("<main")[2].partition("</main>")[0]
    assert "href=" not in main
    assert work.lead.student.handle not in main


@pytest.mark.parametrize("shape", [str.upper, lambda code: "-".join(code[n : n + 4] for n in range(0, 16, 4))])
def test_a_code_is_read_in_any_case_and_in_groups(work, shape):
    code = work.certificate().code

    assert browser().get(f"/verify/{shape(code)}/").status_code == 200


def test_a_revoked_one_says_so_without_the_reason(work):
    certificate = certificates.revoke(work.certificate(), by=work.organizer, reason="Copied from others.")

    page = text(browser().get(certificate.get_absolute_url()))

    assert "Revoked" in page
    assert timezone.localtime(certificate.revoked_at).isoformat()[:10] in page
    assert "Copied" not in page
    assert "Genuine" not in page


def test_an_unknown_code_says_what_to_check(work):
    response = browser().get("/verify/abcdefghjkmnpqrs/")

    assert response.status_code == 404
    assert "Check the code against the print" in text(response)
    assert 'value="abcdefghjkmnpqrs"' in text(response)


def test_many_unknown_codes_from_one_address_are_refused(work, monkeypatch):
    monkeypatch.setattr(limits, "GUESSES_A_MINUTE", 2)
    certificate, client = work.certificate(), browser()

    codes = ["a" * 16, certificate.code, "b" * 16, certificate.code]

    assert [client.get(f"/verify/{code}/").status_code for code in codes] == [404, 200, 404, 429]
    assert browser().get(f"/verify/{certificate.code}/", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("path", ["/verify/%00/", "/verify/a%20b/", "/verify/ä/"])
def test_what_is_no_code_is_not_found(db, path):
    assert browser().get(path).status_code == 404


def test_nothing_is_posted_to_the_check(work):
    assert browser().post(work.certificate().get_absolute_url()).status_code == 405


def test_a_code_is_typed_on_a_page_of_its_own(work):
    client = browser()

    assert client.get("/verify/").status_code == 200
    response = client.get("/verify/", {"code": " ABCD-efgh jkmn-PQRS "})
    assert (response.status_code, response.url) == (302, "/verify/abcdefghjkmnpqrs/")


@pytest.mark.parametrize("typed", ["", "  ", "---", "a\0b", "ä" * 16, "x" * 100])
def test_what_is_typed_and_no_code_gets_a_sentence(db, typed):
    response = browser().get("/verify/", {"code": typed})

    assert response.status_code == 400
    assert "errorlist" in text(response)


def pdf_url(certificate, language="en"):
    return reverse("projects:certificate", args=[certificate.code, language])


def test_the_holder_and_the_organizers_download_the_document(work):
    certificate = work.certificate()

    for user in (work.lead.student, work.organizer, make_superuser()):
        response = browser(user).get(pdf_url(certificate))
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF-")
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="certificate-{certificate.code}-en.pdf"'
        )


def test_the_document_is_not_found_by_others(work):
    certificate, elsewhere, teacher = work.certificate(), make_user(), make_user()
    make_staff_role(make_camp("other"), user=elsewhere)
    make_staff_role(work.camp, user=teacher, role="teacher")

    for user in (work.member.student, make_student(), elsewhere, work.mentor.user, teacher):
        assert browser(user).get(pdf_url(certificate)).status_code == 404
    assert browser(work.lead.student).get(pdf_url(certificate, "fr")).status_code == 404
    assert browser().get(pdf_url(certificate)).status_code == 302


def test_the_document_of_a_revoked_one_is_not_printed(work):
    certificate = certificates.revoke(work.certificate(), by=work.organizer, reason="x")

    response = browser(work.lead.student).get(pdf_url(certificate))

    assert response.status_code == 403
    assert "revoked" in text(response)
