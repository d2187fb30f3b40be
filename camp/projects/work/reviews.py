"""A second look at a published grade: a student asks once, an organizer answers. The evaluation is locked first."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import as_typed
from camp.projects.errors import ProjectError
from camp.projects.models import ReviewRequest
from camp.projects.work.grading import kept, locked_evaluation, regrade, require_decider, tell


@transaction.atomic
def ask_review(evaluation, *, by, text, at=None):
    evaluation = locked_evaluation(evaluation)
    if evaluation.enrollment.student_id != by.pk or not evaluation.is_published:
        raise ProjectError(_("You can ask for a review of a published grade of your own."))
    if ReviewRequest.objects.filter(evaluation=evaluation).exists():
        raise ProjectError(_("You have asked for a review already. It can be asked for once."))
    text = as_typed(text)
    if not text:
        raise ProjectError(_("Say what should be looked at again."))
    row = ReviewRequest(evaluation=evaluation, text=text, asked_at=at or timezone.now())
    return kept(row, by=by)


@transaction.atomic
def answer_review(request, *, by, answer, grade=None, at=None):
    """An organizer answers, and may change the grade by it: the answer is the reason, and the grade published anew.

    A certificate of the old grade stays until the staff revoke it and issue another.
    """
    at, evaluation = at or timezone.now(), locked_evaluation(request.evaluation)
    request = ReviewRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    require_decider(evaluation, by)
    if request.is_answered:
        raise ProjectError(_("This request is answered already."))
    answer = as_typed(answer)
    if not answer:
        raise ProjectError(_("Write an answer; the student reads it."))
    is_changed = bool(grade) and grade != evaluation.grade
    if is_changed:
        regrade(evaluation, by=by, grade=grade, reason=answer, at=at)
    request.answer, request.answered_by, request.answered_at = answer, by, at
    tell(evaluation, "review_answered", at=at, request=request, is_changed=is_changed)
    return kept(request, by=by)
