"""What is one person's own: what they opened, their calendar, what they want to be reminded of."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.classrooms.models.meeting import Material, Meeting, Recording
from camp.stages.models import Course


class Opening(models.Model):
    """Somebody opened a recording or a material; the page remembers it for them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="openings", verbose_name=_("user")
    )
    recording = models.ForeignKey(
        Recording, on_delete=models.CASCADE, null=True, blank=True, related_name="openings", verbose_name=_("recording")
    )
    material = models.ForeignKey(
        Material, on_delete=models.CASCADE, null=True, blank=True, related_name="openings", verbose_name=_("material")
    )
    first_opened_at = models.DateTimeField(_("first opened at"), default=timezone.now)
    last_opened_at = models.DateTimeField(_("last opened at"), default=timezone.now)

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.UniqueConstraint(fields=["user", "recording"], name="recording_opening_once_per_person"),
            models.UniqueConstraint(fields=["user", "material"], name="material_opening_once_per_person"),
            models.CheckConstraint(
                condition=Q(recording=None) ^ Q(material=None), name="opening_is_of_a_recording_or_a_material"
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.recording or self.material}"


def new_token():
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The secret address under which a person's calendar is read by programs. A new token makes the old one void."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed", verbose_name=_("user")
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    read_at = models.DateTimeField(_("last read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self):
        return str(self.user)


class ReminderChoice(models.Model):
    """Which reminders a person wants. Without a row: all of them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_choice", verbose_name=_("user")
    )
    day_before = models.BooleanField(_("the day before"), default=True)
    half_hour_before = models.BooleanField(_("30 minutes before"), default=True)

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")

    def __str__(self):
        return str(self.user)


class SkippedCourse(models.Model):
    """A course that a student does not follow: no reminders of its lessons, and none in their calendar."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skipped_courses", verbose_name=_("user")
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="skipped_by", verbose_name=_("course"))

    class Meta:
        verbose_name = _("skipped course")
        verbose_name_plural = _("skipped courses")
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="course_skipped_once_per_person")]

    def __str__(self):
        return f"{self.user} · {self.course}"


class Reminder(models.Model):
    """Those concerned were reminded of a meeting, once for each time it was dated to."""

    class Kind(models.TextChoices):
        DAY_BEFORE = "day_before", _("the day before")
        HALF_HOUR_BEFORE = "half_hour_before", _("30 minutes before")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("meeting"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    starts_at = models.DateTimeField(_("starts at"))
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    recipients = models.PositiveIntegerField(_("recipients"), default=0)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-sent_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "kind", "starts_at"], name="reminder_sent_once")]

    def __str__(self):
        return f"{self.meeting}: {self.get_kind_display()}"
