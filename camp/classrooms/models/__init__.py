from camp.classrooms.models.attendance import CheckIn, RefusedCode
from camp.classrooms.models.meeting import Material, Meeting, Recording
from camp.classrooms.models.personal import CalendarFeed, Opening, Reminder, ReminderChoice, SkippedCourse
from camp.classrooms.models.question import Answer, Question, Vote

__all__ = [
    "Answer",
    "CalendarFeed",
    "CheckIn",
    "Material",
    "Meeting",
    "Opening",
    "Question",
    "Recording",
    "RefusedCode",
    "Reminder",
    "ReminderChoice",
    "SkippedCourse",
    "Vote",
]
