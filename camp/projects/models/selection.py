import secrets

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from camp.enrollment.models import Enrollment
from camp.projects.models.project import Project
from camp.projects.models.stage import Mentor, ProjectStage
from camp.projects.models.team import Team


def new_seed():
    return secrets.token_hex(16)


class SelectionRoundQuerySet(models.QuerySet):
    def open_at(self, now):
        return self.filter(opens_at__lte=now, closes_at__gt=now, published_at=None)

    def closed_at(self, now):
        return self.filter(Q(closes_at__lte=now) | Q(published_at__isnull=False))

    def published(self):
        return self.exclude(published_at=None)

    def to_allocate_at(self, now):
        """Lists and orders are in, nothing is computed, and no earlier round of the stage is waited for."""
        ends = Case(When(method=SelectionRound.Method.ASSIGNMENT, then="closes_at"), default="mentors_close_at")
        earlier = SelectionRound.objects.filter(
            project_stage=OuterRef("project_stage"), number__lt=OuterRef("number"), published_at=None
        )
        due = self.alias(ends_at=ends).filter(ends_at__lte=now, published_at=None, runs=None)
        return due.filter(~Exists(earlier))

    def to_publish(self):
        return self.filter(published_at=None, runs__isnull=False).distinct()

    def to_lock(self):
        return self.published().filter(locked_at=None)


class SelectionRound(models.Model):
    """Teams rank projects until it closes, then mentors rank teams; an allocation follows.

    The first round matches; a second one assigns those left over to the free seats. `seed` makes the lottery.
    """

    class Method(models.TextChoices):
        MATCHING = "matching", _("matching by both sides' lists")
        ASSIGNMENT = "assignment", _("best use of the free seats")

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="rounds", verbose_name=_("project stage")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1, validators=[MinValueValidator(1)])
    method = models.CharField(_("method"), max_length=20, choices=Method, default=Method.MATCHING)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(pgettext_lazy("round", "closes at"))
    mentors_close_at = models.DateTimeField(_("mentors rank until"))
    seed = models.CharField(_("seed of the lottery"), max_length=64, default=new_seed)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("published by"),
    )  # fmt: skip
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    objects = SelectionRoundQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("selection round")
        verbose_name_plural = _("selection rounds")
        ordering = ["project_stage", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project_stage", "number"], name="round_number_once_per_project_stage"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"), mentors_close_at__gte=F("closes_at")),
                name="round_opens_closes_and_lets_mentors_rank_in_turn",
                violation_error_message=_("A round must open first, then close for teams, then for mentors."),
            ),
        ]

    def __str__(self):
        words = _("Round %(number)d") % {"number": self.number}
        return f"{self.project_stage.camp} · {words}"

    def is_open(self, now=None):
        """Whether teams may give and change their lists: never after the result, whatever the times say."""
        return not self.is_published and self.opens_at <= (now or timezone.now()) < self.closes_at

    def is_to_come(self, now=None):
        return not self.is_published and (now or timezone.now()) < self.opens_at

    def is_closed(self, now=None):
        return self.is_published or self.closes_at <= (now or timezone.now())

    def takes_mentors_order(self, now=None):
        """Whether mentors may rank: when lists do not change any more, and until they close."""
        return not self.is_published and self.closes_at <= (now or timezone.now()) < self.mentors_close_at

    def fixed_fields(self, now=None):
        """The fields that nobody changes any more, as one who gave a list later would know the others."""
        if not self.is_closed(now):
            return []
        names = ["number", "method", "opens_at", "closes_at"]
        return [*names, "mentors_close_at"] if self.is_published else names

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_locked(self):
        return self.locked_at is not None

    @property
    def assigns(self):
        return self.method == self.Method.ASSIGNMENT


class PreferenceList(models.Model):
    """What a team gave at a moment: a receipt, never changed. The latest version counts; `choices` are in order.

    `choices`: [{"project": id, "number": n, "title": "…"}], as the projects were called then.
    """

    round = models.ForeignKey(
        SelectionRound, on_delete=models.CASCADE, related_name="lists", verbose_name=_("selection round")
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="lists", verbose_name=_("team"))
    version = models.PositiveIntegerField(_("version"), default=1)
    choices = models.JSONField(_("projects in order"), default=list)
    submitted_at = models.DateTimeField(_("submitted at"), default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )

    class Meta:
        verbose_name = _("list of preferences")
        verbose_name_plural = _("lists of preferences")
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "team", "version"], name="preference_list_version_once_per_team")
        ]

    def __str__(self):
        return f"{self.team} · {self.version}"


class Preference(models.Model):
    """One line of a team's ranked list as it counts now; 1 is the first choice."""

    round = models.ForeignKey(
        SelectionRound, on_delete=models.CASCADE, related_name="preferences", verbose_name=_("selection round")
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="preferences", verbose_name=_("team"))
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="preferences", verbose_name=_("project")
    )
    rank = models.PositiveSmallIntegerField(_("choice"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ["round", "team", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["round", "team", "project"], name="preference_names_a_project_once"),
            models.UniqueConstraint(fields=["round", "team", "rank"], name="preference_rank_once_per_team"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="preference_ranks_from_one"),
        ]

    def __str__(self):
        return f"{self.team} · {self.rank} · {self.project}"


class MentorChoice(models.Model):
    """What a mentor thinks of a team that chose one of their projects: its place in their order, shortlisted or not."""

    round = models.ForeignKey(
        SelectionRound, on_delete=models.CASCADE, related_name="mentor_choices", verbose_name=_("selection round")
    )
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="choices", verbose_name=_("mentor"))
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mentor_choices", verbose_name=_("team"))
    rank = models.PositiveSmallIntegerField(_("place in the order"), null=True, blank=True)
    is_shortlisted = models.BooleanField(_("shortlisted"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mentor's choice")
        verbose_name_plural = _("mentors' choices")
        ordering = ["round", "mentor", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["round", "mentor", "team"], name="mentor_chooses_a_team_once"),
            models.UniqueConstraint(
                fields=["round", "mentor", "rank"], condition=Q(rank__isnull=False), name="mentor_rank_once_per_round"
            ),
        ]

    def __str__(self):
        return f"{self.mentor} · {self.team}"


class Refusal(models.Model):
    """A team that a mentor finds not acceptable for one of their projects, with the reason for the organizers."""

    round = models.ForeignKey(
        SelectionRound, on_delete=models.CASCADE, related_name="refusals", verbose_name=_("selection round")
    )
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="refusals", verbose_name=_("project"))
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="refusals", verbose_name=_("team"))
    reason = models.CharField(_("reason"), max_length=300)
    refused_at = models.DateTimeField(_("refused at"), default=timezone.now)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("refused by")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("team not acceptable")
        verbose_name_plural = _("teams not acceptable")
        constraints = [
            models.UniqueConstraint(fields=["round", "project", "team"], name="team_refused_once_per_project"),
            models.CheckConstraint(condition=~Q(reason=""), name="team_refused_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.project} · {self.team}"


class ConflictOfInterest(models.Model):
    """A student of a mentor's own, such as of their laboratory: that mentor gives no order for the student's team."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="conflicts", verbose_name=_("mentor"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="conflicts", verbose_name=_("student")
    )
    note = models.CharField(_("note"), max_length=240, blank=True)
    declared_at = models.DateTimeField(_("declared at"), default=timezone.now)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("declared by")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["mentor", "enrollment"], name="conflict_of_interest_declared_once")
        ]

    def __str__(self):
        return f"{self.mentor} · {self.enrollment.student}"
