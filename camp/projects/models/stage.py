from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from camp.camps.models import Camp, StaffRole, slug_of
from camp.stages.models import Stage

LARGEST_TEAM = 50
MOST_SEATS = 1000  # Of a project, and teams of a mentor.
MOST_POINTS = 1000  # By one criterion; and its weight.


class ProjectStageQuerySet(models.QuerySet):
    def for_page(self):
        return self.select_related("camp__organization", "stage")


class ProjectStage(models.Model):
    """What a camp's project stage goes by: until when topics are proposed, teams change and work is handed in."""

    camp = models.OneToOneField(Camp, on_delete=models.CASCADE, related_name="project_stage", verbose_name=_("camp"))
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="project_stage", verbose_name=_("stage"))
    topics_published_at = models.DateTimeField(
        _("topics are published at"), null=True, blank=True, help_text=_("Empty: only staff see them.")
    )
    proposals_close_at = models.DateTimeField(
        _("proposals close at"), null=True, blank=True, help_text=_("Empty: students propose no topics.")
    )
    teams_lock_at = models.DateTimeField(
        _("teams are locked at"), help_text=_("From then on nobody joins, leaves or hands over the lead.")
    )
    team_size_limit = models.PositiveSmallIntegerField(
        _("people in a team at the most"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_TEAM)],
    )
    hand_in_closes_at = models.DateTimeField(_("work is handed in until"))

    objects = ProjectStageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("project stage")
        verbose_name_plural = _("project stages")
        ordering = ["-camp__starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(team_size_limit__gte=1), name="project_stage_lets_one_person_be_a_team"),
            models.CheckConstraint(
                condition=Q(hand_in_closes_at__gt=F("teams_lock_at")),
                name="work_is_handed_in_after_teams_are_locked",
                violation_error_message=_("The hand-in must close after the teams are locked."),
            ),
        ]

    def __str__(self):
        return f"{self.camp} · {self.stage}"

    def get_absolute_url(self):
        return reverse("projects:list", args=self.camp.address)

    def clean(self):
        if self.stage_id and self.camp_id and self.stage.camp_id != self.camp_id:
            raise ValidationError({"stage": _("This belongs to another camp.")})
        if self.stage_id and self.stage.kind != Stage.Kind.PROJECT:
            raise ValidationError({"stage": _("Choose a stage of the kind “project”.")})

    def topics_are_published(self, now=None):
        return self.topics_published_at is not None and self.topics_published_at <= (now or timezone.now())

    def takes_proposals(self, now=None):
        return self.proposals_close_at is not None and (now or timezone.now()) < self.proposals_close_at

    def teams_are_locked(self, now=None):
        return self.teams_lock_at <= (now or timezone.now())

    def takes_hand_ins(self, now=None):
        return (now or timezone.now()) < self.hand_in_closes_at


class MentorQuerySet(models.QuerySet):
    def of(self, user):
        """Whoever lost every role in the camp is no mentor of its projects any more, and becomes one again with it."""
        return self.filter(user=user, project_stage__camp__staff_roles__user=user).distinct()


class Mentor(models.Model):
    """Somebody of the staff who supervises projects. Their capacity holds over all of their projects together."""

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="mentors", verbose_name=_("project stage")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentorships", verbose_name=_("user")
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, validators=[MaxValueValidator(MOST_SEATS)],
        help_text=_("Teams over all of their projects; empty for no limit."),
    )  # fmt: skip

    objects = MentorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ["user__display_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_stage", "user"],
                name="mentor_once_per_project_stage",
                violation_error_message=_("This person is a mentor here already."),
            )
        ]

    def __str__(self):
        return str(self.user)

    def clean(self):
        if self.project_stage_id and self.user_id:
            roles = StaffRole.objects.of(self.user).filter(camp=self.project_stage.camp_id)
            if not roles.exists():
                raise ValidationError({"user": _("Give this person the role of a mentor in the camp first.")})


class Criterion(models.Model):
    """One line of the rubric by which mentors evaluate: points from 0 to the most, and how much they weigh."""

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("project stage")
    )
    key = models.CharField(_("key"), max_length=40, validators=[slug_of])
    name = models.CharField(pgettext_lazy("criterion", "name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)]
    )
    max_points = models.PositiveSmallIntegerField(
        _("most points"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)]
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project_stage", "key"], name="criterion_key_once_per_project_stage"),
            models.CheckConstraint(condition=Q(weight__gte=1, max_points__gte=1), name="criterion_weighs_something"),
        ]

    def __str__(self):
        return self.name
