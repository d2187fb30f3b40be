from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.classrooms.models.meeting import Meeting
from camp.enrollment.models import Enrollment


class CheckInQuerySet(models.QuerySet):
    def present(self):
        return self.filter(is_present=True)

    def of(self, user):
        return self.filter(enrollment__student=user)

    def for_list(self):
        """Load what one row of a list of those present shows, the latest first."""
        return self.select_related("enrollment__student", "corrected_by").order_by("-checked_in_at", "-id")


class CheckIn(models.Model):
    """A student was in a meeting, or staff say that they were not. One row per student and meeting."""

    class How(models.TextChoices):
        JOIN = "join", _("joined")
        CODE = "code", _("typed the code")
        STAFF = "staff", _("corrected by staff")

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="check_ins", verbose_name=_("enrollment")
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="check_ins", verbose_name=_("meeting"))
    is_present = models.BooleanField(_("present"), default=True)
    how = models.CharField(_("how"), max_length=10, choices=How)
    checked_in_at = models.DateTimeField(_("checked in at"), default=timezone.now)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CheckInQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-checked_in_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "meeting"], name="check_in_once_per_meeting"),
            models.CheckConstraint(
                condition=~Q(how="staff") | (~Q(reason="") & Q(corrected_by__isnull=False)),
                name="corrected_check_in_says_who_and_why",
            ),
        ]

    def __str__(self):
        return f"{self.enrollment.student} · {self.meeting}"

    @property
    def is_corrected(self):
        return self.how == self.How.STAFF


class RefusedCode(models.Model):
    """A wrong check-in code that somebody typed. Too many of them make a student wait."""

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="refused_codes", verbose_name=_("enrollment")
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="refused_codes", verbose_name=_("meeting")
    )
    typed = models.CharField(_("typed"), max_length=12, blank=True)
    tried_at = models.DateTimeField(_("tried at"), default=timezone.now)

    class Meta:
        verbose_name = _("refused code")
        verbose_name_plural = _("refused codes")
        ordering = ["-tried_at", "-id"]
        indexes = [models.Index(fields=["meeting", "enrollment", "tried_at"], name="refused_code_of_student")]

    def __str__(self):
        return f"{self.enrollment.student} · {self.meeting}: {self.typed}"
