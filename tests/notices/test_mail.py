"""Django's mail functions write rows of the outbox."""

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail

from camp.notices.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "camp.notices.mail.OutboxBackend"


def rows(*names):
    return list(Mail.objects.order_by("pk").values_list(*names))


def test_a_mail_becomes_a_private_row():
    assert send_mail("Hello", "A text", None, ["rowan@example.org"]) == 1
    assert rows("to", "subject", "body", "html", "is_private", "status") == [
        ("rowan@example.org", "Hello", "A text", "", True, "queued")
    ]


def test_every_recipient_has_a_row_of_their_own():
    message = EmailMultiAlternatives("Hello", "A text", None, ["a@example.org"], cc=["b@example.org"])

    message.send()

    assert rows("to") == [("a@example.org",), ("b@example.org",)]


def test_the_html_of_a_mail_is_kept():
    message = EmailMultiAlternatives("Hello", "A text", None, ["a@example.org"])
    message.attach_alternative("<p>A text</p>", "text/html")

    message.send()

    assert rows("body", "html") == [("A text", "<p>A text</p>")]


def test_a_subject_stays_on_one_line_and_fits():
    send_mail("Hello\r\nBcc: b@example.org " + "x" * 400, "A text", None, ["a@example.org"])

    subject = Mail.objects.get().subject
    assert subject.startswith("Hello Bcc: b@example.org xxx")
    assert len(subject) == 300
