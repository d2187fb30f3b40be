from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from camp.enrollment.models import Enrollment
from camp.projects.models.stage import ProjectStage
from camp.projects.models.team import Team


class JoinRequestQuerySet(models.QuerySet):
    def open(self):
        """What a lead can still answer: of a student who is in no team of the stage by now, to a team that stands."""
        waiting = self.filter(status=JoinRequest.Status.OPEN, team__disbanded_at=None)
        return waiting.exclude(enrollment__team_members__project_stage=F("team__project_stage"))

    def to_answer(self, team):
        return self.open().filter(team=team).select_related("enrollment__student").order_by("asked_at", "pk")


class JoinRequest(models.Model):
    """A student asks the lead of a team to be let in. Once for each team, whatever the answer."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("request", "declined")
        TAKEN_BACK = "taken_back", _("taken back")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("team"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("student")
    )
    note = models.CharField(pgettext_lazy("remark", "note"), max_length=240, blank=True)
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.OPEN)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["team", "enrollment"], name="team_asked_once_by_a_student")]

    def __str__(self):
        return f"{self.enrollment.student} · {self.team}"

    @property
    def is_open(self):
        return self.status == self.Status.OPEN


class SeekerQuerySet(models.QuerySet):
    def seeking(self, project_stage):
        """Those of a stage who are in no team of it and still in the camp, the latest first."""
        placed = {"enrollment__team_members__project_stage": project_stage}
        seeking = self.filter(project_stage=project_stage, enrollment__status=Enrollment.Status.ACTIVE)
        return seeking.exclude(**placed).select_related("enrollment__student").order_by("-since", "-pk")


class Seeker(models.Model):
    """A student who looks for a team, without founding one."""

    project_stage = models.ForeignKey(
        ProjectStage, on_delete=models.CASCADE, related_name="seekers", verbose_name=_("project stage")
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="seeks", verbose_name=_("student")
    )
    about = models.CharField(_("about them"), max_length=240)
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects = SeekerQuerySet.as_manager()

    class Meta:
        verbose_name = _("student who looks for a team")
        verbose_name_plural = _("students who look for a team")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project_stage", "enrollment"], name="student_seeks_once_in_a_stage")
        ]

    def __str__(self):
        return str(self.enrollment.student)
