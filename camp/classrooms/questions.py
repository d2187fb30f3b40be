"""What happens to the questions of a course: they are asked, corrected, wanted, answered, settled, pinned and hidden.

Who may is decided before, by `access`. The row of the question is locked first in every service, so that nobody answers
or votes for what is just being hidden; where a student writes, their enrollment is locked before it, so that the limits
hold however many requests come at once.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import as_typed
from camp.classrooms import question_notices
from camp.classrooms.models import Answer, Question, Vote
from camp.classrooms.services import ClassroomError, TooManyError, WrongInputError
from camp.enrollment.models import Enrollment

MOST_QUESTIONS, MOST_ANSWERS = 5, 20  # Of one student in one camp, in this time:
LIMITS_COUNT_FOR = timedelta(minutes=10)


class AlreadyDoneError(ClassroomError):
    """The page that the reader acted on is old."""

    status = 409


@transaction.atomic
def ask(course, *, by, title, text="", is_anonymous=False, enrollment=None, at=None):
    """A question to a course. A student's (`enrollment`) are limited, those taken back too; the staff's are not."""
    at = at or timezone.now()
    if enrollment:
        asked = Question.history.filter(
            history_type="+", author=by, course__camp=enrollment.camp_id, asked_at__gt=at - LIMITS_COUNT_FOR
        )
        _require_less(enrollment, asked, MOST_QUESTIONS, _("You have asked much. Wait ten minutes, then ask again."))
    return Question.objects.create(
        course=course, author=by, title=title, text=text, is_anonymous=is_anonymous, asked_at=at
    )


@transaction.atomic
def answer(question, *, by, text, is_staff=False, enrollment=None, at=None):
    """Answer a question. An answer of the staff settles it, one of a student does not.

    Who asked without a name answers as who asked, never as staff.
    """
    at = at or timezone.now()
    if enrollment:
        recent = Answer.objects.filter(
            author=by, question__course__camp=enrollment.camp_id, answered_at__gt=at - LIMITS_COUNT_FOR
        )
        _require_less(enrollment, recent, MOST_ANSWERS, _("You have answered much. Wait ten minutes, then go on."))
    question = _locked(question)
    is_by_staff = is_staff and not (question.is_anonymous and question.author_id == by.pk)
    is_first = not question.has_answers_of_others
    made = Answer.objects.create(question=question, author=by, text=text, is_by_staff=is_by_staff, answered_at=at)
    if is_by_staff and not question.is_answered:
        _settle(question, by=by, at=at)
    question_notices.tell_asker(question, made, mail=is_first or is_by_staff)
    return made


@transaction.atomic
def correct_question(question, *, by, title, text, is_anonymous=None, enrollment=None):
    """Let who asked put it in other words. Without `is_anonymous` their name is shown or not as before."""
    _require_place(enrollment)
    question = _locked(question)
    require_changeable(question, by=by)
    question.title, question.text = title, text
    if is_anonymous is not None:
        question.is_anonymous = is_anonymous
    question.save(update_fields=["title", "text", "is_anonymous"])
    return question


@transaction.atomic
def take_question_back(question, *, by, enrollment=None):
    """Delete a question with its votes and with what its author added below. The history keeps the words."""
    _require_place(enrollment)
    question = _locked(question)
    require_changeable(question, by=by)
    question.delete()


@transaction.atomic
def correct_answer(answer, *, by, text, enrollment=None, at=None):
    """Let who answered put it in other words, soon after. Nobody is told twice."""
    _require_place(enrollment)
    question = _locked(answer.question)
    answer = question.answers.get(pk=answer.pk)
    require_correctable(answer, by=by, at=at or timezone.now())
    answer.text = text
    answer.save(update_fields=["text"])
    return answer


def require_changeable(question, *, by):
    """The words of a question are its author's, until somebody else has answered them or the staff hide them."""
    if question.author_id != by.pk:
        raise ClassroomError(_("Only who asked a question corrects it or takes it back."))
    _require_shown(question)
    if question.has_answers_of_others:
        raise AlreadyDoneError(
            _("Somebody has answered meanwhile, so your question stays as it is. Write below it what you want to add.")
        )


def require_correctable(answer, *, by, at):
    """The words of an answer are its author's for a while, unless the staff hide them or the question."""
    if answer.author_id != by.pk:
        raise ClassroomError(_("Only who wrote an answer corrects it."))
    _require_shown(answer.question)
    if answer.is_hidden:
        raise ClassroomError(_("This answer is hidden: it stays as it is until the staff show it."))
    if not answer.is_new_at(at):
        raise AlreadyDoneError(
            _("An answer can be corrected for 15 minutes, and they are over. Write another answer with what is right.")
        )


@transaction.atomic
def vote(question, *, by, at=None):
    """Want to know it too. The database keeps one vote of each person; only a vote that it took is counted."""
    question = _locked(question)
    if question.author_id == by.pk:
        raise ClassroomError(_("This is your own question; the others vote for it."))
    _ballot, is_new = Vote.objects.get_or_create(
        question=question, voter=by, defaults={"voted_at": at or timezone.now()}
    )
    if not is_new:
        raise AlreadyDoneError(_("You have voted for this question already. A vote counts once."))
    Question.objects.count_vote(question.pk)
    question.refresh_from_db(fields=["votes"])
    return question


