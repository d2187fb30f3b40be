from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.projects.models.project import Project
from camp.projects.models.selection import SelectionRound
from camp.projects.models.team import Team


class AllocationRun(models.Model):
    """One computed allocation of a round, kept as it was: what went in, the seed, what came out, and their digest.

    `snapshot`: the problem in plain JSON, enough to compute it again without the database.
    `placements`: {team id: project id}; `closed`: ids of projects that staff closed for this run.
    """

    round = models.ForeignKey(
        SelectionRound, on_delete=models.PROTECT, related_name="runs", verbose_name=_("selection round")
    )
    number = models.PositiveIntegerField(_("number"))
    seed = models.CharField(_("seed of the lottery"), max_length=64)
    closed = models.JSONField(_("projects closed"), default=list)
    snapshot = models.JSONField(_("what went in"), default=dict)
    placements = models.JSONField(_("what came out"), default=dict)
    reasons = models.JSONField(_("reasons"), default=dict)
    statistics = models.JSONField(_("statistics"), default=dict)
    result_hash = models.CharField(_("digest"), max_length=64)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("allocation run")
        verbose_name_plural = _("allocation runs")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="allocation_run_number_once_per_round"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(published_at__isnull=False), name="one_allocation_run_is_published"
            ),
        ]

    def __str__(self):
        words = _("run %(number)d") % {"number": self.number}
        return f"{self.round} · {words}"

    @property
    def is_published(self):
        return self.published_at is not None


class ManualMove(models.Model):
    """Staff put a team elsewhere after the computation; without a project: nowhere. `blocking`: pairs it created.

    A move is never deleted: another one takes it back. Two teams are exchanged by two moves, the second of which names
    the first in `exchanged_with`; the pairs are with the first.
    """

    run = models.ForeignKey(
        AllocationRun, on_delete=models.CASCADE, related_name="moves", verbose_name=_("allocation run")
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="moves", verbose_name=_("team"))
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("project")
    )
    reason = models.CharField(_("reason"), max_length=300)
    blocking = models.JSONField(_("blocking pairs"), default=list)
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by",
        verbose_name=_("takes back"),
    )  # fmt: skip
    exchanged_with = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="counterpart",
        verbose_name=_("exchanged with"),
    )  # fmt: skip
    moved_at = models.DateTimeField(_("moved at"), default=timezone.now)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("moved by")
    )

    class Meta:
        verbose_name = _("manual move")
        verbose_name_plural = _("manual moves")
        ordering = ["moved_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="manual_move_has_a_reason")]

    def __str__(self):
        return f"{self.team} → {self.project or '–'}"


class PlacementQuerySet(models.QuerySet):
    def placed(self):
        return self.exclude(project=None)

    def for_page(self):
        return self.select_related(
            "project__project_stage__camp__organization", "project__mentor__user", "team__project_stage", "round"
        )


class Placement(models.Model):
    """What a round gave a team: its project, or none, and why. Written when the allocation is published.

    `choice`: the rank of the project on the team's list, None when it was not there.
    `why`: [{"project": id, "title": "…", "rank": n, "reason": "…", …}] for what the team wanted more.
    """

    round = models.ForeignKey(
        SelectionRound, on_delete=models.PROTECT, related_name="placements", verbose_name=_("selection round")
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="placements", verbose_name=_("team"))
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="placements", verbose_name=_("project")
    )
    choice = models.PositiveSmallIntegerField(_("choice"), null=True, blank=True)
    is_manual = models.BooleanField(_("placed by hand"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    why = models.JSONField(_("why not"), default=list)
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now)

    objects = PlacementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["project", "team__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "team"], name="placement_once_per_round"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(project__isnull=False), name="team_has_one_project_at_the_most"
            ),
        ]

    def __str__(self):
        return f"{self.team} · {self.project or '–'}"

    @property
    def is_placed(self):
        return self.project_id is not None
