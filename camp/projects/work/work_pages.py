"""What the pages around the work of a team show, gathered for their templates."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from camp.projects.certificate_state import CertificateState, certificate_state
from camp.projects.models import Evaluation, Grade, HandIn, Placement, ReviewRequest
from camp.projects.work import rubric
from camp.projects.work.graders import people_of
from camp.projects.work.handing_in import counted


@dataclass(frozen=True)
class Handed:
    """A hand-in as a line of a list. `is_after`: it came when the team was evaluated already."""

    row: HandIn
    counts: bool
    is_after: bool = False


@dataclass(frozen=True)
class Folded:
    """What a team handed in, for its own page: the one that counts and what came after it, then the earlier ones."""

    latest: list
    earlier: list

    @property
    def counting(self):
        return next((one.row for one in self.latest if one.counts), None)


@dataclass(frozen=True)
class Graded:
    """A published grade with its rubric, what the student asked about it, and their certificate."""

    evaluation: Evaluation
    rows: list
    percentage: object
    review: ReviewRequest | None
    certificate: CertificateState


@dataclass(frozen=True)
class Line:
    """A team on the list of those who evaluate: what it handed in last, and how far the grades of its people are."""

    placement: Placement
    last: HandIn | None
    evaluations: list
    people: int

    @property
    def proposed(self):
        return sum(bool(one.proposed_grade) for one in self.evaluations)

    @property
    def confirmed(self):
        return sum(bool(one.grade) for one in self.evaluations)

    @property
    def published(self):
        return sum(one.is_published for one in self.evaluations)

    @property
    def is_proposed(self):
        return self.proposed == self.people

    @property
    def is_confirmed(self):
        return self.confirmed == self.people

    @property
    def is_published(self):
        return self.published == self.people

    @property
    def is_newer(self):
        """Whether what counts was handed in after the team was evaluated."""
        return bool(self.last) and is_after(self.last, self.evaluations)


def is_after(hand_in, evaluations):
    """Whether somebody was evaluated before this was handed in."""
    return any(one.proposed_at and one.proposed_at < hand_in.handed_in_at for one in evaluations)


def handed_in(placement, *, evaluations=()):
    """All that a team handed in, the last first; the one that counts is marked, and what came after `evaluations`."""
    rows = list(placement.hand_ins.select_related("handed_in_by").order_by("-number"))
    counting = counted(rows, placement.team.project_stage.hand_in_closes_at)
    return [Handed(row, counts=row is counting, is_after=is_after(row, evaluations)) for row in rows]


def folded(handed):
    """These hand-ins, the last first, parted after the one that counts."""
    shown = next((place for place, one in enumerate(handed, start=1) if one.counts), len(handed))
    return Folded(handed[:shown], handed[shown:])


def graded(enrollment, project_stage):
    """What a student may see of their grade; None until it is published."""
    published = Evaluation.objects.published().filter(enrollment=enrollment).select_related("placement__project")
    evaluation = published.filter(placement__project__project_stage=project_stage).order_by("-published_at").first()
    if evaluation is None:
        return None
    criteria = list(project_stage.criteria.all())
    return Graded(
        evaluation,
        rows=rubric.rows(criteria, evaluation.points),
        percentage=rubric.percentage(criteria, evaluation.points),
        review=ReviewRequest.objects.filter(evaluation=evaluation).first(),
        certificate=certificate_state(evaluation),
    )


def lines_of(project_stage, *, mentor=None):
    """The placed teams of a mentor's projects, or of the whole stage, in a constant number of queries."""
    placements = Placement.objects.placed().filter(team__project_stage=project_stage).for_page()
    if mentor:
        placements = placements.filter(Q(project__mentor=mentor) | Q(project__co_mentors=mentor)).distinct()
    related = ("hand_ins", "evaluations", "team__members")
    placements = list(placements.prefetch_related(*related).order_by("project__number", "team__name", "pk"))
    closes_at, people = project_stage.hand_in_closes_at, people_of(placements)
    return [
        Line(one, counted(one.hand_ins.all(), closes_at), list(one.evaluations.all()), len(people[one.pk]))
        for one in placements
    ]


def reckoned(criteria, points):
    """What the rubric makes of the points so far: the percentage and the grade that it suggests, with its name."""
    share = rubric.percentage(criteria, points)
    grade = rubric.suggested(share)
    return {"percentage": share, "suggested": Grade(grade).label if grade else "", "suggested_grade": grade}


def first_values(seats):
    """What a form for these seats begins with: the proposals there are, and else all members to be evaluated."""
    seats = [seat for seat in seats if seat.can_be_proposed]
    proposed = [seat.evaluation for seat in seats if seat.evaluation and seat.evaluation.proposed_grade]
    base = proposed[0] if proposed else Evaluation()
    values = {"grade": base.proposed_grade, "comment": base.comment}
    values |= {f"points-{key}": points for key, points in base.points.items()}
    for seat in seats:
        values |= _own_values(seat, base)
    return values


def _own_values(seat, base):
    own = seat.evaluation or base
    return {
        f"include-{seat.pk}": True,
        f"grade-{seat.pk}": own.proposed_grade if own.proposed_grade != base.proposed_grade else "",
        f"comment-{seat.pk}": own.comment if own.comment != base.comment else "",
    }


def deadline(project_stage, now=None):
    """The deadline of the stage, and whether it is over."""
    return {
        "closes_at": project_stage.hand_in_closes_at,
        "is_open": project_stage.takes_hand_ins(now or timezone.now()),
    }
