"""Announcements by mail: seen as they will be, counted, then queued once for everybody concerned."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from camp.accounts.models import User
from camp.enrollment.models import Enrollment
from camp.notices import services as notices
from camp.stages.models import Announcement, Participation
from camp.stages.services import StageError

KIND = "stages/announcement"


class ChangedError(StageError):
    """What would go out is not what the sender saw."""


@dataclass(frozen=True)
class Preview:
    """A mail as it goes out, and in which languages these are its words."""

    subject: str
    body: str
    languages: tuple


def recipients(announcement):
    """The active students of the camp; those admitted to the stage, if it is news of one."""
    students = Enrollment.objects.active().in_camp(announcement.camp_id)
    if announcement.stage_id:
        admitted = Participation.objects.admitted().filter(stage=announcement.stage_id)
        students = students.filter(pk__in=admitted.values("enrollment"))
    return User.objects.filter(is_active=True, pk__in=students.values("student")).order_by("pk")


def previews(announcement, *, reader):
    """The mail in every language of the site, as `reader` would get it; once where the words are the same."""
    found = {}
    for code, name in settings.LANGUAGES:
        mail = notices.preview(KIND, to=reader, language=code, **_told(announcement))
        found.setdefault((mail.subject, mail.body), []).append(name)
    return [Preview(subject, body, tuple(names)) for (subject, body), names in found.items()]


def mark_of(announcement, *, reader):
    """A mark of what a preview shows its reader: the words in every language, the camp and the stage.

    How many people get it is no part of it: who comes meanwhile gets the mail too.
    """
    words = [(preview.subject, preview.body) for preview in previews(announcement, reader=reader)]
    shown = (announcement.pk, announcement.camp_id, announcement.stage_id, words)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


@transaction.atomic
def send(announcement, *, by, seen, at=None):
    """Queue the mail to everybody concerned, once: two who send at the same time write it once. Returns how many.

    `seen` is the mark of what the sender saw. Raises ChangedError when something else would go out.
    """
    at = at or timezone.now()
    require_sendable(announcement, at=at)
    unsent = Announcement.objects.published_at(at).filter(pk=announcement.pk, mailed_at=None)
    if not unsent.update(mailed_at=at, mailed_by=by):
        require_sendable(_stored(announcement), at=at)
        raise StageError(_("This announcement is not here any more."))
    announcement = _stored(announcement)
    if mark_of(announcement, reader=by) != seen:
        raise ChangedError(_("It was changed after you saw it, so nothing was sent. This is how it would go out now."))
    count = notices.queue_all(KIND, to=recipients(announcement), at=at, **_told(announcement))
    if not count:
        raise StageError(_("Nobody is concerned yet, so nothing was sent."))
    Announcement.objects.filter(pk=announcement.pk).update(mailed_to=count)
    return count


def is_sendable(announcement, *, at=None):
    try:
        require_sendable(announcement, at=at or timezone.now())
    except StageError:
        return False
    return True


def require_sendable(announcement, *, at):
    if announcement.mailed_at:
        raise StageError(_sent_already(announcement))
    if announcement.published_at > at:
        raise StageError(_("This announcement is not published yet. It can be sent from then on."))
    if not announcement.camp.is_published:
        raise StageError(_("The camp is not published yet: nobody could follow the link of the mail."))


def _sent_already(announcement):
    moment = date_format(timezone.localtime(announcement.mailed_at), "DATETIME_FORMAT")
    return _("%(person)s sent it by mail already: %(moment)s. An announcement goes out once; write a new one.") % {
        "person": announcement.mailed_by, "moment": moment,
    }  # fmt: skip


def _told(announcement):
    """What the notice is about and where it leads."""
    camp = announcement.camp
    url = f"{camp.get_absolute_url()}#announcement-{announcement.pk}"
    return {"camp": camp, "url": url, "announcement": announcement}


def _stored(announcement):
    rows = Announcement.objects.select_related("camp__organization", "stage", "mailed_by")
    return rows.filter(pk=announcement.pk).first() or announcement
