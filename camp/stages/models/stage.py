from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.camps.models import Camp, StaffRole, slug_of


class StageQuerySet(models.QuerySet):
    def open_at(self, now):
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def with_rules(self):
        return self.order_by("position", "id").prefetch_related("requirement_groups__requirements__course")


class Stage(models.Model):
    """A step of a camp: orientation, foundation, professional, project. Without requirements all enrolled are in it."""

    class Kind(models.TextChoices):
        ORIENTATION = "orientation", _("Orientation")
        FOUNDATION = "foundation", _("Foundation")
        PROFESSIONAL = "professional", _("Professional")
        PROJECT = "project", _("Project")

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="stages", verbose_name=_("camp"))
    key = models.CharField(_("key"), max_length=40, validators=[slug_of])
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    position = models.PositiveIntegerField(_("position"), default=0)
    group_name = models.CharField(_("group chat"), max_length=120, blank=True)
    group_link = models.URLField(_("group chat link"), blank=True, help_text=_("Shown to students of this stage only."))
    group_picture = models.ImageField(
        _("group chat QR picture"),
        upload_to="groups/",
        blank=True,
        help_text=_("Shown to students of this stage only."),
    )

    objects = StageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["camp", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["camp", "key"], name="stage_key_once_per_camp"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="stage_closes_after_it_opens",
                violation_error_message=_("The end must come after the beginning."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{self.camp.get_absolute_url()}#stage-{self.key}"

    @property
    def is_project(self):
        return self.kind == self.Kind.PROJECT

    @property
    def has_group(self):
        return bool(self.group_link or self.group_picture)

    @property
    def is_to_come(self):
        return timezone.now() < self.opens_at

    @property
    def first_day(self):
        """The day it opens, in the camp's zone, as the reader's language writes it."""
        return date_format(timezone.localtime(self.opens_at, self.camp.zone), "DATE_FORMAT")

    def is_open(self, now=None):
        return self.opens_at <= (now or timezone.now()) < self.closes_at

    def is_over(self, now=None):
        return self.closes_at <= (now or timezone.now())


class CourseQuerySet(models.QuerySet):
    def for_page(self):
        return self.select_related("camp__organization", "stage")


class Course(models.Model):
    """A unit of a stage with its own classroom, exercises and board.

    `number` is the N of the address `stage/N`; `upload_id` is the courseId that CI sends, unique over all camps.
    """

    class Counts(models.TextChoices):
        CLAIMED = "claimed", _("every accepted score")
        PROVEN = "proven", _("proven scores only")

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="courses", verbose_name=_("camp"))
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="courses", verbose_name=_("stage"))
    number = models.PositiveIntegerField(_("number"), validators=[MinValueValidator(1)])
    upload_id = models.PositiveIntegerField(
        _("upload id"), null=True, blank=True, help_text=_("The courseId that CI sends; empty without homework.")
    )
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("summary"), max_length=240, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    exercises_name = models.CharField(_("name of the exercises"), max_length=120, blank=True)
    exercises_url = models.URLField(_("address of the exercises"), blank=True)
    max_points = models.DecimalField(
        _("maximum points"), max_digits=9, decimal_places=3, default=0, validators=[MinValueValidator(0)]
    )
    upload_opens_at = models.DateTimeField(_("uploads count from"), null=True, blank=True)
    upload_closes_at = models.DateTimeField(
        _("uploads count until"), null=True, blank=True, help_text=_("Empty: until the camp ends.")
    )
    counts = models.CharField(_("what counts for promotion"), max_length=10, choices=Counts, default=Counts.CLAIMED)
    proof_from = models.DateTimeField(
        _("proof needed from"),
        null=True,
        blank=True,
        help_text=_("Scores received from then on count for promotion only when they are proven. Empty: never."),
    )
    staff = models.ManyToManyField(StaffRole, blank=True, related_name="courses", verbose_name=_("staff"))

    objects = CourseQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=["staff"])

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["camp", "number"]
        constraints = [
            models.UniqueConstraint(fields=["camp", "number"], name="course_number_once_per_camp"),
            models.UniqueConstraint(fields=["upload_id"], name="upload_id_names_one_course"),
            models.CheckConstraint(
                condition=Q(upload_opens_at=None)
                | Q(upload_closes_at=None)
                | Q(upload_closes_at__gt=F("upload_opens_at")),
                name="upload_window_closes_after_it_opens",
                violation_error_message=_("The end must come after the beginning."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("rankings:course", args=[*self.camp.address, self.number])

    def clean(self):
        if self.stage_id and self.camp_id and self.stage.camp_id != self.camp_id:
            raise ValidationError({"stage": _("This stage belongs to another camp.")})

    @property
    def has_homework(self):
        return self.max_points > 0

    @property
    def needs_proof(self):
        """Whether claimed scores count at no time; see `proof_from` for those that count until a moment."""
        return self.counts == self.Counts.PROVEN

    @property
    def closes_at(self):
        """The moment from which uploads do not count any more."""
        return self.upload_closes_at or self.camp.ends_at

    def accepts_uploads_at(self, now):
        return (self.upload_opens_at is None or self.upload_opens_at <= now) and now < self.closes_at


class AnnouncementQuerySet(models.QuerySet):
    def published_at(self, now):
        return self.filter(published_at__lte=now)


class Announcement(models.Model):
    """News of a camp, or of one of its stages."""

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("camp"))
    stage = models.ForeignKey(
        Stage, on_delete=models.CASCADE, null=True, blank=True, related_name="announcements", verbose_name=_("stage")
    )
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown"))
    published_at = models.DateTimeField(_("published at"), default=timezone.now)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, editable=False)
    mailed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("mailed by"),
    )
    mailed_to = models.PositiveIntegerField(_("mailed to"), null=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-published_at", "-id"]

    def __str__(self):
        return self.title
