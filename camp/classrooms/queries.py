"""Questions over the timetable of a camp or a course."""

from dataclasses import dataclass

from camp.classrooms.models import Meeting


@dataclass(frozen=True)
class Slot:
    """A meeting as it stands at a moment: over, running, the next one, or later."""

    meeting: Meeting
    is_over: bool
    is_running: bool
    is_next: bool


def timetable(meetings, *, now):
    """The meetings in their order as slots; the first one that is still to come and takes place is the next."""
    meetings = list(meetings)
    coming = [meeting for meeting in meetings if meeting.starts_at > now and not meeting.is_cancelled]
    return [_slot(meeting, now, next_one=coming[0] if coming else None) for meeting in meetings]


def _slot(meeting, now, *, next_one):
    running = meeting.is_running_at(now) and not meeting.is_cancelled
    return Slot(meeting, is_over=meeting.ends_at <= now, is_running=running, is_next=meeting is next_one)
