"""Where the people of a camp write to, and where they read it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from camp.accounts.models import User
from camp.camps.contacts import link_to, validate_contact, with_contact
from camp.camps.models import Camp
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail
from tests.admin_world import in_english
from tests.factories import make_camp, make_enrollment, make_identity, make_running_camp, make_student

MAIL, PAGE = "camp@harbour.example.org", "https://example.org/chat?room=1"
MAIL_LINK = f'<a class="contact" href="mailto:{MAIL}">{MAIL}</a>'
PAGE_LINK = f'<a class="contact" href="{PAGE}">{PAGE}</a>'


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.mark.parametrize(
    "contact", [MAIL, PAGE, "http://example.org", "a+b@example.org", "https://例子.example.org/群"]
)
def test_a_contact_is_an_address_of_mail_or_of_the_web(contact):
    assert validate_contact(contact) is None


@pytest.mark.parametrize(
    "contact",
    ["the office", "example.org/chat", "@camp", f"mailto:{MAIL}", "javascript:alert(1)", "javascript://x.example.org/%0a",
     "ftp://example.org", "https://", f"{MAIL}, {MAIL}", f"{MAIL}\nBcc: {MAIL}"],
)  # fmt: skip
def test_anything_else_is_refused_in_a_sentence(contact):
    with pytest.raises(ValidationError, match="Write an e-mail address, or the address of a page"):
        validate_contact(contact)


@pytest.mark.parametrize(
    ("contact", "link"),
    [(MAIL, f"mailto:{MAIL}"), ("a?cc=b&c@example.org", "mailto:a%3Fcc%3Db%26c@example.org"), (PAGE, PAGE), ("", "")],
)
def test_a_contact_leads_to_a_mail_or_a_page(contact, link):
    assert link_to(contact) == link


def test_a_sentence_names_the_contact_where_there_is_one():
    assert with_contact("Write to us.", Camp(contact=MAIL)) == f"Write to us. ({MAIL})"
    assert with_contact("Write to us.", Camp()) == "Write to us."


@pytest.fixture
def camp(db):
    return make_running_camp(contact=MAIL)


@pytest.fixture
def student(client, camp):
    student = make_enrollment(camp).student
    client.force_login(student)
    return student


def test_strangers_read_it_on_the_page_of_the_camp(client, camp):
    page = client.get(camp.get_absolute_url()).text

    assert page.count(f"Questions? Write to the organizers: {MAIL_LINK}") == 1


@pytest.mark.parametrize("name", ["stages:history", "enrollment:withdraw"])
def test_every_page_of_the_camp_ends_with_it_for_who_is_signed_in(client, camp, student, name):
    url = reverse(name, args=camp.address)

    assert client.get(url).text.count(f"Questions? Write to the organizers: {MAIL_LINK}") == 1


@pytest.mark.django_db
def test_no_other_public_page_shows_an_address_of_mail(client, camp):
    pages = [client.get(url).text for url in ("/", camp.organization.get_absolute_url(), "/accounts/login/")]

    assert [MAIL in page for page in pages] == [False] * 3


def test_without_a_contact_nothing_stands_there(client, camp, student):
    Camp.objects.update(contact="")

    assert "Questions? Write" not in client.get(camp.get_absolute_url()).text


@pytest.mark.django_db
@pytest.mark.parametrize(("contact", "link"), [(MAIL, MAIL_LINK), (PAGE, PAGE_LINK), ("", "")])
def test_who_was_taken_out_reads_whom_to_write_to(client, contact, link):
    camp = make_running_camp(contact=contact)
    taken_out = make_enrollment(camp, status=Enrollment.Status.REMOVED)
    client.force_login(taken_out.student)

    page = client.get(camp.get_absolute_url()).text

    assert f"Write to the staff if that is wrong.{' ' if link else ''}{link}</p>" in page


def test_a_refusal_names_it(camp):
    taken_out = make_enrollment(camp, status=Enrollment.Status.REMOVED)

    with pytest.raises(enrollment_services.EnrollmentError, match=rf"if that is wrong\. \({MAIL}\)$"):
        enrollment_services.apply(camp, student=taken_out.student)


def test_pages_of_no_camp_list_the_contacts_of_ones_own(client, camp, student):
    make_identity(student)
    make_enrollment(
        make_camp("winter", name="Winter camp", contact=PAGE, organization=camp.organization), student=student
    )
    make_camp("other", name="Other camp", contact="other@example.org")
    make_enrollment(make_camp("silent", name="Silent camp"), student=student)

    page = client.get(reverse("accounts:identities")).text

    assert f"<li>{camp} {MAIL_LINK}</li><li>Winter camp {PAGE_LINK}</li></ul>" in page


def test_a_mail_of_the_camp_ends_with_it(camp):
    student = make_student(language="en")

    enrollment_services.apply(camp, student=student)

    before, _signature, end = Mail.objects.get().body.rpartition("--\n")
    assert end.startswith(f"Questions? Write to the organizers: {MAIL}\nCamp · ")
    assert MAIL not in before


def test_a_mail_that_tells_to_write_says_to_whom(camp):
    enrollment = make_enrollment(camp, student=make_student(language="en"))
    by = User.objects.create_superuser("root", "root@example.org")

    enrollment_services.remove(enrollment, by=by, reason="Absent.")

    assert f"write to the staff. ({MAIL})\n" in Mail.objects.latest("pk").body
