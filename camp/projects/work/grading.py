"""How a grade comes about: a mentor proposes, an organizer confirms, then it is published, and may be changed.

The placement is locked before an evaluation. Nobody decides about themselves, nor where they declared a conflict of
interest. Every change keeps who, when and why in the history of the evaluation.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import as_typed
from camp.notices import services as notices
from camp.projects.errors import ProjectError
from camp.projects.models import Evaluation, Grade
from camp.projects.work import rubric
from camp.projects.work.graders import conflicts_of, is_mentor_of, organizes, seats_of
from camp.projects.work.handing_in import locked

LONGEST_REASON = 300
LONGEST_IN_HISTORY = 100  # Characters of a reason that a line of the history holds; the row has all of it.
AS_THE_TEAM = {"grade": "", "comment": ""}


@transaction.atomic
def propose(placement, *, by, points, grade, comment="", per_member=None, members=None, at=None):
    """A mentor of the project, or an organizer, evaluates the team. Returns the evaluations.

    `members`: ids of the enrollments that this is for; without them, all for whom `by` may propose. `per_member`:
    {id of an enrollment: {"grade": …, "comment": …}}, where something else holds than for the team.
    """
    placement, per_member = locked(placement), per_member or {}
    _require_grader(placement, by)
    seats = _chosen(seats_of(placement, viewer=by), members, per_member)
    words = {"points": _checked(placement, points), "by": by, "at": at or timezone.now()}
    made = []
    for seat in seats:
        own = AS_THE_TEAM | per_member.get(seat.pk, {})
        words |= {"grade": _grade(own["grade"] or grade), "comment": own["comment"] or comment}
        made.append(_proposed(placement, seat, **words))
    return made


def _require_grader(placement, user):
    if not placement.is_placed:
        raise ProjectError(_("This team has no project, so there is nothing to evaluate."))
    if not is_mentor_of(user, placement.project) and not organizes(user, placement.team.project_stage.camp):
        raise ProjectError(_("Only the mentors of a project and the organizers evaluate its teams."))


def _chosen(seats, members, per_member):
    """Those for whom something is proposed. Whoever is named and must not be evaluated makes it a refusal."""
    named = {*(members or ()), *per_member}
    if named - {seat.pk for seat in seats}:
        raise ProjectError(
            _("Somebody you evaluate is not in this team any more. Load the page and look at the evaluation again.")
        )
    for seat in seats:
        if seat.pk in named and not seat.can_be_proposed:
            raise ProjectError(f"{seat.enrollment.student}: {seat.refusal}")
    chosen = [seat for seat in seats if seat.can_be_proposed and (members is None or seat.pk in members)]
    if not chosen:
        raise ProjectError(_("There is nobody in this team whom you can evaluate now."))
    return chosen


def _checked(placement, points):
    try:
        return rubric.checked(list(placement.team.project_stage.criteria.all()), points)
    except rubric.RubricError:
        raise ProjectError(
            _("Give points for each criterion, from 0 to its maximum. The rubric may have changed.")
        ) from None


def _grade(value):
    if value not in Grade.values:
        raise ProjectError(_("Choose a grade: excellent, pass or fail."))
    return Grade(value)


def _proposed(placement, seat, *, points, grade, comment, by, at):
    row = seat.evaluation or Evaluation(placement=placement, enrollment=seat.enrollment)
    row.points, row.proposed_grade, row.comment, row.proposed_by, row.proposed_at = points, grade, comment, by, at
    return kept(row, by=by)


@transaction.atomic
def confirm(evaluation, *, by, grade=None, reason="", at=None):
    """An organizer confirms the proposed grade, or another one with a reason. Not seen by the student yet."""
    evaluation = locked_evaluation(evaluation)
    require_decider(evaluation, by)
    if not evaluation.proposed_grade:
        raise ProjectError(_("No mentor has proposed a grade yet."))
    if evaluation.is_published:
        raise ProjectError(_("This grade is published. Change it, with a reason, instead of confirming it."))
    grade = _grade(grade or evaluation.proposed_grade)
    if evaluation.grade == grade:
        raise ProjectError(_("This grade is confirmed already."))
    if needs_reason(evaluation, grade):
        reason = required(reason)
    return _decided(evaluation, grade, by=by, reason=reason, at=at or timezone.now())


def needs_reason(evaluation, grade):
    """Whether to confirm this grade is more than to agree with the mentor."""
    return grade != evaluation.proposed_grade or bool(evaluation.grade)


@transaction.atomic
def publish(evaluations, *, by, at=None):
    """Let the students see their confirmed grades, and tell each of them. All of these, or none."""
    at, wanted = at or timezone.now(), {evaluation.pk for evaluation in evaluations}
    rows = [locked_evaluation(Evaluation(pk=pk)) for pk in sorted(wanted)]
    for row in rows:
        if not row.grade:
            raise ProjectError(_("An organizer confirms a grade before it is published."))
        if row.is_published:
            raise ProjectError(_("This grade is published already."))
        row.published_at = at
        kept(row, by=by)
        tell(row, "graded", at=at)
    return rows


@transaction.atomic
def change(evaluation, *, by, grade, reason, at=None):
    """Change a confirmed or published grade, with a reason; of a published one the student hears at once.

    A certificate of the old grade stays as it is: the staff revoke it and issue another, knowing what they do.
    """
    evaluation = locked_evaluation(evaluation)
    require_decider(evaluation, by)
    if not evaluation.grade:
        raise ProjectError(
            _("This grade is not confirmed yet. Confirm it; to give another grade than the proposed one, add a reason.")
        )
    at = at or timezone.now()
    regrade(evaluation, by=by, grade=grade, reason=reason, at=at)
    if evaluation.is_published:
        tell(evaluation, "grade_changed", at=at)
    return evaluation


def regrade(evaluation, *, by, grade, reason, at):
    """Write another grade into a locked evaluation. A published one is published anew."""
    grade = _grade(grade)
    if evaluation.grade == grade:
        raise ProjectError(_("This is the grade that it has already."))
    if evaluation.is_published:
        evaluation.published_at = at
    return _decided(evaluation, grade, by=by, reason=required(reason), at=at)


def _decided(evaluation, grade, *, by, reason, at):
    evaluation.grade, evaluation.confirmed_by, evaluation.confirmed_at = grade, by, at
    evaluation.reason = reason[:LONGEST_REASON]
    return kept(evaluation, by=by, reason=reason)


def kept(row, *, by, reason=""):
    """Store a row with a line of history that says whose change it was and why."""
    row._history_user, row._change_reason = by, reason[:LONGEST_IN_HISTORY] or None
    row.save()
    return row


def locked_evaluation(evaluation):
    """The evaluation as it is stored now, and nobody else changes it until this is done."""
    rows = Evaluation.objects.select_for_update(of=("self",), no_key=True).select_related(
        "enrollment__student", "enrollment__camp__organization", "placement__project", "placement__team__project_stage"
    )
    return rows.get(pk=evaluation.pk)


def require_decider(evaluation, user):
    if evaluation.enrollment_id in conflicts_of(user, evaluation.placement.team.project_stage):
        raise ProjectError(_("You have a conflict of interest with this student. Another organizer decides."))


def required(reason):
    reason = as_typed(reason).strip()
    if not reason:
        raise ProjectError(_("Give a reason; the student may read it."))
    return reason


def tell(evaluation, kind, *, at, **context):
    """Write to the student about their grade. The address is that of their work."""
    camp = evaluation.enrollment.camp
    url = reverse("projects:work", args=camp.address)
    words = {"evaluation": evaluation, "project": evaluation.placement.project, "at": at, **context}
    notices.queue(f"projects/{kind}", to=evaluation.enrollment.student, camp=camp, url=url, **words)
