"""Asking and answering in a course. Its list of questions is a tab of the course's page.

Strangers to the camp get 404, people of the camp who are not in this classroom 403.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from camp.camps.views import camp_or_404
from camp.classrooms import questions as services
from camp.classrooms.access import access_to
from camp.classrooms.models import Answer, Question
from camp.classrooms.qa import Thread
from camp.classrooms.question_forms import AnswerForm, AskForm, HideForm
from camp.classrooms.services import ClassroomError
from camp.stages.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, **address):
    course, access = _classroom(request, **address)
    form = AskForm(request.POST if request.method == "POST" else None, may_be_anonymous=not access.is_staff)
    words = {"by": request.user, "enrollment": _limited(access)}
    made, status = _attempt(form, services.ask, course, **words)
    if made:
        messages.success(request, _("Your question is here for the course. A notice tells you of answers."))
        return redirect(made)
    context = {"camp": course.camp, "course": course, "form": form}
    return render(request, "classrooms/question_ask.html", context, status=status)


@require_safe
def question(request, pk, **address):
    return _page(request, _thread(request, pk, **address), AnswerForm())


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk, **address):
    thread = _asked(request, pk, **address)
    question, access = thread.question, thread.access
    is_sent, rule = request.method == "POST", {"may_be_anonymous": not access.is_staff}
    form = AskForm(request.POST, **rule) if is_sent else AskForm(initial=model_to_dict(question), **rule)
    if not is_sent and (error := _refusal(services.require_changeable, question, by=request.user)):
        return _refused(request, thread, error)
    words = {"by": request.user, "enrollment": _limited(access)}
    made, status = _attempt(form, services.correct_question, question, **words)
    return _corrected(request, thread, form, made, status)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, pk, **address):
    """Ask on a page that names the question, then delete it."""
    thread = _asked(request, pk, **address)
    course, is_sent = thread.question.course, request.method == "POST"
    words = {"enrollment": _limited(thread.access)} if is_sent else {}
    service = services.take_question_back if is_sent else services.require_changeable
    if error := _refusal(service, thread.question, by=request.user, **words):
        return _refused(request, thread, error)
    if is_sent:
        messages.success(request, _("Your question is taken back."))
        return redirect(f"{course.get_absolute_url()}?tab=qa")
    context = {"camp": course.camp, "course": course, "thread": thread}
    return render(request, "classrooms/question_take_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_answer(request, pk, **address):
    answer, thread = _written(request, pk, **address)
    is_sent, words = request.method == "POST", {"by": request.user, "at": timezone.now()}
    form = AnswerForm(request.POST) if is_sent else AnswerForm(initial={"text": answer.text})
    if not is_sent and (error := _refusal(services.require_correctable, answer, **words)):
        return _refused(request, thread, error)
    words["enrollment"] = _limited(thread.access)
    made, status = _attempt(form, services.correct_answer, answer, **words)
    return _corrected(request, thread, form, made, status, answer=answer)


@require_POST
def answer(request, pk, **address):
    thread, form = _thread(request, pk, **address), AnswerForm(request.POST)
    words = {"by": request.user, "is_staff": thread.access.is_staff, "enrollment": _limited(thread.access)}
    made, status = _attempt(form, services.answer, thread.question, **words)
    if made:
        return redirect(f"{thread.question.get_absolute_url()}#answer-{made.pk}")
    return _page(request, thread, form, status=status)


@require_POST
def vote(request, pk, **address):
    said = _("Your vote is counted: the staff see what most want to know.")
    return _voted(request, _thread(request, pk, **address), services.vote, said)


@require_POST
def take_vote_back(request, pk, **address):
    return _voted(request, _thread(request, pk, **address), services.take_vote_back, _("Your vote is taken back."))


@require_POST
def mark_answered(request, pk, **address):
    thread = _thread(request, pk, **address)
    thread.require_settler()
    return _done(request, thread, services.mark_answered, _("The question is marked as answered."))


@require_POST
def reopen(request, pk, **address):
    thread = _thread(request, pk, **address)
    thread.require_settler()
    return _done(request, thread, services.reopen, _("The question is open again."))


@require_POST
def pin(request, pk, **address):
    thread = _taught(request, pk, **address)
    return _done(request, thread, services.pin, _("The question is pinned to the top."))


@require_POST
def unpin(request, pk, **address):
    return _done(request, _taught(request, pk, **address), services.unpin, _("The question is not pinned any more."))


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request, pk, **address):
    thread = _taught(request, pk, **address)
    return _hidden(request, thread, services.hide, thread.question)


@require_POST
def show(request, pk, **address):
    return _done(request, _taught(request, pk, **address), services.show, _("The question is shown again."))


@require_http_methods(["GET", "HEAD", "POST"])
def hide_answer(request, pk, **address):
    answer, thread = _judged(request, pk, **address)
    return _hidden(request, thread, services.hide_answer, answer)


@require_POST
def show_answer(request, pk, **address):
    answer, thread = _judged(request, pk, **address)
    return _done(request, thread, services.show_answer, _("The answer is shown again."), answer)


def _classroom(request, organization, slug, number):
    """The course of an address and what the reader may do in it."""
    camp = camp_or_404(organization, slug, user=request.user)
    course = get_object_or_404(Course.objects.for_page(), camp=camp, number=number)
    access = access_to(request.user, camp, course)
    if not access.is_known:
        raise Http404
    access.require_entry()
    return course, access


def _thread(request, pk, **address):
    """A question that the reader may see: hidden ones are for their author and the staff."""
    course, access = _classroom(request, **address)
    questions = Question.objects.of_course(course).seen_by(request.user, is_staff=access.is_staff)
    question = get_object_or_404(questions.select_related("author"), pk=pk)
    question.course = course
    return Thread(question, viewer=request.user, access=access)


def _taught(request, pk, **address):
    thread = _thread(request, pk, **address)
    thread.access.require_teacher()
    return thread


def _asked(request, pk, **address):
    thread = _thread(request, pk, **address)
    thread.require_asker()
    return thread


def _answer(request, pk, **address):
    """An answer that the reader may see, and the thread that it is in."""
    course, access = _classroom(request, **address)
    answers = Answer.objects.filter(question__course=course).seen_by(request.user, is_staff=access.is_staff)
    answer = get_object_or_404(answers, pk=pk)
    thread = _thread(request, answer.question_id, **address)
    answer.question = thread.question
    return answer, thread


def _written(request, pk, **address):
    answer, thread = _answer(request, pk, **address)
    if answer.author_id != request.user.pk:
        raise PermissionDenied(_("Only who wrote an answer corrects it."))
    return answer, thread


def _judged(request, pk, **address):
    answer, thread = _answer(request, pk, **address)
    thread.access.require_teacher()
    return answer, thread


def _limited(access):
    """The enrollment whose limits count: the staff have none."""
    return None if access.is_staff else access.enrollment


def _attempt(form, service, row, **words):
    """What the service made of a sent form. Else None and the HTTP status; a refusal then stands on the form."""
    if not form.is_valid():
        return None, 400 if form.is_bound else 200
    try:
        return service(row, **words, **form.cleaned_data), 200
    except ClassroomError as error:
        form.add_error(None, str(error))
        return None, error.status


def _page(request, thread, form, *, status=200, refusal=""):
    course = thread.question.course
    context = {"camp": course.camp, "course": course, "thread": thread, "form": form, "refusal": refusal}
    return render(request, "classrooms/question.html", context, status=status)


def _refusal(service, row, **words):
    """The error with which a service, or the rule that it goes by, refuses; None where it does not."""
    try:
        service(row, **words)
    except ClassroomError as error:
        return error


def _refused(request, thread, error):
    """The refusal stands above the question as it is now."""
    return _page(request, thread, AnswerForm(), status=error.status, refusal=str(error))


def _corrected(request, thread, form, made, status, answer=None):
    """Lead to what was corrected, or show the form with what was typed."""
    question = thread.question
    if made:
        messages.success(request, _("It is corrected."))
        return redirect(f"{question.get_absolute_url()}{f'#answer-{answer.pk}' if answer else ''}")
    context = {"camp": question.course.camp, "course": question.course, "thread": thread, "form": form}
    return render(request, "classrooms/question_correct.html", context | {"answer": answer}, status=status)


def _done(request, thread, service, said, row=None):
    """Let the service act, say so and lead back."""
    if error := _refusal(service, row or thread.question, by=request.user):
        return _refused(request, thread, error)
    messages.success(request, said)
    return redirect(thread.question)


def _voted(request, thread, service, said):
    """htmx gets the button in its new state; after a refusal the page comes again, with the sentence."""
    if not request.htmx:
        return _done(request, thread, service, said)
    try:
        thread.question.votes = service(thread.question, by=request.user).votes
    except ClassroomError as error:
        messages.error(request, str(error))
        return HttpResponse(str(error), status=error.status, content_type="text/plain", headers={"HX-Refresh": "true"})
    context = {"entry": thread.entry, "course": thread.question.course}
    return render(request, "classrooms/_question_vote.html", context)


def _hidden(request, thread, service, row):
    """Ask for the reason on a page that names what is hidden, then hide it."""
    form = HideForm(request.POST if request.method == "POST" else None)
    made, status = _attempt(form, service, row, by=request.user)
    if made:
        messages.success(request, _("It is hidden. Its author is told why."))
        return redirect(thread.question)
    course = thread.question.course
    context = {"camp": course.camp, "course": course, "thread": thread, "form": form}
    context["answer"] = None if row is thread.question else row
    return render(request, "classrooms/question_hide.html", context, status=status)
