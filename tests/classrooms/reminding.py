"""A lesson to be reminded of, and its students."""

from datetime import timedelta

from camp.notices.models import Mail, Notice
from tests.factories import NOW, make_camp, make_course, make_enrollment, make_meeting, make_stage, make_student

MINUTE = timedelta(minutes=1)


def settled(meeting, at=NOW - timedelta(days=9)):
    """The meeting as if staff had changed it last at that time."""
    meeting.history.update(history_date=at)
    return meeting


def lesson(left=timedelta(hours=20), *, camp=None, **fields):
    """A lesson that begins so long after NOW, of a course whose only student reads English."""
    course = make_course(make_stage(camp or make_camp(name="Summer camp")), name="C++")
    make_enrollment(course.camp, student=make_student("rowan", language="en"))
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    return settled(make_meeting(course=course, title="Lesson 1", starts_at=NOW + left, **fields))


def join(meeting, **fields):
    """One more student of the meeting, who has not been told anything yet."""
    student = make_enrollment(meeting.camp, student=make_student(**fields)).student
    Notice.objects.all().delete()
    return student
