"""Meetings that a series gives, planned and then stored all at once; and meetings that are at the same time."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from camp.camps.models import Camp
from camp.classrooms.models import Meeting
from camp.classrooms.series import key_of, title_of
from camp.classrooms.services import WrongInputError


def planned(series, *, camp, key, title, **alike):
    """The meetings of a series in a camp, not stored yet. Raises SeriesError, and WrongInputError for a key in use."""
    moments = series.occurrences(camp.zone)
    meetings = [
        Meeting(
            camp=camp, key=key_of(key, n), title=title_of(title, n), starts_at=starts_at, ends_at=ends_at, **alike
        )
        for n, (starts_at, ends_at) in enumerate(moments, start=1)
    ]  # fmt: skip
    require_free_keys(camp, [meeting.key for meeting in meetings])
    return meetings


@transaction.atomic
def store(meetings):
    """Put planned meetings into the timetable, all of them or none. The camp's row is locked first."""
    camp = Camp.objects.select_for_update(of=("self",), no_key=True).get(pk=meetings[0].camp_id)
    require_free_keys(camp, [meeting.key for meeting in meetings])
    try:
        with transaction.atomic():
            for meeting in meetings:
                meeting.save(force_insert=True)
    except IntegrityError:  # Somebody gave one of the keys to a single meeting just now.
        raise WrongInputError(_("The timetable was changed just now. Look at it and try again.")) from None
    return meetings


def require_free_keys(camp, keys):
    taken = Meeting.objects.of_camp(camp).filter(key__in=keys)
    if key := taken.values_list("key", flat=True).order_by("starts_at").first():
        raise WrongInputError(_("There is a meeting “%(key)s” already. Choose another key.") % {"key": key})


def is_expected(meeting, *, at):
    """Whether students count on a meeting: it is still to come, and they were not told that it is cancelled."""
    return not meeting.is_over_at(at) and not (meeting.is_cancelled and meeting.told_cancelled)


def at_the_same_time(meetings):
    """For each of these meetings of one course the stored others of the course that overlap with it; one query."""
    course = meetings[0].course
    if course is None:
        return [[] for _meeting in meetings]
    first, last = min(row.starts_at for row in meetings), max(row.ends_at for row in meetings)
    stored = Meeting.objects.of_course(course).filter(is_cancelled=False, starts_at__lt=last, ends_at__gt=first)
    others = list(stored.exclude(pk__in=[row.pk for row in meetings if row.pk]))
    return [[other for other in others if _overlap(row, other)] for row in meetings]


def _overlap(one, other):
    return not one.is_cancelled and one.starts_at < other.ends_at and other.starts_at < one.ends_at