@transaction.atomic
def take_vote_back(question, *, by):
    question = _locked(question)
    taken, _each = Vote.objects.filter(question=question, voter=by).delete()
    if not taken:
        raise AlreadyDoneError(_("You have no vote for this question."))
    Question.objects.count_vote(question.pk, -1)
    question.refresh_from_db(fields=["votes"])
    return question


@transaction.atomic
def mark_answered(question, *, by, at=None):
    question = _locked(question)
    if question.is_answered:
        raise AlreadyDoneError(_("This question is marked as answered already."))
    return _settle(question, by=by, at=at or timezone.now())


@transaction.atomic
def reopen(question, *, by):
    """The answers do not settle it, says who asked or the staff."""
    question = _locked(question)
    if not question.is_answered:
        raise AlreadyDoneError(_("This question is open already."))
    return _settle(question, by=None, at=None)


@transaction.atomic
def pin(question, *, by):
    question = _locked(question)
    if question.is_pinned:
        raise AlreadyDoneError(_("This question is pinned already."))
    return _set_pinned(question, is_pinned=True)


@transaction.atomic
def unpin(question, *, by):
    question = _locked(question)
    if not question.is_pinned:
        raise AlreadyDoneError(_("This question is not pinned."))
    return _set_pinned(question, is_pinned=False)


@transaction.atomic
def hide(question, *, by, reason):
    """Take a question out of the students' sight, and off the top. Its author reads why."""
    reason = _required(reason)
    question = _locked(question, even_hidden=True)
    _set_pinned(question, is_pinned=False)
    _hide(question, by=by, reason=reason)
    question_notices.tell_author(question, question, by=by)
    return question


@transaction.atomic
def show(question, *, by):
    return _show(_locked(question, even_hidden=True))


@transaction.atomic
def hide_answer(answer, *, by, reason):
    """Take an answer out of the students' sight. A question that it settled is open again."""
    reason = _required(reason)
    question = _locked(answer.question, even_hidden=True)
    answer = question.answers.select_related("author").get(pk=answer.pk)
    _hide(answer, by=by, reason=reason)
    if _settled_by(question, answer):
        other = question.answers.visible().filter(is_by_staff=True).order_by("answered_at", "id").first()
        _settle(question, by=other and other.author, at=other and other.answered_at)
    question_notices.tell_author(answer, question, by=by)
    return answer


@transaction.atomic
def show_answer(answer, *, by):
    """The answer counts again: one of the staff settles an open question, as when it was given."""
    question = _locked(answer.question, even_hidden=True)
    answer = _show(question.answers.select_related("author").get(pk=answer.pk))
    if answer.is_by_staff and not question.is_answered:
        _settle(question, by=answer.author, at=answer.answered_at)
    return answer


def _locked(question, *, even_hidden=False):
    """The question as it is stored now; nobody else changes it until this is done."""
    rows = Question.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("course__camp__organization", "course__stage", "author")
    question = rows.filter(pk=question.pk).first()
    if question is None:
        raise AlreadyDoneError(_("This question is not here any more: who asked it has taken it back."))
    if not even_hidden:
        _require_shown(question)
    return question


def _require_shown(question):
    if question.is_hidden:
        raise ClassroomError(_("This question is hidden: it stays as it is until the staff show it."))


def _require_place(enrollment):
    """A student writes only while enrolled, and does one thing at a time. The staff have no `enrollment`."""
    if enrollment is None:
        return
    enrollment = Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    if not enrollment.is_active:
        raise ClassroomError(_("This is for enrolled students of this camp, and you are not one now."))


def _require_less(enrollment, rows, most, refusal):
    _require_place(enrollment)
    if rows.count() >= most:
        raise TooManyError(refusal)


def _required(reason):
    reason = as_typed(reason).strip()
    if not reason:
        raise WrongInputError(_("Give a reason; the author reads it."))
    return reason


def _settle(question, *, by, at):
    """Set who settled the question and when; None for both opens it."""
    question.answered_by, question.answered_at = by, at
    question.save(update_fields=["answered_by", "answered_at"])
    return question


def _settled_by(question, answer):
    """Whether it was this answer that settled the question, and nobody has marked it by hand since."""
    return answer.is_by_staff and (question.answered_by_id, question.answered_at) == (
        answer.author_id,
        answer.answered_at,
    )


def _set_pinned(question, *, is_pinned):
    question.is_pinned = is_pinned
    question.save(update_fields=["is_pinned"])
    return question


def _hide(row, *, by, reason):
    if row.is_hidden:
        raise AlreadyDoneError(_("This is hidden already."))
    row.is_hidden, row.hidden_by, row.hidden_reason = True, by, reason
    row.save(update_fields=["is_hidden", "hidden_by", "hidden_reason"])


def _show(row):
    if not row.is_hidden:
        raise AlreadyDoneError(_("This is not hidden."))
    row.is_hidden, row.hidden_by, row.hidden_reason = False, None, ""
    row.save(update_fields=["is_hidden", "hidden_by", "hidden_reason"])
    return row
