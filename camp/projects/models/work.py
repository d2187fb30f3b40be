from django.conf import settings
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from camp.enrollment.models import Enrollment
from camp.projects.models.allocation import Placement

http_only = URLValidator(schemes=["http", "https"], message=_("Give an address that begins with http:// or https://."))
commit_of = RegexValidator(r"^[0-9a-f]{7,40}$", _("A commit is 7 to 40 of the characters 0–9 and a–f."))


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("excellent")
    PASS = "pass", _("pass")
    FAIL = "fail", _("fail")


class HandIn(models.Model):
    """Work that a team handed in, kept as it was; the last one before the deadline counts."""

    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, related_name="hand_ins", verbose_name=_("placement")
    )
    number = models.PositiveIntegerField(_("number"))
    repository_url = models.URLField(_("repository"), blank=True, validators=[http_only])
    pull_request_url = models.URLField(_("pull request"), blank=True, validators=[http_only])
    commit = models.CharField(pgettext_lazy("Git", "commit"), max_length=40, blank=True, validators=[commit_of])
    report = models.FileField(_("report"), upload_to="reports/", blank=True)
    report_name = models.CharField(_("name of the report"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), default=timezone.now)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("handed in by")
    )

    class Meta:
        verbose_name = _("hand-in")
        verbose_name_plural = _("hand-ins")
        ordering = ["placement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="hand_in_number_once_per_placement"),
            models.CheckConstraint(
                condition=~Q(repository_url="", pull_request_url="", report=""),
                name="hand_in_holds_something",
                violation_error_message=_("Hand in a link or a report."),
            ),
        ]

    def __str__(self):
        return f"{self.placement} · {self.number}"


class EvaluationQuerySet(models.QuerySet):
    def to_confirm(self):
        return self.exclude(proposed_grade="").filter(grade="")

    def to_publish(self):
        return self.exclude(grade="").filter(published_at=None)

    def published(self):
        return self.exclude(published_at=None)

    def for_list(self):
        return self.select_related("enrollment__student", "enrollment__camp", "placement__team", "placement__project")


class Evaluation(models.Model):
    """How one member of a team did: a mentor proposes the grade, an organizer confirms it, then it is published.

    `points`: {criterion key: points} of the rubric. A change after the confirmation needs a reason.
    """

    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, related_name="evaluations", verbose_name=_("placement")
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="evaluations", verbose_name=_("student")
    )
    points = models.JSONField(_("points"), default=dict, blank=True)
    comment = models.TextField(_("comment"), blank=True, help_text=_("The student reads it with the grade."))
    proposed_grade = models.CharField(_("proposed grade"), max_length=10, choices=Grade, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("proposed by"),
    )  # fmt: skip
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    reason = models.CharField(_("reason of the last change"), max_length=300, blank=True)

    objects = EvaluationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["placement", "enrollment"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "enrollment"], name="evaluation_once_per_student"),
            models.CheckConstraint(
                condition=Q(grade="") | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="grade_says_who_confirmed_it",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(grade=""), name="only_a_confirmed_grade_is_published"
            ),
        ]

    def __str__(self):
        return f"{self.enrollment.student} · {self.placement.project}"

    @property
    def is_published(self):
        return self.published_at is not None


class ReviewRequest(models.Model):
    """A student asks once for a second look at a published grade; an organizer answers."""

    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, related_name="review_request", verbose_name=_("evaluation")
    )
    text = models.TextField(_("what the student asks"))
    asked_at = models.DateTimeField(pgettext_lazy("review", "asked at"), default=timezone.now)
    answer = models.TextField(pgettext_lazy("review", "answer"), blank=True)
    answered_at = models.DateTimeField(pgettext_lazy("review", "answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("review", "answered by"),
    )  # fmt: skip

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("request for a review")
        verbose_name_plural = _("requests for a review")
        ordering = ["-asked_at", "-id"]

    def __str__(self):
        return str(self.evaluation)

    @property
    def is_answered(self):
        return self.answered_at is not None
