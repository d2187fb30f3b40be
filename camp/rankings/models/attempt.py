from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.rankings.models.course import UploadToken
from camp.stages.models import Course


class AttemptQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(outcome=Attempt.Outcome.ACCEPTED)

    def refused(self):
        return self.filter(outcome=Attempt.Outcome.REFUSED)

    def claimed(self):
        return self.filter(source=Attempt.Source.CLAIMED)

    def proven(self):
        return self.filter(source=Attempt.Source.PROVEN)

    def that_count(self, course):
        """Those that the course hands on for promotion: all, the proven ones, or from a date on the proven ones."""
        if course.counts == Course.Counts.PROVEN:
            return self.proven()
        early = Q(received_at__lt=course.proof_from) if course.proof_from else Q()
        return self.filter(Q(source=Attempt.Source.PROVEN) | early) if early else self

    def received_until(self, moment):
        return self.filter(received_at__lte=moment) if moment else self

    def counted_in(self, course, *, until=None):
        """The accepted ones that count in a course as staff corrected it, now or as it was at a moment.

        What was disqualified counts nowhere, what was moved counts in its new course alone.
        """
        corrections = apps.get_model("rankings", "Correction").objects.in_force_at(until)
        corrected = corrections.filter(attempt=OuterRef("pk"))
        moved_here = corrections.filter(kind="moved", to_course=course)
        own = Q(outcome=Attempt.Outcome.ACCEPTED, course=course) & ~Exists(corrected)
        return self.received_until(until).filter(own | Q(pk__in=moved_here.values("attempt")))

    def by_login(self, channel, login):
        return self.filter(channel=channel, login_key=login.lower())

    def best_first(self, *, maximum):
        """The order in which attempts of one person compete: points, then the earliest, then the first stored.

        Points above the course's maximum, which may have been lowered since, are worth the maximum.
        """
        worth = Least("points", Value(maximum, output_field=models.DecimalField(max_digits=12, decimal_places=3)))
        return self.order_by(worth.desc(), "received_at", "id")

    def for_list(self):
        """Load what a row of uploads shows, the correction in force included."""
        in_force = apps.get_model("rankings", "Correction").objects.in_force().select_related("to_course")
        rows = self.select_related("course__camp__organization").order_by("-received_at", "-id")
        return rows.prefetch_related(Prefetch("corrections", in_force, to_attr="lines_in_force"))


class Attempt(models.Model):
    """One upload of a score as it came in, kept for ever, accepted or refused.

    A claimed one belongs to a login, a proven one to the identity whose numeric id its run named. What names the token
    and the run is unique among accepted attempts only: a refused one may come again and be accepted.
    """

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
        UNPROVEN = "unproven", _("The run's identity token was not believed.")
        GRADER_UNKNOWN = "grader_unknown", _("The run is not of a workflow that this course trusts.")
        BRANCH_WRONG = "branch_wrong", _("Only runs on the default branch count.")
        COMMIT_UNREVIEWED = "commit_unreviewed", _("This version of the workflow is not reviewed, or not valid now.")
        COURSE_MISMATCH = "course_mismatch", _("The workflow is trusted for another course than the one named.")
        ACTOR_UNLINKED = "actor_unlinked", _("No student has proven the account that started the run. Link it.")
        NOT_ENROLLED = "not_enrolled", _("The student who started the run is not in this camp.")
        REPOSITORY_FOREIGN = "repository_foreign", _("The repository is neither the student's own nor registered.")
        RESULTS_WRONG = "results_wrong", _("The results name an exercise that is unknown or stands twice.")
        RUN_REPEATED = "run_repeated", _("This run has reported other results before.")

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
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    token = models.ForeignKey(
        UploadToken, on_delete=models.SET_NULL, null=True, blank=True, related_name="attempts", verbose_name=_("token")
    )
    address = models.GenericIPAddressField(_("sent from"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    identity = models.ForeignKey(
        Identity,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proven_attempts",
        verbose_name=_("linked login"),
        help_text=_("Whose numeric id the run named. A proven attempt belongs to it, whatever its name is."),
    )
    jti = models.CharField(_("id of the identity token"), max_length=200, blank=True)
    repository_id = models.CharField(_("repository id"), max_length=20, blank=True)
    run_id = models.CharField(_("run id"), max_length=20, blank=True)
    run_attempt = models.PositiveIntegerField(_("run attempt"), null=True, blank=True)
    commit = models.CharField(_("commit"), max_length=40, blank=True)
    claims = models.JSONField(_("verified claims"), default=dict, blank=True)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    results = models.JSONField(_("results"), default=list, blank=True)
    answer = models.JSONField(_("answer"), default=dict, blank=True)

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
            ),
            models.UniqueConstraint(
                fields=["jti"], condition=Q(outcome="accepted") & ~Q(jti=""), name="identity_token_counts_once"
            ),
            models.UniqueConstraint(
                fields=["repository_id", "run_id", "run_attempt", "course"],
                condition=Q(outcome="accepted") & ~Q(run_id=""),
                name="run_counts_once_per_course",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "login_key", "-received_at"], name="attempts_of_login"),
            models.Index(fields=["course", "-received_at"], name="attempts_of_course"),
            models.Index(fields=["-received_at"], condition=Q(outcome="refused"), name="refused_attempts"),
        ]

    def __str__(self):
        points = "–" if self.points is None else f"{self.points.normalize():f}"
        return f"{self.login or '–'} · {self.course or self.stated_course or '–'} · {points}"

    def save(self, *args, **kwargs):
        """Append only: what was received is never written over."""
        if self.pk:
            raise ValidationError(_("An attempt is never changed."))
        super().save(*args, **kwargs)

    @property
    def correction(self):
        """The correction in force, None without one; there is one at a time. Asks the database unless `for_list`."""
        loaded = getattr(self, "lines_in_force", None)
        lines = self.corrections.in_force().select_related("to_course") if loaded is None else loaded
        return next(iter(lines), None)

    @property
    def tells_more(self):
        """Whether the answer that CI got says more than the reason does."""
        reason = self.Reason
        proven = (reason.UNPROVEN, reason.BRANCH_WRONG, reason.COURSE_MISMATCH, reason.RESULTS_WRONG)
        return self.reason in (reason.MALFORMED, reason.ABOVE_MAXIMUM, reason.OUTSIDE_WINDOW, *proven)

    def counts_in(self, course):
        """Whether the course hands it on for promotion."""
        if self.is_proven:
            return True
        is_early = course.proof_from is None or self.received_at < course.proof_from
        return course.counts != Course.Counts.PROVEN and is_early

    @property
    def is_proven(self):
        return self.source == self.Source.PROVEN

    @property
    def is_accepted(self):
        return self.outcome == self.Outcome.ACCEPTED
