from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings.models.attempt import Attempt
from camp.rankings.models.standing import POINTS
from camp.stages.models import Course

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class CorrectionQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(reverted_at=None)

    def in_force_at(self, moment):
        """Those made by the moment and not taken back by then; in force now when there is no moment."""
        if moment is None:
            return self.in_force()
        return self.filter(Q(reverted_at=None) | Q(reverted_at__gt=moment), made_at__lte=moment)

    def of(self, kind):
        return self.filter(kind=kind)

    def for_list(self):
        return self.select_related(
            "course__camp__organization", "to_course__camp__organization", "attempt__course", "identity__user",
            "former_user", "made_by", "reverted_by", "enrollment__student", "enrollment__camp",
        )  # fmt: skip


class Correction(models.Model):
    """One line of the ledger: what staff corrected about scores, with the reason that the student reads.

    A line is never changed; taking it back is written on it once. What follows from the lines in force is derived.
    `points` is what is added to a student's points in a course, less than nothing where some are taken away.
    """

    class Kind(models.TextChoices):
        ADJUSTED = "adjusted", _("points adjusted")
        DISQUALIFIED = "disqualified", _("upload disqualified")
        MOVED = "moved", _("upload moved to another course")
        MERGED = "merged", _("login given to its person")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections",
        verbose_name=_("enrollment"),
    )  # fmt: skip
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("course")
    )
    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("upload")
    )
    to_course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to the course")
    )
    identity = models.ForeignKey(Identity, null=True, blank=True, verbose_name=_("linked login"), **PERSON)
    former_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, verbose_name=_("belonged to"), **PERSON
    )
    points = models.DecimalField(_("points added"), null=True, blank=True, **POINTS)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, verbose_name=_("made by"), **PERSON)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, verbose_name=_("taken back by"), **PERSON
    )
    reverted_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    revert_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(reverted_at=None) & ~Q(attempt=None),
                name="attempt_corrected_once_at_a_time",
                violation_error_message=_("This upload is corrected already. Take that back first."),
            ),
            models.CheckConstraint(
                condition=Q(kind="adjusted", enrollment__isnull=False, course__isnull=False, points__isnull=False)
                & ~Q(points=0)
                | Q(kind="disqualified", attempt__isnull=False, course__isnull=False)
                | Q(kind="moved", attempt__isnull=False, to_course__isnull=False)
                | Q(kind="merged", identity__isnull=False),
                name="correction_names_what_it_corrects",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]
        indexes = [models.Index(fields=["enrollment", "course"], name="corrections_of_student")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def subject(self):
        """What is corrected: somebody's points, an upload or a login."""
        if self.is_adjustment:
            return f"{self.enrollment.student} · {self.course} · {self.points.normalize():+f}"
        if self.is_move:
            return f"{self.attempt} → {self.to_course}"
        return str(self.attempt or self.identity)

    @property
    def people(self):
        """Who had and has the login of a line about one."""
        return [person for person in (self.former_user, self.identity.user) if person]

    @property
    def is_of_login(self):
        return self.kind == self.Kind.MERGED

    @property
    def is_adjustment(self):
        return self.kind == self.Kind.ADJUSTED

    @property
    def adds(self):
        return self.points > 0

    @property
    def points_taken(self):
        return -self.points

    @property
    def is_move(self):
        return self.kind == self.Kind.MOVED

    @property
    def changes_course(self):
        """An upload that came too late is moved into its own course, and so counts."""
        return self.course_id != self.to_course_id

    @property
    def is_in_force(self):
        return self.reverted_at is None
