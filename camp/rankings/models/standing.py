"""Who stands where on a board: the live standings, and those that are shown while a board is frozen."""

from datetime import UTC

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from camp.enrollment.models import Enrollment
from camp.rankings.models.attempt import Attempt
from camp.rankings.ordering import After
from camp.stages.models import Course

POINTS = {"max_digits": 12, "decimal_places": 3}


class PlaceQuerySet(models.QuerySet):
    def on_board(self, course):
        """The population of a course's board, in its order: points, then who reached them first, then id."""
        return self.filter(course=course).order_by("below_zero", "reached_at", "id")

    def after(self, key):
        """Those behind the key (points, reached_at, id) in the order of the board."""
        return self.filter(After(key))

    def from_key(self, key):
        """The one with the key and those behind it."""
        return self.filter(After(key, including=True))

    def for_board(self):
        return self.for_own_place().select_related("enrollment__student")

    def for_own_place(self):
        """All that a row of the board shows but the student."""
        return self.select_related("enrollment__appearance", "best").defer(
            "best__ext", "best__claims", "best__results", "best__answer", "enrollment__answers"
        )


class Place(models.Model):
    """The best accepted attempt of one active student in one course, corrected by staff. Derived; it can be rebuilt.

    `below_zero` is minus the points, so that the order of a board ascends in all its columns and one comparison of
    rows pages through it. `low` is the least score of the range that the points fall into, `reached_hour` the hour
    (UTC) of `reached_at`: the cells of the histogram that the place is counted in.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("course"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("enrollment")
    )
    points = models.DecimalField(_("points"), **POINTS)
    reached_at = models.DateTimeField(_("reached at"))
    best = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("best attempt")
    )
    adjustment = models.DecimalField(_("adjusted by"), default=0, **POINTS)
    below_zero = models.GeneratedField(
        expression=F("points") * -1, output_field=models.DecimalField(**POINTS), db_persist=True
    )
    low = models.DecimalField(default=0, editable=False, **POINTS)
    reached_hour = models.DateTimeField(editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.enrollment.student} · {self.course}: {self.points.normalize():f}"

    @property
    def is_adjusted(self):
        return self.adjustment != 0

    @property
    def key(self):
        """What orders the board: (points, reached_at, id)."""
        return self.points, self.reached_at, self.pk

    @property
    def basis(self):
        """What it was reckoned to: (points, reached_at, best attempt's id, adjustment)."""
        return self.points, self.reached_at, self.best_id, self.adjustment

    @property
    def cell(self):
        """Where the histogram counts it: (low, points, hour)."""
        return self.low, self.points, self.reached_hour

    def take(self, result, *, low):
        """Stand where the result says. `low`: the least score of its range."""
        self.points, self.reached_at, self.best_id = result.points, result.reached_at, result.best_id
        self.adjustment, self.low, self.reached_hour = result.adjustment, low, hour_of(result.reached_at)


def hour_of(moment):
    """The beginning of the hour in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class Standing(Place):
    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["course", "below_zero", "reached_at", "id"]
        constraints = [models.UniqueConstraint(fields=["enrollment", "course"], name="standing_once_per_course")]
        indexes = [models.Index(fields=["course", "below_zero", "reached_at", "id"], name="board_order")]


class FrozenStanding(Place):
    """A standing as it is shown while its board is frozen: from what was received and corrected until then."""

    class Meta:
        verbose_name = _("frozen standing")
        verbose_name_plural = _("frozen standings")
        ordering = ["course", "below_zero", "reached_at", "id"]
        constraints = [models.UniqueConstraint(fields=["enrollment", "course"], name="frozen_standing_once_per_course")]
        indexes = [models.Index(fields=["course", "below_zero", "reached_at", "id"], name="frozen_board_order")]
