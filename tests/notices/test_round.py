"""A round of the sender: what falls due by the clock is queued first, then the mails go out."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from camp.notices.events import round_begun
from camp.notices.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def delivery(settings):
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@contextmanager
def hearing(*receivers):
    """In between, these hear that a round begins, before those of the apps."""
    kept, round_begun.receivers = round_begun.receivers, []
    round_begun.sender_receivers_cache.clear()
    for receiver in receivers:
        round_begun.connect(receiver, weak=False)
    try:
        yield
    finally:
        round_begun.receivers = kept
        round_begun.sender_receivers_cache.clear()


def queue_one(**kwargs):
    Mail.objects.create(to="rowan@example.org", subject="Hello")


def fails(**kwargs):
    raise ValueError("no such meeting")


def run():
    out = StringIO()
    call_command("send_notices", stdout=out, stderr=StringIO())
    return out.getvalue()


def test_what_a_receiver_queues_goes_out_in_the_same_round():
    with hearing(queue_one):
        assert run() == "1 sent, 0 failed\n"

    assert [message.subject for message in django_mail.outbox] == ["Hello"]


def test_receivers_are_told_the_moment():
    moments = []

    def note(sender, at, **kwargs):
        moments.append((sender, timezone.now() - at < timedelta(seconds=10)))

    with hearing(note):
        run()

    assert moments == [(Mail, True)]


def test_a_receiver_that_fails_is_logged_and_stops_nobody(caplog):
    with hearing(fails, queue_one):
        assert run() == "1 sent, 0 failed\n"

    [record] = [record for record in caplog.records if record.exc_info]
    assert record.levelname == "ERROR"
    assert "fails" in record.getMessage()
    assert str(record.exc_info[1]) == "no such meeting"


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_the_database_refuses_stops_nobody():
    def asks_nonsense(**kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with hearing(asks_nonsense, queue_one):
        assert run() == "1 sent, 0 failed\n"


def test_the_round_survives_a_database_error_of_a_receiver():
    def is_away(**kwargs):
        raise DatabaseError("locked")

    queue_one()

    with hearing(is_away):
        assert run() == "1 sent, 0 failed\n"


def test_the_apps_hear_of_the_round():
    receivers = round_begun._live_receivers(Mail)[0]

    assert {receiver.__name__ for receiver in receivers} >= {"remind", "tell_changes"}
