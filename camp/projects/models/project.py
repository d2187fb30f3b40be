from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from camp.camps.models import SupportProject
from camp.projects.models.stage import LARGEST_TEAM, MOST_SEATS, Mentor, ProjectStage


class Difficulty(models.TextChoices):
    STARTER = "starter", _("starter")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")


def validate_skills(value):
    if not isinstance(value, list) or not all(isinstance(skill, str) and 0 < len(skill) <= 40 for skill in value):
        raise ValidationError(_('Write a list of short texts, such as ["Rust", "CUDA"].'))


class Topic(models.Model):
    """What a project and a proposal have in common: the topic itself."""

    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=240)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    difficulty = models.CharField(_("difficulty"), max_length=20, choices=Difficulty, default=Difficulty.INTERMEDIATE)
    skills = models.JSONField(
        _("skills"), default=list, blank=True, validators=[validate_skills], help_text=_("A list of short texts.")
    )
    support_project = models.ForeignKey(
        SupportProject, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss",
        verbose_name=_("open-source project"),
    )  # fmt: skip

    class Meta:
        abstract = True

    def __str__(self):
        return self.title


class ProjectQuerySet(models.QuerySet):
    def shown(self):
        """What students read once the topics are published: closed and withdrawn ones too, marked as such."""
        return self.exclude(status=Project.Status.DRAFT)

    def open(self):
        """What can be put on a list of preferences."""
        return self.filter(status=Project.Status.OPEN)

    def for_list(self):
        """Load what one row of the list shows."""
        return self.select_related("project_stage__camp__organization", "mentor__user", "support_project")


class Project(Topic):
    """A topic that teams can choose. Its mentor orders the teams in the allocation; co-mentors help and evaluate."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", pgettext_lazy("project state", "open")
        CLOSED = "closed", _("closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("project state", "withdrawn")

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="projects", verbose_name=_("project stage")
    )
    number = models.PositiveIntegerField(_("number"), validators=[MinValueValidator(1)])
    mentor = models.ForeignKey(
        Mentor, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("mentor"),
        help_text=_("Whose order of the teams and whose capacity count in the allocation."),
    )  # fmt: skip
    co_mentors = models.ManyToManyField(
        Mentor, blank=True, related_name="co_mentored_projects", verbose_name=_("further mentors")
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MaxValueValidator(MOST_SEATS)], help_text=_("Teams at the most.")
    )
    least_teams = models.PositiveSmallIntegerField(
        _("teams at the least"), default=0, validators=[MaxValueValidator(MOST_SEATS)],
        help_text=_("0: it takes place with any number of teams."),
    )  # fmt: skip
    team_size_min = models.PositiveSmallIntegerField(
        _("people in a team, from"), default=1, validators=[MaxValueValidator(LARGEST_TEAM)]
    )
    team_size_max = models.PositiveSmallIntegerField(
        _("people in a team, to"), default=3, validators=[MaxValueValidator(LARGEST_TEAM)]
    )
    deliverables = models.TextField(_("what is handed in"), blank=True, help_text=_("Markdown"))
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.DRAFT)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    reserved_for = models.ForeignKey(
        "projects.Team", on_delete=models.SET_NULL, null=True, blank=True, related_name="reserved_projects",
        verbose_name=_("seat reserved for"), help_text=_("The team that proposed it."),
    )  # fmt: skip

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=["co_mentors"])

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project_stage", "number"], name="project_number_once_per_project_stage"),
            models.CheckConstraint(
                condition=Q(least_teams__lte=F("seats")),
                name="project_needs_no_more_teams_than_seats",
                violation_error_message=_("A project cannot need more teams than it has seats."),
            ),
            models.CheckConstraint(
                condition=Q(team_size_min__gte=1, team_size_max__gte=F("team_size_min")),
                name="project_team_sizes_are_a_range",
                violation_error_message=_(
                    "The largest team must not be smaller than the smallest, which has at least 1 person."
                ),
            ),
        ]

    def get_absolute_url(self):
        return reverse("projects:detail", args=[*self.project_stage.camp.address, self.number])

    def clean(self):
        if self.mentor_id and self.project_stage_id and self.mentor.project_stage_id != self.project_stage_id:
            raise ValidationError({"mentor": _("This belongs to another camp.")})

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_closed(self):
        return self.status == self.Status.CLOSED

    @property
    def is_withdrawn(self):
        return self.status == self.Status.WITHDRAWN

    def takes_size(self, size):
        """Whether a team of so many people fits."""
        return self.team_size_min <= size <= self.team_size_max


class SavedProject(models.Model):
    """A project that somebody wants to find again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="saved", verbose_name=_("project"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_projects", verbose_name=_("user")
    )
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)

    class Meta:
        verbose_name = _("saved project")
        verbose_name_plural = _("saved projects")
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="project_saved_once_per_person")]

    def __str__(self):
        return f"{self.user} · {self.project}"


class ProposalQuerySet(models.QuerySet):
    def awaiting_decision(self):
        return self.filter(status=Proposal.Status.SUBMITTED)

    def to_decide_first(self):
        """What waits for a decision, the longest first; then what does not, the newest first."""
        waits = Case(When(status=Proposal.Status.SUBMITTED, then="proposed_at"))
        return self.order_by(waits.asc(nulls_last=True), "-proposed_at", "-id")

    def for_list(self):
        return self.select_related(
            "project_stage__camp__organization", "team", "proposed_by", "decided_by", "wished_mentor__user", "project",
            "support_project",
        )  # fmt: skip


class Proposal(Topic):
    """A topic of a team's own. An accepted one becomes a project with a seat reserved for the team."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        CHANGES_ASKED = "changes_asked", _("changes asked for")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("proposal state", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal state", "withdrawn")

    OPEN = (Status.SUBMITTED, Status.CHANGES_ASKED)

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("project stage")
    )
    team = models.ForeignKey(
        "projects.Team", on_delete=models.PROTECT, related_name="proposals", verbose_name=_("team")
    )
    wished_mentor = models.ForeignKey(
        Mentor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("wished mentor")
    )
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.SUBMITTED)
    reason = models.CharField(_("reason"), max_length=300, blank=True, help_text=_("The team reads it."))
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    project = models.OneToOneField(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal", verbose_name=_("project")
    )

    objects = ProposalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(project__isnull=False), name="accepted_proposal_has_its_project"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("submitted", "withdrawn", "accepted")) | ~Q(reason=""),
                name="proposal_not_accepted_says_why",
            ),
        ]

    def get_absolute_url(self):
        return reverse("projects:proposal", args=[*self.project_stage.camp.address, self.pk])

    @property
    def is_open(self):
        """Not decided for good: the team may still change it."""
        return self.status in self.OPEN

    @property
    def awaits_decision(self):
        return self.status == self.Status.SUBMITTED

    @property
    def is_accepted(self):
        return self.status == self.Status.ACCEPTED

    @property
    def is_declined(self):
        return self.status == self.Status.DECLINED

    @property
    def needs_changes(self):
        return self.status == self.Status.CHANGES_ASKED

    def decide(self, status, *, by, at, reason=""):
        self.status, self.decided_by, self.decided_at, self.reason = status, by, at, reason
