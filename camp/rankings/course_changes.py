"""A course's maximum, or what counts in it, changes below people who have scored: what that does, before and after."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings import boards, histogram, rebuild, standings
from camp.rankings.models import Attempt, Board, FrozenStanding, Standing
from camp.stages import services as stages
from camp.stages.models import CourseProgress, Participation, Requirement
from camp.stages.queries import Facts, rule_of, stages_with_rules

RULES = ("max_points", "counts", "proof_from")
MOST_FORESEEN = 300  # Students whose rules are asked for a warning: some milliseconds each.
MOST_FOLLOWED = 5000  # Students whose standings follow while somebody waits for a page.


@dataclass(frozen=True)
class Effects:
    """What a change would do, in numbers of students: of those looked at, where more are concerned."""

    concerned: int = 0
    looked_at: int = 0
    lowered: int = 0
    raised: int = 0
    completed: int = 0
    discounted: int = 0
    promoted: int = 0
    unreachable: tuple[Requirement, ...] = field(default=())

    @property
    def is_partial(self):
        return self.looked_at < self.concerned

    @property
    def must_be_agreed(self):
        """Whether somebody loses or gains what a later change does not take back."""
        return bool(self.lowered or self.completed or self.discounted or self.promoted or self.unreachable)


def is_change(course, before):
    return any(getattr(course, name) != getattr(before, name) for name in RULES)


def concerned(course, before):
    """The enrollments whose points a change can move: who has an attempt above the lower maximum, or claimed points.

    Staff who gave points may have taken somebody to a maximum from below, so these are concerned too.
    """
    place, progress, absent = Q(pk=None), Q(pk=None), Q(pk=None)
    if course.max_points != before.max_points:
        lower = min(course.max_points, before.max_points)
        place |= Q(best__points__gte=lower) | Q(adjustment__gt=0)
        progress |= Q(points__gte=lower)
    if (course.counts, course.proof_from) != (before.counts, before.proof_from):
        place |= Q(best__source=Attempt.Source.CLAIMED)
        absent |= ~Q(status=Enrollment.Status.ACTIVE) & Exists(_logins_with_claims(course))
    on_board = _has(Standing, place, course) | _has(FrozenStanding, place, course)
    found = on_board | _has(CourseProgress, progress, course) | absent
    return Enrollment.objects.in_camp(course.camp_id).filter(found).order_by("pk")


def _has(model, condition, course):
    return Exists(model.objects.filter(condition, course=course, enrollment=OuterRef("pk")))


def _logins_with_claims(course):
    """Who is away stands on no board; their progress follows their attempts all the same."""
    here = Q(course=course) | Q(corrections__to_course=course)
    claims = Attempt.objects.claimed().filter(here, channel=OuterRef("channel"), login_key=OuterRef("login_key"))
    return Identity.objects.filter(Exists(claims), user=OuterRef("student"))


def foresee(course, before):
    """What would follow if the stored course (`before`) became `course`, which is not saved. Nothing is written."""
    rows = concerned(course, before)
    looked_at = list(rows.select_related("student", "camp")[:MOST_FORESEEN])
    rules, counter = stages_with_rules(course.camp), Counter()
    for stage in rules:
        _let_know(stage, course)
    for enrollment in looked_at:
        counter.update(_outcome(enrollment, course, before, rules))
    return Effects(
        concerned=rows.count() if len(looked_at) == MOST_FORESEEN else len(looked_at), looked_at=len(looked_at),
        unreachable=tuple(_unreachable(course)) if course.max_points < before.max_points else (), **counter,
    )  # fmt: skip


def _let_know(stage, course):
    """Full marks of the course are those that it would have."""
    for group in stage.requirement_groups.all():
        for requirement in group.requirements.all():
            if requirement.course_id == course.pk:
                requirement.course = course


def _unreachable(course):
    asked = Requirement.objects.filter(course=course, points__gt=course.max_points)
    return asked.select_related("group__stage", "course")


def _outcome(enrollment, course, before, rules):
    """The names of what would happen to one student."""
    points, counts = _points(enrollment, course)
    row = Standing.objects.filter(enrollment=enrollment, course=course).first()
    if row:
        yield from ["lowered"] * (points < row.points) + ["raised"] * (points > row.points)
        is_full = 0 < course.max_points <= points
        yield from ["completed"] * (is_full and row.points < before.max_points)
    recorded = standings.points_recorded(enrollment, course)
    yield from ["discounted"] * (counts < min(recorded, course.max_points))
    yield from ["promoted"] * _is_promoted(enrollment, course, counts, rules)


def _points(enrollment, course):
    """(shown, counting) of one student as the course would have it."""
    best, adjustment = standings.best_attempt(enrollment.student, course), standings.adjustment_of(enrollment, course)
    counting = best if best is None or best.counts_in(course) else standings.best_counting(enrollment.student, course)
    results = (standings.result_of(attempt, adjustment, course) for attempt in (best, counting))
    return tuple(result.points if result else 0 for result in results)


def _is_promoted(enrollment, course, points, rules):
    if not enrollment.is_active:
        return False
    facts = Facts(enrollment)
    facts.points[course.pk] = points
    decided = set(Participation.objects.filter(enrollment=enrollment).values_list("stage_id", flat=True))
    return any(stage.pk not in decided and rule_of(stage, facts).is_met for stage in rules)


@dataclass(frozen=True)
class Followed:
    """What a change did: how many students' points it moved, how many it promoted; None of both where too many were
    concerned to follow while somebody waits.
    """

    changed: int | None
    promoted: int | None

    @property
    def is_nothing(self):
        return self.changed == self.promoted == 0


@transaction.atomic
def follow(course, before, *, at=None):
    """Bring points, ranges and promotions to what the course, saved by now, says. `before`: as it was."""
    at, rows = at or timezone.now(), concerned(course, before)
    if rows.count() > MOST_FOLLOWED:
        return Followed(None, None)
    admitted = Participation.objects.admitted().filter(enrollment__camp=course.camp_id)
    enrollments, so_far = standings.lock_all(rows), admitted.count()
    changed = sum(standings.derive(enrollment, course, at=at) for enrollment in enrollments)
    for enrollment in enrollments:
        stages.promote_where_met(enrollment, at=at)
    _fit_ranges(course, at=at)
    return Followed(changed, admitted.count() - so_far)


def _fit_ranges(course, *, at):
    width = histogram.width_for(course.max_points)
    if Board.objects.filter(course=course).exclude(range_width=width).exists():
        rebuild.recount(boards.lock(course, at=at), width=width)
