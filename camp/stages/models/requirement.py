from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.enrollment.models import Enrollment
from camp.stages.models.stage import Course, Stage


class RequirementGroup(models.Model):
    """One line of a stage's entry rule: at least `needed` of its requirements are met. All groups must be met."""

    stage = models.ForeignKey(
        Stage, on_delete=models.CASCADE, related_name="requirement_groups", verbose_name=_("stage")
    )
    label = models.CharField(_("label"), max_length=120)
    needed = models.PositiveSmallIntegerField(_("how many are needed"), default=1, validators=[MinValueValidator(1)])
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("requirement group")
        verbose_name_plural = _("requirement groups")
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=Q(needed__gte=1), name="requirement_group_needs_at_least_one")]

    def __str__(self):
        return f"{self.stage}: {self.label}"


class Requirement(models.Model):
    """Something a student must have done: points in a course, an item that staff tick, or meetings attended."""

    class Kind(models.TextChoices):
        POINTS = "points", _("points in a course")
        ITEM = "item", _("item that staff tick")
        ATTENDANCE = "attendance", _("meetings attended")

    group = models.ForeignKey(
        RequirementGroup, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("group")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.POINTS)
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements", verbose_name=_("course")
    )
    points = models.DecimalField(
        _("points"), max_digits=9, decimal_places=3, null=True, blank=True, help_text=_("Empty: full marks.")
    )
    item = models.CharField(_("item"), max_length=120, blank=True)
    meetings = models.PositiveSmallIntegerField(_("meetings"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="points", course__isnull=False)
                | (Q(kind="item") & ~Q(item=""))
                | Q(kind="attendance", meetings__isnull=False, meetings__gte=1),
                name="requirement_says_what_it_asks",
                violation_error_message=_(
                    "Points need a course, an item needs its name, attendance needs a number of meetings."
                ),
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gt=0),
                name="requirement_asks_for_more_than_no_points",
                violation_error_message=_("Ask for more than 0 points, or leave it empty for full marks."),
            ),
        ]

    def __str__(self):
        return self.item or f"{self.course or self.group.stage.camp}: {self.needed}"

    def clean(self):
        stage = self.group.stage if self.group_id and self.group.stage_id else None
        if stage and self.course_id and self.course.camp_id != stage.camp_id:
            raise ValidationError({"course": _("This course belongs to another camp.")})
        if self.course and self.points and self.points > self.course.max_points:
            raise ValidationError({"points": _("The course does not give so many points.")})

    @property
    def is_item(self):
        return self.kind == self.Kind.ITEM

    @property
    def needed(self):
        """How much is needed: points, meetings, or 1 for an item."""
        if self.kind == self.Kind.POINTS:
            return self.course.max_points if self.points is None else self.points
        return self.meetings if self.kind == self.Kind.ATTENDANCE else 1


class ItemTick(models.Model):
    """Staff saw that a student has done an item of a requirement."""

    requirement = models.ForeignKey(Requirement, on_delete=models.CASCADE, related_name="ticks", verbose_name=_("item"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="ticks", verbose_name=_("enrollment")
    )
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("ticked by")
    )
    ticked_at = models.DateTimeField(_("ticked at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("ticked item")
        verbose_name_plural = _("ticked items")
        constraints = [models.UniqueConstraint(fields=["requirement", "enrollment"], name="item_ticked_once")]

    def __str__(self):
        return f"{self.enrollment.student} · {self.requirement}"
