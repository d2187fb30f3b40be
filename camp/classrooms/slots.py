"""Meetings as they stand at a moment for one viewer: what the pages of a classroom show of them.

A slot decides what a page offers, so that templates only choose; that what is offered is also allowed is decided
again by the services when it is asked for.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from math import ceil

from django.utils import timezone

from camp.camps import times
from camp.classrooms.access import Access
from camp.classrooms.models import CheckIn, Material, Meeting, Recording
from camp.classrooms.queries import Openings, accesses_to, check_ins_of, openings_of

LONGEST_WAIT = 15 * 60  # Seconds after which an open page asks again, whatever it knows: meetings are moved.


@dataclass(frozen=True)
class Item:
    """A recording or a material as one viewer sees it."""

    thing: Recording | Material
    opened_at: datetime | None = None
    is_released: bool = True

    @property
    def opened_on(self):
        """The day on which the viewer opened it first, in their zone."""
        return times.day(timezone.localtime(self.opened_at)) if self.opened_at else ""


@dataclass(frozen=True)
class Slot:
    """A meeting at the moment `now`. `is_next`: the first of its timetable that is still to come and takes place."""

    meeting: Meeting
    now: datetime
    is_next: bool = False
    access: Access = Access()
    check_in: CheckIn | None = None
    openings: Openings = Openings()

    @property
    def is_over(self):
        return self.meeting.is_over_at(self.now)

    @property
    def is_running(self):
        return self.meeting.is_running_at(self.now) and not self.meeting.is_cancelled

    @property
    def is_open(self):
        """One can join now; whether this viewer may is told by their access."""
        return self.meeting.is_open_at(self.now)

    @property
    def is_ahead(self):
        """It takes place, and one cannot join yet."""
        return self.now < self.meeting.opens_at and not self.meeting.is_cancelled

    @property
    def stands_first(self):
        return self.is_open or self.is_next

    @property
    def starts_in(self):
        return times.relative(self.meeting.starts_at, self.now)

    @property
    def ends_in(self):
        return times.relative(self.meeting.ends_at, self.now)

    @property
    def offers_join(self):
        return self.is_open and self.access.may_enter

    @property
    def announces_join(self):
        return self.is_ahead and self.access.may_enter

    @property
    def offers_check_in(self):
        return self.is_open and self.access.is_student and self.check_in is None

    @property
    def shows_check_in(self):
        return self.check_in is not None and self.access.is_student

    @property
    def was_there(self):
        return self.check_in is not None and self.check_in.is_present

    @property
    def was_absent(self):
        """Staff say so, or somebody who was a student by then let the meeting pass."""
        if self.check_in is not None:
            return not self.check_in.is_present
        return self.is_over and self._was_student and not self.meeting.is_cancelled

    @property
    def _was_student(self):
        since = self.access.enrollment and self.access.enrollment.decided_at
        return self.access.is_student and (since is None or since < self.meeting.ends_at)

    @cached_property
    def recordings(self):
        """What the viewer may watch of the meeting: nothing before it is over."""
        if not (self.is_over and self._holds_something):
            return []
        return [Item(row, self.openings.recordings.get(row.pk)) for row in self.meeting.recordings.all()]

    @cached_property
    def materials(self):
        if not self._holds_something:
            return []
        return [
            Item(row, self.openings.materials.get(row.pk), row.is_released_at(self.now))
            for row in self.meeting.materials.all()
        ]

    @property
    def awaits_recording(self):
        return self.is_over and self._holds_something and not self.recordings

    @property
    def _holds_something(self):
        return self.access.may_enter and not self.meeting.is_cancelled

    @property
    def next_change(self):
        """The next moment at which the page about this meeting becomes another one; None when it stays."""
        edges = (self.meeting.opens_at, self.meeting.starts_at, self.meeting.ends_at)
        return next((edge for edge in edges if edge > self.now and not self.meeting.is_cancelled), None)


@dataclass(frozen=True)
class Agenda:
    """The slots of a page: those that run or are next stand first, the others follow."""

    slots: list[Slot]

    @property
    def first(self):
        return [slot for slot in self.slots if slot.stands_first]

    @property
    def later(self):
        return [slot for slot in self.slots if not slot.stands_first]

    @property
    def refresh_in(self):
        """Whole seconds until an open page should ask again, at least one; None when nothing will change."""
        waits = [ceil((slot.next_change - slot.now).total_seconds()) for slot in self.slots if slot.next_change]
        return max(1, min(*waits, LONGEST_WAIT)) if waits else None


def timetable(meetings, *, now, viewer=None, access=None):
    """The meetings in their order as slots. With `access`, all of them are of the one classroom it is about.

    For meetings loaded `for_timetable`, the number of queries does not depend on how many they are.
    """
    meetings = list(meetings)
    accesses = {row.pk: access for row in meetings} if access else accesses_to(viewer, meetings)
    own, openings = check_ins_of(viewer, meetings), openings_of(viewer, meetings)
    coming = next((row for row in meetings if row.starts_at > now and not row.is_cancelled), None)
    return [
        Slot(row, now, row is coming, accesses.get(row.pk, Access()), own.get(row.pk), openings) for row in meetings
    ]


def slot_of(meeting, *, now, viewer, access):
    """One meeting alone, on a page of its own, where nothing is next."""
    [slot] = timetable([meeting], now=now, viewer=viewer, access=access)
    return replace(slot, is_next=False)
