"""What a course has beside its stage: the exercises, and the tokens that upload claimed scores."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.stages.models import Course


class ExerciseQuerySet(models.QuerySet):
    def names(self):
        """{each name and former name: the name of today}."""
        return names_of(self)


def names_of(exercises):
    """{each name and former name: the name of today}. A name that an exercise has today is no other's former one."""
    former = {name: exercise.name for exercise in exercises for name in exercise.former_names}
    return former | {exercise.name: exercise.name for exercise in exercises}


class Exercise(models.Model):
    """One named task of a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="exercises", verbose_name=_("course"))
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("position"), default=0)
    former_names = models.JSONField(
        _("former names"),
        default=list,
        blank=True,
        help_text=_("Results that still come under one of these count for this exercise."),
    )

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="exercise_once_per_course")]

    def __str__(self):
        return self.name

    def rename(self, name, *, was=None):
        """Take another name; the old one (`was`, where it is overwritten already) is kept as a former one."""
        old = was or self.name
        self.former_names = [former for former in dict.fromkeys((*self.former_names, old)) if former != name]
        self.name = name


class UploadTokenQuerySet(models.QuerySet):
    def usable_at(self, now):
        return self.filter(revoked_at=None, course__camp__ends_at__gt=now)


class UploadToken(models.Model):
    """A secret that lets CI upload claimed scores to one course, for as long as the camp lasts, however that is moved.

    The secret itself is shown once and not stored.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="upload_tokens", verbose_name=_("course"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True)
    secret_hash = models.CharField(max_length=64, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = UploadTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload token")
        verbose_name_plural = _("upload tokens")
        ordering = ["-issued_at", "-id"]

    def __str__(self):
        return f"camp_{self.public_id}…"

    @property
    def expires_at(self):
        return self.course.camp.ends_at

    def is_usable(self, now=None):
        return self.revoked_at is None and self.expires_at > (now or timezone.now())
