from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.camps.models import Camp, slug_of
from camp.camps.staff import TEACHING, Scope
from camp.classrooms.series import YEARS
from camp.enrollment.models import Enrollment
from camp.stages.models import Course, Participation

OPENS_BEFORE = timedelta(minutes=15)  # The join button and the check-in open so long before the start.

http_address = URLValidator(
    schemes=["http", "https"], message=_("Write an address that begins with https:// or http://.")
)


class MeetingQuerySet(models.QuerySet):
    def of_camp(self, camp):
        return self.filter(camp=camp)

    def of_course(self, course):
        return self.filter(course=course)

    def upcoming_at(self, now):
        """Meetings that run now or are still to come and take place, the next one first."""
        return self.filter(ends_at__gt=now, is_cancelled=False).order_by("starts_at", "id")

    def for_timetable(self):
        """Load what a timetable shows. Recordings and materials come with it, two queries more."""
        related = self.select_related("camp__organization", "course__camp__organization", "course__stage")
        return related.prefetch_related("recordings", "materials").order_by("starts_at", "id")

    def open_to_student(self, user):
        """What the person may attend as a student: meetings of their camps, those of courses by their stages."""
        enrollments = Enrollment.objects.active().of(user)
        stages = Participation.objects.admitted().filter(enrollment__in=enrollments).values("stage")
        own = self.filter(camp__in=enrollments.values("camp"))
        return own.filter(Q(course=None) | Q(course__stage__in=stages))

    def taught_by(self, user):
        """Meetings that the person runs as a teacher, an assistant or an organizer; all for a superuser."""
        return self.filter(Scope(user).condition(TEACHING, camp="camp", course="course"))


class Meeting(models.Model):
    """A dated live event of a camp: a lesson of a course, a ceremony, the topic selection, a question hour.

    Join address, number and passcode are secrets of the camp. What students were told last (`told_…`) is compared
    with what is true by `reminders.tell_changes`, so that a change is told once, whoever made it.
    """

    class Kind(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        CEREMONY = "ceremony", _("Ceremony")
        TOPIC_SELECTION = "topic_selection", _("Topic selection")
        QUESTION_HOUR = "question_hour", _("Question hour")

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="meetings", verbose_name=_("camp"))
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, blank=True, related_name="meetings", verbose_name=_("course")
    )
    key = models.CharField(_("key"), max_length=60, validators=[slug_of])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.LESSON)
    title = models.CharField(_("title"), max_length=160)
    speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    join_url = models.URLField(
        _("join address"),
        max_length=500,
        blank=True,
        validators=[http_address],
        help_text=_("Shown to those who may attend, from 15 minutes before the start until the end."),
    )
    number = models.CharField(_("meeting number"), max_length=60, blank=True)
    passcode = models.CharField(_("passcode"), max_length=60, blank=True)
    told_starts_at = models.DateTimeField(null=True, editable=False)
    told_ends_at = models.DateTimeField(null=True, editable=False)
    told_cancelled = models.BooleanField(default=False, editable=False)

    objects = MeetingQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["told_starts_at", "told_ends_at", "told_cancelled"])

    SECRETS = ("join_url", "number", "passcode")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["ends_at"], name="meeting_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["camp", "key"], name="meeting_key_once_per_camp"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message=_("The end must come after the beginning."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("classrooms:meeting", args=[*self.camp.address, self.key])

    def clean(self):
        if self.course and self.camp_id and self.course.camp_id != self.camp_id:
            raise ValidationError({"course": _("This course belongs to another camp.")})
        for name in ("starts_at", "ends_at"):
            moment = getattr(self, name)
            if moment and moment.year not in YEARS:
                years = {"first": YEARS[0], "last": YEARS[-1]}
                raise ValidationError({name: _("Write a year from %(first)d to %(last)d.") % years})
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must come after the beginning.")})

    @property
    def address(self):
        """The three words of the meeting's address, as `args` for `reverse`."""
        return [*self.camp.address, self.key]

    @property
    def classroom_url(self):
        """Where the meeting stands in a timetable: on its course's page, or the camp's."""
        return (self.course or self.camp).get_absolute_url()

    @property
    def has_address(self):
        """Whether there is something to join with: an address or a number."""
        return bool(self.join_url or self.number)

    @property
    def opens_at(self):
        """From when on one can join and check in."""
        return self.starts_at - OPENS_BEFORE

    def is_open_at(self, now):
        """Whether one can join and check in."""
        return self.opens_at <= now < self.ends_at and not self.is_cancelled

    def is_running_at(self, now):
        return self.starts_at <= now < self.ends_at

    def is_over_at(self, now):
        return self.ends_at <= now


class Recording(models.Model):
    """Where a meeting can be watched afterwards. Address and passcode are secrets of the camp."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="recordings", verbose_name=_("meeting"))
    title = models.CharField(_("title"), max_length=160, blank=True, help_text=_("For one of several parts."))
    url = models.URLField(_("address"), max_length=500, validators=[http_address])
    passcode = models.CharField(_("passcode"), max_length=60, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    SECRETS = ("url", "passcode")

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "url"], name="recording_once_per_meeting")]

    def __str__(self):
        return self.title or str(self.meeting)


class Material(models.Model):
    """Slides, code or further reading of a meeting: an address or a file, for those who may attend, once released."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="materials", verbose_name=_("meeting"))
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("address"), max_length=500, blank=True, validators=[http_address])
    file = models.FileField(_("file"), upload_to="materials/", blank=True)
    file_name = models.CharField(_("name of the file"), max_length=120, blank=True, editable=False)
    release_at = models.DateTimeField(_("released at"), null=True, blank=True, help_text=_("Empty: at once."))
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "title"], name="material_title_once_per_meeting"),
            models.CheckConstraint(
                condition=Q(url="") ^ Q(file=""),
                name="material_is_an_address_or_a_file",
                violation_error_message=_("Give an address or a file, one of the two."),
            ),
        ]

    def __str__(self):
        return self.title

    def is_released_at(self, now):
        return self.release_at is None or self.release_at <= now
