"""What a board keeps besides its standings: its version, its freeze, and the histogram that ranks come from."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.rankings.models.standing import POINTS
from camp.stages.models import Course


class Board(models.Model):
    """The board of a course. Who changes it locks this row, after all enrollments: so nobody waits in a ring.

    `version` counts the changes of the live standings, `frozen_version` those of the frozen ones; either is bumped for
    whatever changes on the page. Both begin again from 0 when they are used up. `calls_back` counts what must be seen
    at once, a withdrawal or a hidden name, even by a reader of rows that were rendered a second ago.

    `keeps_copy`: what is received until the freeze is written to the frozen edition too, which is there wholly
    (`is_copied`) or in part.
    """

    MOST = 2**63 - 1

    course = models.OneToOneField(Course, on_delete=models.CASCADE, primary_key=True, verbose_name=_("course"))
    version = models.BigIntegerField(default=0, editable=False)
    frozen_version = models.BigIntegerField(default=0, editable=False)
    calls_back = models.BigIntegerField(default=0, editable=False)
    range_width = models.PositiveIntegerField(_("width of a range"), default=1, editable=False)
    freezes_at = models.DateTimeField(_("frozen from"), null=True, blank=True)
    keeps_copy = models.BooleanField(default=False, editable=False)
    is_copied = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords(
        excluded_fields=["version", "frozen_version", "calls_back", "range_width", "keeps_copy", "is_copied"]
    )

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["course"]

    def __str__(self):
        return str(self.course)

    def is_frozen(self, now=None):
        return self.freezes_at is not None and self.freezes_at <= (now or timezone.now())

    def copies(self, moment):
        """Whether the frozen edition shows what is received at the moment."""
        return self.keeps_copy and (self.freezes_at is None or moment <= self.freezes_at)

    def is_to_freeze(self, now=None):
        return self.freezes_at is not None and not self.is_frozen(now)


class HistogramCell(models.Model):
    """How many standings of a board, live or frozen, lie in one cell. Empty cells may be there."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    is_frozen = models.BooleanField(default=False)
    low = models.DecimalField(**POINTS)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class ScoreRange(HistogramCell):
    """The first level: a range of points, `low` to `low` and the board's width."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "is_frozen", "low"], name="score_range_once_per_board")
        ]

    def __str__(self):
        return f"{self.course_id}: from {self.low} on {self.people}"


class ScoreCount(HistogramCell):
    """The second level: an exact score of a range, reached within one hour (UTC)."""

    points = models.DecimalField(**POINTS)
    hour = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "is_frozen", "low", "points", "hour"], name="score_count_once_per_board"
            )
        ]

    def __str__(self):
        return f"{self.course_id}: {self.points} in {self.hour} {self.people}"
