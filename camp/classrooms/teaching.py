"""What somebody who teaches has before them: the meetings they run and the questions that wait."""

from dataclasses import dataclass

from django.db.models import Count, Q

from camp.camps.staff import TEACHING
from camp.classrooms.models import Meeting, Question
from camp.classrooms.models.meeting import OPENS_BEFORE
from camp.stages.models import Course

MOST_MEETINGS = 10


@dataclass(frozen=True)
class Teaching:
    """Meetings that can be joined now, the next ones, the last ones with how many came, and courses with questions."""

    running: list
    coming: list
    past: list
    courses: list


def teaching_of(scope, *, now):
    """What the person of a `Scope` teaches, in all their camps."""
    meetings = Meeting.objects.filter(scope.condition(TEACHING, camp="camp", course="course"))
    meetings = meetings.select_related("camp__organization", "course__camp__organization")
    ahead, soon = meetings.upcoming_at(now), now + OPENS_BEFORE
    return Teaching(
        running=list(_with_present(ahead.filter(starts_at__lte=soon))[:MOST_MEETINGS]),
        coming=list(ahead.filter(starts_at__gt=soon)[:MOST_MEETINGS]),
        past=list(_with_present(_past(meetings, now))[:MOST_MEETINGS]), courses=courses_with_questions(scope),
    )  # fmt: skip


def _past(meetings, now):
    return meetings.filter(ends_at__lte=now, is_cancelled=False).order_by("-ends_at", "-id")


def _with_present(meetings):
    return meetings.annotate(present=Count("check_ins", filter=Q(check_ins__is_present=True)))


def courses_with_questions(scope):
    """The courses of a person that have open questions, each with their number as `open_questions`."""
    own = scope.condition(TEACHING, camp="course__camp", course="course")
    rows = Question.objects.open().filter(own).order_by().values("course").annotate(count=Count("pk"))
    counts = {row["course"]: row["count"] for row in rows}
    courses = list(Course.objects.select_related("camp__organization").filter(pk__in=counts))
    for course in courses:
        course.open_questions = counts[course.pk]
    return sorted(courses, key=lambda course: (-course.open_questions, course.pk))
