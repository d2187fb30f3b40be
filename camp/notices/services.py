"""How a message gets to a person: written as rows now, sent after the commit."""

from collections import defaultdict
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from camp.notices.models import Mail, Notice

MOST_TRIES = 8
GIVE_UP_ON_SENDER = timedelta(minutes=15)


def queue(kind, *, to, camp=None, url="", mail=True, at=None, **context):
    """Write a notice of `kind` ("enrollment/admitted") to a person, in that person's language, and its mail.

    The words stand in `templates/notices/<kind>.txt`: the first line is the title, the rest the text. `at`: when what
    it tells happened.
    """
    title, body = _words(kind, to=to, camp=camp, **context)
    notice = _notice(to, camp, kind, title, body, url, at=at or timezone.now())
    if mail and to.email:
        notice.mail = _mail_for(notice)
    notice.save()
    return notice


@transaction.atomic
def queue_all(kind, *, to, camp, url="", mail=True, is_private=False, at=None, **context):
    """Write the same notice of a camp to many people at once, and their mails. Returns how many there are.

    The words are found as in `queue`, but once for each language and time zone among the people, in which `moment`s
    of the text are told; who has set no zone reads the camp's. Staff do not read a private one.
    """
    at, groups = at or timezone.now(), defaultdict(list)
    for person in to:
        groups[person.language or settings.LANGUAGE_CODE, person.time_zone or camp.time_zone].append(person)
    for (language, zone), people in groups.items():
        with timezone.override(ZoneInfo(zone)), translation.override(language):
            title, body = _rendered(kind, camp=camp, **context)
            notices = [_notice(person, camp, kind, title, body, url, at=at) for person in people]
            _store_all(notices, mail=mail, is_private=is_private)
    return sum(len(people) for people in groups.values())


def preview(kind, *, to, language, camp, url="", **context):
    """The mail that `queue_all` would write to a person who reads this language, not stored."""
    with timezone.override(ZoneInfo(to.time_zone or camp.time_zone)), translation.override(language):
        title, body = _rendered(kind, camp=camp, **context)
        return _mail_of(_notice(to, camp, kind, title, body, url, at=timezone.now()))


def _notice(person, camp, kind, title, body, url, *, at):
    return Notice(recipient=person, camp=camp, kind=kind, title=title[:300], body=body, url=url, created_at=at)


def _store_all(notices, *, mail, is_private):
    carried = [notice for notice in notices if mail and notice.recipient.email]
    mails = Mail.objects.bulk_create([_mail_of(notice, is_private=is_private) for notice in carried])
    for notice, row in zip(carried, mails, strict=True):
        notice.mail = row
    Notice.objects.bulk_create(notices)


def _words(kind, *, to, **context):
    with translation.override(to.language or settings.LANGUAGE_CODE):
        return _rendered(kind, to=to, **context)


def _rendered(kind, **context):
    """The title and the text of a notice in the language that is active."""
    text = render_to_string(f"notices/{kind}.txt", context).strip()
    title, _newline, body = text.partition("\n")
    return " ".join(title.split()), body.strip()


def _mail_for(notice):
    with translation.override(notice.recipient.language or settings.LANGUAGE_CODE):
        mail = _mail_of(notice)
    mail.save()
    return mail


def _mail_of(notice, *, is_private=False):
    """The mail that carries a notice, in the language that is active, not stored yet."""
    url = f"{settings.SITE_URL}{notice.url}" if notice.url else ""
    context = {"notice": notice, "url": url, "site_url": settings.SITE_URL}
    body = render_to_string("notices/mail.txt", context).strip() + "\n"
    return Mail(to=notice.recipient.email, subject=notice.title, body=body, camp=notice.camp, is_private=is_private)


def read(notice, *, at=None):
    return Notice.objects.filter(pk=notice.pk).unread().update(read_at=at or timezone.now())


def read_all(user, *, at=None):
    return Notice.objects.of(user).unread().update(read_at=at or timezone.now())


def send_due(*, limit=100, at=None):
    """Hand on the mails that are due and return how many went out and how many failed.

    Each is claimed in a commit of its own first. A sender that dies in between leaves it `sending`; later it is
    marked uncertain for staff to decide on, never sent a second time by itself.
    """
    now = at or timezone.now()
    Mail.objects.stuck_at(now - GIVE_UP_ON_SENDER).update(status=Mail.Status.UNCERTAIN)
    sent = failed = 0
    for pk in list(Mail.objects.due_at(now).values_list("pk", flat=True)[:limit]):
        mail = _claim(pk, at=at or timezone.now())
        if mail:
            ok = _deliver(mail)
            sent, failed = sent + ok, failed + (not ok)
    return sent, failed


def _claim(pk, *, at):
    """Take one mail; None when another sender was quicker, has sent it, or has put it off."""
    due = Mail.objects.due_at(at).filter(pk=pk)
    if not due.update(status=Mail.Status.SENDING, claimed_at=at, tries=F("tries") + 1):
        return None
    return Mail.objects.get(pk=pk)


def _deliver(mail):
    try:
        _message(mail).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the row must say it
        _record_failure(mail, error)
        return False
    _record_sent(mail)
    return True


def _message(mail):
    """The mail as it goes out. Its id never changes, so that a mailbox knows one that staff send again."""
    headers = {
        "Message-ID": f"<mail-{mail.pk}-{mail.queued_at:%Y%m%d%H%M%S%f}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    connection = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    message = EmailMultiAlternatives(
        mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers, connection=connection
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _record_sent(mail):
    """A private mail held a link that signs somebody in, or what others must not know: what went out is not kept."""
    emptied = {"body": "", "html": ""} if mail.is_private else {}
    _record(mail, status=Mail.Status.SENT, sent_at=timezone.now(), last_error="", **emptied)


def _record_failure(mail, error):
    """Try again later, each time after twice as many minutes, then give up and keep the row for staff."""
    given_up = mail.tries >= MOST_TRIES
    _record(
        mail,
        status=Mail.Status.FAILED if given_up else Mail.Status.QUEUED,
        next_try_at=timezone.now() + timedelta(minutes=2**mail.tries),
        last_error=f"{type(error).__name__}: {error}"[:300],
    )


def _record(mail, **values):
    """Write only what this sender knows, in the row it claimed."""
    Mail.objects.filter(pk=mail.pk).update(**values)


@transaction.atomic
def retry(mail, *, at=None):
    """Staff send a failed or interrupted mail again."""
    mail = Mail.objects.select_for_update().get(pk=mail.pk)
    if mail.status in (Mail.Status.FAILED, Mail.Status.UNCERTAIN):
        mail.status, mail.tries, mail.next_try_at = Mail.Status.QUEUED, 0, at or timezone.now()
        mail.save()
    return mail
