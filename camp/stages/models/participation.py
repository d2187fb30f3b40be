from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.enrollment.models import Enrollment
from camp.stages.models.stage import Course, Stage


class CourseProgress(models.Model):
    """What a student has reached in a course, as the apps on the right report it.

    Without a course: the camp's own meetings.
    """

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="progress", verbose_name=_("enrollment")
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, blank=True, related_name="progress", verbose_name=_("course")
    )
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=3, default=0)
    meetings = models.PositiveSmallIntegerField(_("meetings attended"), default=0)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    class Meta:
        verbose_name = _("course progress")
        verbose_name_plural = _("course progress")
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "course"], name="progress_once_per_course"),
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(course=None), name="progress_once_for_the_whole_camp"
            ),
        ]

    def __str__(self):
        return f"{self.enrollment.student} · {self.course}: {self.points.normalize():f}"


class ParticipationQuerySet(models.QuerySet):
    def admitted(self):
        return self.filter(status=Participation.Status.ADMITTED)

    def held(self):
        return self.filter(status=Participation.Status.HELD)


class Participation(models.Model):
    """An enrollment admitted to a stage, held back from it, or reverted. Nobody in `admitted_by` means: by its rule."""

    class Status(models.TextChoices):
        ADMITTED = "admitted", _("admitted")
        HELD = "held", _("held back")
        REVERTED = "reverted", _("reverted")

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="participations", verbose_name=_("enrollment")
    )
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="participations", verbose_name=_("stage"))
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.ADMITTED)
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ParticipationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["stage__position", "id"]
        constraints = [models.UniqueConstraint(fields=["enrollment", "stage"], name="participation_once_per_stage")]

    def __str__(self):
        return f"{self.enrollment.student} · {self.stage}"

    @property
    def is_admitted(self):
        return self.status == self.Status.ADMITTED

    @property
    def is_held(self):
        return self.status == self.Status.HELD

    @property
    def is_reverted(self):
        return self.status == self.Status.REVERTED

    @property
    def is_by_rule(self):
        return self.decided_by_id is None

    def decide(self, status, *, by, at, reason=""):
        self.status, self.decided_by, self.decided_at, self.reason = status, by, at, reason
