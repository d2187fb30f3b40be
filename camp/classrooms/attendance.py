"""Who is in a meeting, as its live page shows it, and the recount of what check-ins say."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, FilteredRelation, Max, Q
from django.utils import timezone
from django.utils.functional import cached_property

from camp.accounts.folding import visible
from camp.accounts.models import User
from camp.camps import pictures, times
from camp.classrooms import codes, services
from camp.classrooms.models import CheckIn, RefusedCode
from camp.classrooms.queries import students_of
from camp.enrollment.models import Enrollment
from camp.stages.models import Course, CourseProgress

PER_PAGE = 50
MOST_SHOWN = 10  # Students with wrong codes.
CLOSED_ASKS_AGAIN = 60  # Seconds after which a page that shows no code yet looks again, at most.


def students_with_check_in(meeting):
    """The students of a meeting, with their `check_in` in it where they have one, in one query."""
    own = FilteredRelation("check_ins", condition=Q(check_ins__meeting=meeting))
    return students_of(meeting).annotate(check_in=own).select_related("student", "check_in__corrected_by")


@dataclass(frozen=True)
class Row:
    """A student in a list of the live page. `when` says the time, with its day where that is not the meeting's."""

    enrollment: Enrollment
    check_in: CheckIn | None = None
    when: str = ""


class Attendance:
    """The students of a meeting who are present and those who are absent; a page of one of the two lists.

    Those who have left the camp or the stage are in neither. Lists grow and shrink: a page that is gone is the last.
    """

    PRESENT, ABSENT = "present", "absent"

    def __init__(self, meeting, *, shows="", search="", number="1"):
        self.meeting, self.number = meeting, number
        self.shows = self.ABSENT if shows == self.ABSENT else self.PRESENT
        self.search = visible(search)[:60]

    @property
    def shows_present(self):
        return self.shows == self.PRESENT

    @cached_property
    def students(self):
        return students_with_check_in(self.meeting)

    @cached_property
    def total(self):
        return students_of(self.meeting).count()

    @cached_property
    def present(self):
        """How many students are present."""
        return self.students.filter(check_in__is_present=True).count()

    @property
    def absent(self):
        return self.total - self.present

    @property
    def share(self):
        return pictures.share(self.present, self.total) if self.total else "0%"

    @cached_property
    def page(self):
        return Paginator(self._listed(self.shows_present), PER_PAGE).get_page(self.number)

    @cached_property
    def found_elsewhere(self):
        """How many the search finds in the other list."""
        return self._listed(not self.shows_present).count() if self.search else 0

    @property
    def elsewhere(self):
        return self.ABSENT if self.shows_present else self.PRESENT

    @cached_property
    def rows(self):
        return [self._row(enrollment) for enrollment in self.page]

    def _listed(self, is_present):
        if is_present:
            rows = self.students.filter(check_in__is_present=True).order_by("-check_in__checked_in_at", "-check_in__id")
        else:
            missing = Q(check_in=None) | Q(check_in__is_present=False)
            rows = self.students.filter(missing).order_by("student__display_name", "id")
        name = Q(student__display_name__icontains=self.search) | Q(student__handle__icontains=self.search)
        return rows.filter(name) if self.search else rows

    def _row(self, enrollment):
        check_in = getattr(enrollment, "check_in", None)  # Django leaves the name out where there is none.
        return Row(enrollment, check_in, self._when(check_in.checked_in_at) if check_in else "")

    def _when(self, moment):
        here, day = timezone.localtime(moment), timezone.localtime(self.meeting.starts_at).date()
        return times.clock(here) if here.date() == day else times.day_and_clock(here)


@dataclass(frozen=True)
class WrongCodes:
    """The wrong codes that one student typed in a meeting."""

    student: User
    count: int
    last_at: datetime
    must_wait: bool


def wrong_codes(meeting, *, now):
    """Who typed wrong codes in a meeting, the latest first."""
    recent = Q(refused_codes__tried_at__gt=now - services.WRONG_CODES_COUNT_FOR)
    students = (
        Enrollment.objects.filter(pk__in=RefusedCode.objects.filter(meeting=meeting).values("enrollment"))
        .filter(refused_codes__meeting=meeting)
        .annotate(count=Count("refused_codes"), last_at=Max("refused_codes__tried_at"))
        .annotate(recent=Count("refused_codes", filter=recent))
        .select_related("student")
        .order_by("-last_at", "-id")
    )
    return [
        WrongCodes(row.student, row.count, row.last_at, must_wait=row.recent >= services.MOST_WRONG_CODES)
        for row in students[:MOST_SHOWN]
    ]


@dataclass(frozen=True)
class ShownCode:
    """What the teacher's screen shows: the code in two halves while one can check in, and when to ask again.

    `asks_in` is in seconds; None when nothing will change any more.
    """

    halves: tuple[str, ...] = ()
    asks_in: int | None = None
    share: str = ""


def shown_code(meeting, *, now):
    if meeting.is_open_at(now):
        code = codes.code_at(meeting.pk, now)
        left = min(codes.seconds_left(now), _seconds_until(meeting.ends_at, now))
        return ShownCode((code[:3], code[3:]), left, pictures.share(left, codes.PERIOD))
    if meeting.is_cancelled or meeting.is_over_at(now):
        return ShownCode()
    return ShownCode(asks_in=min(_seconds_until(meeting.opens_at, now), CLOSED_ASKS_AGAIN))


def _seconds_until(moment, now):
    return int((moment - now).total_seconds()) + 1


def rebuild(camp, *, repair=True):
    """Compare the attended meetings that stages know with the check-ins of a camp; repair them unless told not to.

    Returns what differed. Repaired is as a check-in would have done it, so a rule that is met promotes.
    """
    stored = {(row.enrollment_id, row.course_id): row.meetings for row in _progress_of(camp)}
    counted = _counted(camp)
    differing = [key for key in stored.keys() | counted.keys() if stored.get(key, 0) != counted.get(key, 0)]
    enrollments = Enrollment.objects.in_bulk([enrollment for enrollment, _course in differing])
    courses = Course.objects.filter(camp=camp).in_bulk()
    pairs = [(enrollments[enrollment], courses.get(course)) for enrollment, course in differing]
    pairs.sort(key=lambda pair: (pair[0].pk, pair[1].number if pair[1] else 0))
    return [line for enrollment, course in pairs for line in _difference(enrollment, course, repair=repair)]


def _progress_of(camp):
    return CourseProgress.objects.filter(enrollment__camp=camp)


def _counted(camp):
    """How many meetings were attended, by ids of enrollment and course."""
    rows = CheckIn.objects.present().filter(enrollment__camp=camp).order_by().values("enrollment", "meeting__course")
    return {(row["enrollment"], row["meeting__course"]): row["attended"] for row in rows.annotate(attended=Count("pk"))}


@transaction.atomic
def _difference(enrollment, course, *, repair):
    """Judge once more with the student's row locked: the check-in that made the difference may just be counted."""
    locked = Enrollment.objects.select_for_update(of=("self",), no_key=True)
    enrollment = locked.select_related("student").get(pk=enrollment.pk)
    before = _meetings(enrollment, course)
    savepoint = transaction.savepoint()
    services.record(enrollment, course, at=timezone.now())
    after = _meetings(enrollment, course)
    if before == after or not repair:
        transaction.savepoint_rollback(savepoint)
    where = course or "the camp itself"
    return [] if before == after else [f"{enrollment.student} in {where}: stored {before}; check-ins say {after}"]


def _meetings(enrollment, course):
    progress = CourseProgress.objects.filter(enrollment=enrollment, course=course).first()
    return progress.meetings if progress else 0
