"""A person's own calendar: which meetings are in it, its secret address, and what they want to be reminded of."""

from datetime import timedelta

from django.core.validators import slug_re
from django.db import transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.camps.staff import TEACHING
from camp.classrooms.models import CalendarFeed, Meeting, ReminderChoice, SkippedCourse
from camp.classrooms.models.personal import new_token
from camp.enrollment.models import Enrollment
from camp.stages.models import Course, Participation

NOTED_EVERY = timedelta(hours=1)  # Between two writes of when a feed was read.


def meetings_of(user):
    """What a person attends as a student, without the courses they do not follow, and what they teach."""
    attended = Meeting.objects.open_to_student(user).filter(camp__is_published=True)
    skipped = SkippedCourse.objects.filter(user=user).values("course")
    followed = attended.exclude(course__in=skipped)
    return Meeting.objects.filter(Q(pk__in=followed.values("pk")) | Q(pk__in=_taught_by(user).values("pk")))


def _taught_by(user):
    """A superuser may teach everywhere; in their calendar is where they have a role."""
    if not user.is_superuser:
        return Meeting.objects.taught_by(user)
    roles = StaffRole.objects.of(user).filter(role__in=TEACHING)
    return Meeting.objects.filter(camp__in=roles.values("camp"))


def for_calendar(meetings):
    """Load what a calendar tells of meetings: `versions` counts the rows of their history, the newest `changed_at`."""
    history = Meeting.history.model.objects.filter(id=OuterRef("pk")).order_by().values("id")
    return meetings.annotate(
        versions=Subquery(history.annotate(found=Count("history_id")).values("found")),
        changed_at=Subquery(history.annotate(found=Max("history_date")).values("found")),
    ).select_related("camp__organization", "course").order_by("starts_at", "id")  # fmt: skip


def courses_of(user):
    """The courses a person can follow: those of the stages they are in."""
    enrollments = Enrollment.objects.active().of(user).filter(camp__is_published=True)
    stages = Participation.objects.admitted().filter(enrollment__in=enrollments).values("stage")
    return Course.objects.filter(stage__in=stages).select_related("camp").order_by("-camp__starts_at", "number")


def feed_of(user):
    """The person's feed, made when it is asked for the first time."""
    return CalendarFeed.objects.get_or_create(user=user)[0]


def find(token):
    """The feed of an address; None when the address is made up or void, or its person may not sign in any more."""
    if not slug_re.fullmatch(token):
        return None
    return CalendarFeed.objects.filter(token=token, user__is_active=True).select_related("user").first()


def renew(user, *, at=None):
    """Give the feed a new address; the old one is void at once."""
    values = {"token": new_token(), "made_at": at or timezone.now(), "read_at": None}
    return CalendarFeed.objects.update_or_create(user=user, defaults=values)[0]


def note_read(feed, *, at=None):
    """Remember that a program read the feed; written once an hour at most."""
    at = at or timezone.now()
    if feed.read_at is None or feed.read_at <= at - NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)


def choice_of(user):
    """Which reminders the person wants; without a row, all of them."""
    return ReminderChoice.objects.filter(user=user).first() or ReminderChoice(user=user)


@transaction.atomic
def choose(user, *, day_before, half_hour_before, offered, followed):
    """Store which reminders a person wants, and which of the offered courses they follow."""
    values = {"day_before": day_before, "half_hour_before": half_hour_before}
    ReminderChoice.objects.update_or_create(user=user, defaults=values)
    skipped = set(offered) - set(followed)
    SkippedCourse.objects.filter(user=user, course__in=followed).delete()
    for course in sorted(skipped, key=lambda course: course.pk):
        SkippedCourse.objects.get_or_create(user=user, course=course)
