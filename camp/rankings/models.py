from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.stages.models import Course


class Exercise(models.Model):
    """One named task of a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="exercises", verbose_name=_("course"))
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="exercise_once_per_course")]

    def __str__(self):
        return self.name


class UploadTokenQuerySet(models.QuerySet):
    def usable_at(self, now):
        return self.filter(revoked_at=None, expires_at__gt=now)


class UploadToken(models.Model):
    """A secret that lets CI upload claimed scores to one course. The secret itself is shown once and not stored."""

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
    expires_at = models.DateTimeField(_("expires at"))
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

    def is_usable(self, now=None):
        return self.revoked_at is None and self.expires_at > (now or timezone.now())


class AttemptQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(outcome=Attempt.Outcome.ACCEPTED)

    def refused(self):
        return self.filter(outcome=Attempt.Outcome.REFUSED)

    def by_login(self, channel, login):
        return self.filter(channel=channel, login_key=login.lower())

    def best_first(self):
        """The order in which attempts of one person compete: points, then the earliest, then the first stored."""
        return self.order_by("-points", "received_at", "id")

    def for_list(self):
        return self.select_related("course__camp__organization").order_by("-received_at", "-id")


class Attempt(models.Model):
    """One upload of a score as it came in, kept for ever, accepted or refused. It belongs to a login."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    class Source(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        PROVEN = "proven", _("proven")

    class Reason(models.TextChoices):
        MALFORMED = "malformed", _("The upload could not be read.")
        TOO_LARGE = "too_large", _("The upload is larger than 64 KiB.")
        TOKEN_MISSING = "token_missing", _("The upload carries no token. Set the token of the course in the workflow.")
        TOKEN_WRONG = "token_wrong", _("The token is wrong. Ask the teachers of the course for the right one.")
        TOKEN_EXPIRED = "token_expired", _("The token has expired or was revoked. Ask the staff for the new one.")
        TOKEN_OF_ANOTHER_COURSE = "token_other", _("The token belongs to another course. Check courseId and token.")
        UNKNOWN_COURSE = "unknown_course", _("No course has this courseId. Check it against the course page.")
        ABOVE_MAXIMUM = "above_maximum", _("The score is above the course's maximum.")
        OUTSIDE_WINDOW = "outside_window", _("Uploads for this course do not count at this time. The upload is kept.")
        TOO_MANY = "too_many", _("Too many uploads in a minute. Wait a moment.")

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts", verbose_name=_("course")
    )
    channel = models.CharField(_("code host"), max_length=10, choices=Identity.Channel, blank=True)
    login = models.CharField(_("login"), max_length=100, blank=True)
    login_key = models.CharField(max_length=100, blank=True, editable=False)
    points = models.DecimalField(_("points"), max_digits=12, decimal_places=3, null=True, blank=True)
    stated_course = models.CharField(_("stated courseId"), max_length=40, blank=True)
    stated_total = models.CharField(_("stated totalScore"), max_length=40, blank=True)
    ext = models.TextField(_("ext"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.CLAIMED)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    detail = models.CharField(_("answer given"), max_length=300, blank=True)
    token = models.ForeignKey(
        UploadToken, on_delete=models.SET_NULL, null=True, blank=True, related_name="attempts", verbose_name=_("token")
    )
    address = models.GenericIPAddressField(_("sent from"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="refused", reason__gt="")
                | Q(outcome="accepted", reason="", course__isnull=False, points__gte=0),
                name="attempt_is_accepted_whole_or_refused_with_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["channel", "login_key", "-received_at"], name="attempts_of_login"),
            models.Index(fields=["course", "-received_at"], name="attempts_of_course"),
            models.Index(fields=["-received_at"], condition=Q(outcome="refused"), name="refused_attempts"),
        ]

    def __str__(self):
        return f"{self.login} · {self.course or self.stated_course} · {self.points}"

    def save(self, *args, **kwargs):
        """Append only: what was received is never written over."""
        if self.pk:
            raise ValidationError(_("An attempt is never changed."))
        super().save(*args, **kwargs)

    @property
    def tells_more(self):
        """Whether the answer that CI got says more than the reason does."""
        return self.reason in (self.Reason.MALFORMED, self.Reason.ABOVE_MAXIMUM, self.Reason.OUTSIDE_WINDOW)

    @property
    def is_accepted(self):
        return self.outcome == self.Outcome.ACCEPTED


class StandingQuerySet(models.QuerySet):
    def on_board(self, course):
        """The population of a course's board, in its order: points, then who reached them first, then id."""
        return self.filter(course=course).order_by("-points", "reached_at", "id")

    def ahead_of(self, points, reached_at):
        """Standings that rank before (points, reached_at)."""
        return self.filter(Q(points__gt=points) | Q(points=points, reached_at__lt=reached_at))

    def for_board(self):
        return self.select_related("enrollment__student", "best")

    def with_rank(self):
        """Annotate `rank`, the competition rank of each standing on its whole board."""
        board = Standing.objects.filter(course=OuterRef("course"))
        ahead = board.ahead_of(OuterRef("points"), OuterRef("reached_at")).order_by().values("course")
        counted = Subquery(ahead.annotate(people=Count("*")).values("people"))
        return self.annotate(rank=Coalesce(counted, 0) + 1)


class Standing(models.Model):
    """The best accepted attempt of one active student in one course. Derived from attempts; it can be rebuilt."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="standings", verbose_name=_("course"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="standings", verbose_name=_("enrollment")
    )
    points = models.DecimalField(_("points"), max_digits=12, decimal_places=3)
    reached_at = models.DateTimeField(_("reached at"))
    best = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+", verbose_name=_("best attempt"))

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["course", "-points", "reached_at", "id"]
        constraints = [models.UniqueConstraint(fields=["enrollment", "course"], name="standing_once_per_course")]
        indexes = [models.Index("course", F("points").desc(), "reached_at", "id", name="board_order")]

    def __str__(self):
        return f"{self.enrollment.student} · {self.course}: {self.points.normalize():f}"

    @property
    def is_complete(self):
        return self.points >= self.course.max_points

    def is_beaten_by(self, attempt):
        """A higher score beats it, at whatever time; an equal one does when it came earlier; then the id decides."""
        return (-attempt.points, attempt.received_at, attempt.pk) < (-self.points, self.reached_at, self.best_id)

    def take(self, attempt):
        self.points, self.reached_at, self.best = attempt.points, attempt.received_at, attempt
