"""The command that sends: one round, or round after round whatever the database does now and then."""

import os
from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import call_command
from django.db import InterfaceError, OperationalError

from camp.notices import services
from camp.notices.management.commands import send_notices
from camp.notices.models import Mail

pytestmark = pytest.mark.django_db


class EnoughError(Exception):
    """Ends a watch that would go on for ever."""


@pytest.fixture(autouse=True)
def delivery(settings):
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def rounds(monkeypatch):
    """What each round of the watch does: send, or raise. After the last one the watch ends."""
    planned = []

    def send_due(*, limit):
        if not planned:
            raise EnoughError
        outcome = planned.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(services, "send_due", send_due)
    monkeypatch.setattr(send_notices.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(send_notices, "close_old_connections", lambda: None)
    monkeypatch.setattr(send_notices.connection, "close", lambda: None)
    return planned


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("send_notices", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def watch():
    out, err = StringIO(), StringIO()
    with pytest.raises(EnoughError):
        call_command("send_notices", "--watch", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_one_round_sends_and_says_so():
    Mail.objects.create(to="rowan@example.org", subject="Hello")

    assert run() == "1 sent, 0 failed\n"
    assert len(django_mail.outbox) == 1


def test_an_empty_round_says_nothing():
    assert run() == ""


def test_a_round_stops_at_its_limit():
    for _number in range(3):
        Mail.objects.create(to="rowan@example.org", subject="Hello")

    assert run("--limit", "2") == "2 sent, 0 failed\n"


def test_the_watch_goes_on(rounds):
    rounds += [(1, 0), (0, 0), (0, 2)]

    assert watch() == ("1 sent, 0 failed\n0 sent, 2 failed\n", "")


def test_the_watch_survives_a_database_that_is_away(rounds):
    rounds += [OperationalError("locked"), InterfaceError("closed"), (1, 0)]

    out, err = watch()

    assert out == "1 sent, 0 failed\n"
    assert err == "the outbox could not be read, trying again: locked\n" + (
        "the outbox could not be read, trying again: closed\n"
    )


def test_a_single_round_reports_the_database_to_its_caller(rounds):
    rounds += [OperationalError("locked")]

    with pytest.raises(OperationalError):
        run()


def test_the_watch_ends_with_its_parent(rounds):
    rounds += [(1, 0)]

    assert run("--watch", "--parent", str(os.getppid() + 1)) == ""
    assert rounds == [(1, 0)]
