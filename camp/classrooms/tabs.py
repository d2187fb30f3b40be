"""What the classroom and the video tab of a course's page show. The page itself is in rankings."""

from django.utils import timezone

from camp.classrooms.access import access_to
from camp.classrooms.models import Meeting
from camp.classrooms.slots import Agenda, timetable


def classroom_tab(request, course):
    slots, access = _slots(request, course)
    return {"timetable": slots, "agenda": Agenda(slots), "access": access}


def video_tab(request, course):
    """Lessons that have something to open, or that are over, in the order in which they are held."""
    slots, access = _slots(request, course)
    recordings = [item for slot in slots for item in slot.recordings]
    return {
        "access": access,
        "lessons": [slot for slot in slots if slot.recordings or slot.materials or slot.awaits_recording],
        "recordings": len(recordings),
        "opened": len([item for item in recordings if item.opened_at]),
    }


def _slots(request, course):
    access = access_to(request.user, course.camp, course)
    meetings = Meeting.objects.of_course(course).for_timetable()
    return timetable(meetings, now=timezone.now(), viewer=request.user, access=access), access
