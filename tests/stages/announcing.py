"""What the tests of announcements share."""

from datetime import timedelta

from camp.notices.models import Mail, Notice
from camp.stages import announcements
from camp.stages.models import Announcement
from tests.factories import NOW, make_camp, make_enrollment, make_student, make_user


def make_audience():
    """A camp with two students who have not been told anything yet."""
    camp = make_camp(name="Summer camp")
    for handle in ("rowan", "ash"):
        make_enrollment(camp, student=make_student(handle, language="en"))
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    return camp


def announce(camp, **fields):
    values = {"title": "Room changed", "body": "See **[the map](/map/)**.", "published_at": NOW - timedelta(hours=1)}
    return Announcement.objects.create(camp=camp, **values | fields)


def send(announcement, by=None):
    by = by or make_user()
    return announcements.send(announcement, by=by, seen=mark_of(announcement, by), at=NOW)


def mark_of(announcement, reader):
    """What a person who looks at the preview now sees, as its mark."""
    return announcements.mark_of(announcement, reader=reader)


def told():
    return sorted(Notice.objects.values_list("recipient__handle", flat=True))


def stored(announcement):
    row = Announcement.objects.get(pk=announcement.pk)
    return row.mailed_at, row.mailed_by, row.mailed_to
