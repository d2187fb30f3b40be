import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from camp.enrollment.models import CODE_ALPHABET, Enrollment
from camp.projects.models.stage import ProjectStage


def new_team_code():
    """Ten characters that are read out and typed: some 10^15 of them, too many to try."""
    return "".join(secrets.choice(CODE_ALPHABET) for _position in range(10))


class TeamQuerySet(models.QuerySet):
    def standing(self):
        """Teams that have not been disbanded."""
        return self.filter(disbanded_at=None)

    def looking(self):
        return self.standing().filter(is_looking=True, size__lt=F("size_limit"))

    def for_looking_list(self, project_stage):
        """The teams of a stage without a project that look for members, with their leads; the emptiest stand first."""
        shown = self.looking().filter(project_stage=project_stage).exclude(placements__project__isnull=False)
        shown = shown.select_related("lead__student")
        return shown.annotate(free_places=F("size_limit") - F("size")).order_by("-free_places", "name", "id")

    def of(self, user):
        return self.standing().filter(members__enrollment__student=user)

    def take_place(self, team_id):
        """Take one place in the database. False when the team is full or gone; the last place goes once."""
        return bool(self.standing().filter(pk=team_id, size__lt=F("size_limit")).update(size=F("size") + 1))

    def release_place(self, team_id):
        """Give one place back. The last person does not leave: the team is disbanded instead."""
        return bool(self.standing().filter(pk=team_id, size__gt=1).update(size=F("size") - 1))


class Team(models.Model):
    """People who do a project together; alone is a team of one. `size` counts its members, under the database's eye.

    A team whose last member left is disbanded and kept, with the last lead: lists and proposals name it.
    """

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="teams", verbose_name=_("project stage")
    )
    name = models.CharField(pgettext_lazy("team", "name"), max_length=60)
    lead = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="led_teams", verbose_name=_("lead"))
    code = models.CharField(_("invitation code"), max_length=20, default=new_team_code, unique=True)
    size = models.PositiveSmallIntegerField(_("people"), default=1, editable=False)
    size_limit = models.PositiveSmallIntegerField(_("people at the most"))
    is_looking = models.BooleanField(_("looks for members"), default=False)
    looking_for = models.CharField(_("looks for"), max_length=240, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    disbanded_at = models.DateTimeField(_("disbanded at"), null=True, blank=True)

    objects = TeamQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["code"])

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "project_stage", Lower("name"), condition=Q(disbanded_at=None), name="team_name_once_per_project_stage",
                violation_error_message=_("Another team has this name. Choose another."),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=F("size_limit")), name="team_size_within_its_limit"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("projects:team", args=self.project_stage.camp.address)

    @property
    def join_url(self):
        """The whole address at which its code is filled in, to be passed on outside of the site."""
        path = reverse("projects:team_join", args=self.project_stage.camp.address)
        return f"{settings.SITE_URL}{path}?code={self.code}"

    @property
    def is_disbanded(self):
        return self.disbanded_at is not None

    @property
    def is_full(self):
        return self.size >= self.size_limit

    def is_led_by(self, user):
        return self.lead.student_id == user.pk


class TeamMember(models.Model):
    """A student's place in a team: one team for each student and project stage."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members", verbose_name=_("team"))
    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="team_members", verbose_name=_("project stage")
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="team_members", verbose_name=_("student")
    )
    joined_at = models.DateTimeField(pgettext_lazy("team", "joined at"), default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_stage", "enrollment"],
                name="student_in_one_team_of_a_project_stage",
                violation_error_message=_("You are in a team already. Leave it first."),
            )
        ]

    def __str__(self):
        return f"{self.enrollment.student} · {self.team}"
