"""Staff send again what was given up, and only that."""

import pytest
from django.core import mail as django_mail

from camp.notices import services
from camp.notices.models import Mail
from tests.concurrency import row_held, waits
from tests.notices.test_outbox import FAILED, LOCMEM, QUEUED, SENDING, SENT, UNCERTAIN, later, make_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def delivery(settings):
    settings.EMAIL_DELIVERY_BACKEND = LOCMEM


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_retry_waits_for_the_mail():
    mail = make_mail(status=FAILED)

    with row_held(mail):
        assert waits(lambda: services.retry(mail))


@pytest.mark.parametrize("status", [FAILED, UNCERTAIN])
def test_staff_send_again_what_was_given_up(status):
    mail = make_mail(status=status, tries=8, next_try_at=later(days=1))

    services.retry(mail)
    services.send_due()

    mail.refresh_from_db()
    assert (mail.status, mail.tries) == (SENT, 1)


@pytest.mark.parametrize("status", [QUEUED, SENDING, SENT])
def test_nothing_else_is_sent_again_whatever_a_stale_row_says(status):
    mail = make_mail(status=status, tries=3)
    mail.status = FAILED

    again = services.retry(mail)

    assert (again.status, again.tries) == (status, 3)


def test_a_mail_keeps_its_id_when_staff_send_it_again():
    mail = make_mail()
    services.send_due()
    Mail.objects.update(status=UNCERTAIN)
    services.retry(mail)

    services.send_due()

    ids = [message.extra_headers["Message-ID"] for message in django_mail.outbox]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert ids[0].endswith("@127.0.0.1>")
