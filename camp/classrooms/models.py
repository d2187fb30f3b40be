from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.camps.models import Camp, slug_of
from camp.stages.models import Course


class MeetingQuerySet(models.QuerySet):
    def of_camp(self, camp):
        return self.filter(camp=camp)

    def of_course(self, course):
        return self.filter(course=course)

    def upcoming_at(self, now):
        """Meetings that run now or are still to come and take place, the next one first."""
        return self.filter(ends_at__gt=now, is_cancelled=False).order_by("starts_at", "id")

    def for_timetable(self):
        return self.select_related("camp__organization", "course__camp__organization").order_by("starts_at", "id")

    def concerning(self, enrollments):
        """Meetings of the camps of these enrollments."""
        return self.filter(camp__in=[enrollment.camp_id for enrollment in enrollments])


class Meeting(models.Model):
    """A dated live event of a camp: a lesson of a course, a ceremony, the topic selection, a question hour."""

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

    objects = MeetingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "id"]
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
        return self.course.get_absolute_url() if self.course else self.camp.get_absolute_url()

    def clean(self):
        if self.course and self.camp_id and self.course.camp_id != self.camp_id:
            raise ValidationError({"course": _("This course belongs to another camp.")})

    def is_running_at(self, now):
        return self.starts_at <= now < self.ends_at
