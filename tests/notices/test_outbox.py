"""Mails leave the outbox once, are tried again when that fails, and are left to staff when nobody knows."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from camp.notices import services
from camp.notices.models import Mail
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
HERE = "tests.notices.test_outbox"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
SENT, QUEUED, SENDING = Mail.Status.SENT, Mail.Status.QUEUED, Mail.Status.SENDING
FAILED, UNCERTAIN = Mail.Status.FAILED, Mail.Status.UNCERTAIN


class Refusing(BaseEmailBackend):
    """A mail server that raises whatever `error` is."""

    error = OSError("connection refused")

    def send_messages(self, email_messages):
        raise self.error


class Busy(BaseEmailBackend):
    """Another sender does something while this one sends."""

    def send_messages(self, email_messages):
        self.meanwhile()

    def meanwhile(self):
        pass


@pytest.fixture(autouse=True)
def delivery(settings):
    settings.EMAIL_DELIVERY_BACKEND = LOCMEM
    return settings


@pytest.fixture
def refusing(delivery, monkeypatch):
    """Lets a test say how the mail server refuses."""
    delivery.EMAIL_DELIVERY_BACKEND = f"{HERE}.Refusing"
    return lambda error: monkeypatch.setattr(Refusing, "error", error)


def make_mail(**fields):
    return Mail.objects.create(**{"to": "rowan@example.org", "subject": "Hello", "body": "A text"} | fields)


def states():
    return list(Mail.objects.order_by("pk").values_list("status", flat=True))


def later(**delta):
    return timezone.now() + timedelta(**delta)


def test_a_mail_goes_out_as_it_stands():
    mail = make_mail(html="<p>A text</p>")

    assert services.send_due() == (1, 0)

    message = django_mail.outbox[0]
    mail.refresh_from_db()
    assert (message.to, message.subject, message.body) == (["rowan@example.org"], "Hello", "A text")
    assert [tuple(part) for part in message.alternatives] == [("<p>A text</p>", "text/html")]
    assert (mail.status, mail.tries, mail.last_error, mail.body) == (SENT, 1, "", "A text")
    assert mail.claimed_at <= mail.sent_at <= timezone.now()


def test_a_mail_goes_out_once():
    make_mail()

    assert [services.send_due(), services.send_due()] == [(1, 0), (0, 0)]
    assert len(django_mail.outbox) == 1


def test_two_mails_have_two_ids():
    make_mail()
    make_mail()

    services.send_due()

    assert len({message.extra_headers["Message-ID"] for message in django_mail.outbox}) == 2


def test_mails_go_out_in_their_order_up_to_the_limit():
    now = timezone.now()
    for minutes in (1, 3, 2):
        make_mail(subject=f"{minutes} ago", next_try_at=now - timedelta(minutes=minutes))

    services.send_due(limit=2)

    assert [message.subject for message in django_mail.outbox] == ["3 ago", "2 ago"]


def test_a_private_mail_is_emptied_when_it_is_sent():
    make_mail(is_private=True, html="<p>A link</p>")

    services.send_due()

    mail = Mail.objects.get()
    assert (mail.status, mail.body, mail.html, mail.subject) == (SENT, "", "", "Hello")
    assert django_mail.outbox[0].body == "A text"


def test_a_private_mail_that_is_tried_again_keeps_its_text(refusing):
    make_mail(is_private=True)

    services.send_due()

    assert Mail.objects.get().body == "A text"


@pytest.mark.parametrize(
    "error",
    [OSError("no route"), TimeoutError(), ValueError("x" * 5000), UnicodeError("ü"), RuntimeError(), MemoryError()],
)
def test_whatever_the_mail_server_does_is_noted_and_tried_again(refusing, error):
    refusing(error)
    make_mail()
    before = timezone.now()

    assert services.send_due() == (0, 1)

    mail = Mail.objects.get()
    assert (mail.status, mail.tries) == (QUEUED, 1)
    assert mail.last_error.startswith(type(error).__name__)
    assert before + timedelta(minutes=2) <= mail.next_try_at <= later(minutes=2)


def test_a_mail_that_fails_does_not_hold_up_the_next():
    make_mail(to="a@example.org\nBcc: b@example.org")
    make_mail(to="c@example.org")

    assert services.send_due() == (1, 1)
    assert [message.to for message in django_mail.outbox] == [["c@example.org"]]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_a_subject_with_a_line_break_is_not_sent(line_break):
    """The services write none; a row that has one must not smuggle in a header."""
    make_mail(subject=f"Hello{line_break}Bcc: everybody@example.org")

    assert services.send_due() == (0, 1)
    assert django_mail.outbox == []
    assert Mail.objects.get().last_error.startswith("BadHeaderError")


def test_a_backend_that_does_not_exist_is_noted(delivery):
    delivery.EMAIL_DELIVERY_BACKEND = "no.such.Backend"
    make_mail()

    assert services.send_due() == (0, 1)
    assert states() == [QUEUED]


def test_each_try_waits_twice_as_long_until_it_is_given_up(refusing):
    make_mail()
    waits_in_minutes, now = [], timezone.now()

    for _number in range(services.MOST_TRIES):
        services.send_due(at=later(days=1))
        waits_in_minutes.append(round((Mail.objects.get().next_try_at - now) / timedelta(minutes=1)))

    assert waits_in_minutes == [2, 4, 8, 16, 32, 64, 128, 256]
    assert states() == [FAILED]
    assert services.send_due(at=later(days=2)) == (0, 0)


def test_a_mail_is_not_tried_before_its_time(refusing):
    make_mail()
    services.send_due()

    assert services.send_due(at=later(minutes=1)) == (0, 0)
    assert services.send_due(at=later(minutes=3)) == (0, 1)


def test_a_sender_that_dies_while_sending_leaves_the_mail_uncertain(refusing):
    refusing(KeyboardInterrupt())
    make_mail()
    with pytest.raises(KeyboardInterrupt):
        services.send_due()

    left = states()
    services.send_due(at=later(minutes=14))
    before = states()
    services.send_due(at=later(minutes=16))

    assert (left, before, states()) == ([SENDING], [SENDING], [UNCERTAIN])


def test_an_uncertain_mail_is_never_sent_by_itself():
    make_mail(status=UNCERTAIN)

    assert services.send_due(at=later(days=30)) == (0, 0)
    assert django_mail.outbox == []


def test_a_database_that_fails_after_the_sending_leaves_the_mail_uncertain(monkeypatch):
    make_mail()

    def fail(mail, **values):
        raise IntegrityError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(services, "_record", fail)
        with pytest.raises(IntegrityError):
            services.send_due()
    services.send_due(at=later(minutes=16))

    assert len(django_mail.outbox) == 1
    assert states() == [UNCERTAIN]


def test_a_mail_that_another_sender_took_meanwhile_is_left_alone(delivery, monkeypatch):
    """Both senders had read the same list."""
    first, second = make_mail(), make_mail()
    delivery.EMAIL_DELIVERY_BACKEND = f"{HERE}.Busy"
    monkeypatch.setattr(Busy, "meanwhile", lambda self: Mail.objects.filter(pk=second.pk).update(status=SENT))

    assert services.send_due() == (1, 0)

    second.refresh_from_db()
    assert (first.pk < second.pk, second.tries) == (True, 0)


def test_a_mail_that_another_sender_put_off_meanwhile_waits(delivery, monkeypatch):
    make_mail()
    second = make_mail()
    put_off = {"tries": 3, "next_try_at": later(minutes=8)}
    delivery.EMAIL_DELIVERY_BACKEND = f"{HERE}.Busy"
    monkeypatch.setattr(Busy, "meanwhile", lambda self: Mail.objects.filter(pk=second.pk).update(**put_off))

    services.send_due()

    second.refresh_from_db()
    assert (second.status, second.tries) == (QUEUED, 3)


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_mail_once():
    for number in range(12):
        make_mail(subject=f"Mail {number}")

    outcomes = at_once([services.send_due] * 4)

    assert sum(sent for sent, _failed in outcomes) == 12
    assert sorted(message.subject for message in django_mail.outbox) == sorted(f"Mail {n}" for n in range(12))


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_transaction_that_is_undone_never_goes_out():
    with transaction.atomic():
        make_mail()
        transaction.set_rollback(True)

    assert services.send_due() == (0, 0)
