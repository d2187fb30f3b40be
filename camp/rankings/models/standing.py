from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from camp.enrollment.models import Enrollment
from camp.rankings.models.attempt import Attempt
from camp.stages.models import Course


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
