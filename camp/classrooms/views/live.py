"""The pages of those who teach: the meeting while it runs, the code for everybody's eyes, and what they teach."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from camp.camps.staff import TEACHING, scope_of
from camp.camps.views import camp_or_404
from camp.classrooms import services
from camp.classrooms.access import access_to_meeting
from camp.classrooms.attendance import Attendance, shown_code, wrong_codes
from camp.classrooms.corrections import CorrectionForm, corrected
from camp.classrooms.models import Meeting, Question
from camp.classrooms.queries import students_of
from camp.classrooms.teaching import teaching_of

MOST_QUESTIONS = 10
STOP_POLLING = 286  # What htmx takes for "swap this in and ask no more".
KEPT = ("show", "q", "page")  # What a correction leads back to.


def meeting_taught(request, organization, slug, key):
    """The meeting of an address, for those who run it."""
    camp = camp_or_404(organization, slug, user=request.user)
    meetings = Meeting.objects.select_related("camp__organization", "course__camp__organization", "course__stage")
    meeting = get_object_or_404(meetings, camp=camp, key=key)
    access_to_meeting(request.user, meeting).require_teacher()
    return meeting


def part(view):
    """A part of a page that asks for itself again. Who is signed out is told so beside what is there already.

    The middleware would lead to the page to sign in, which htmx would put into the middle of the list.
    """

    @login_not_required
    @never_cache
    @require_safe
    @wraps(view)
    def answer(request, organization, slug, key):
        back = reverse("classrooms:live", args=[organization, slug, key])
        if request.user.is_authenticated:
            return view(request, meeting_taught(request, organization, slug, key))
        if not request.htmx:
            return redirect_to_login(back)
        response = _render(request, "signed_out", {"back": back}, status=STOP_POLLING)
        return retarget(reswap(response, "innerHTML"), "#live-notice")

    return answer


@never_cache
@require_safe
def live(request, organization, slug, key):
    meeting = meeting_taught(request, organization, slug, key)
    context = {"camp": meeting.camp} | _attendance(request, meeting) | _questions(meeting) | _code(meeting)
    return _render(request, "live", context)


@part
def live_attendance(request, meeting):
    return _render(request, "_attendance", _attendance(request, meeting))


@part
def live_questions(request, meeting):
    return _render(request, "_questions", _questions(meeting))


@part
def live_code(request, meeting):
    return _render(request, "_code", _code(meeting))


@part
def code_present(request, meeting):
    return _render(request, "_present", {"meeting": meeting, "attendance": Attendance(meeting)})


@never_cache
@require_safe
def code(request, organization, slug, key):
    """The screen that is shared with everybody: no names and no questions on it."""
    meeting = meeting_taught(request, organization, slug, key)
    address = f"{settings.SITE_URL}{meeting.get_absolute_url()}".partition("://")[2]
    context = {"camp": meeting.camp, "attendance": Attendance(meeting), "address": address}
    return _render(request, "code", context | _code(meeting))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, organization, slug, key, enrollment):
    """The page on which a teacher corrects the attendance of one student; htmx takes only its form."""
    meeting = meeting_taught(request, organization, slug, key)
    enrollment = get_object_or_404(students_of(meeting).select_related("student"), pk=enrollment)
    was = "away" if request.GET.get("was") == "away" else "here"
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial={"was": was})
    back = _back(request, meeting)
    if form.is_valid() and corrected(form, meeting, enrollment, by=request.user):
        messages.success(request, _corrected_words(enrollment, form))
        return redirect(back)
    context = {"camp": meeting.camp, "meeting": meeting, "enrollment": enrollment, "form": form, "back": back}
    template = "_correction" if request.htmx else "correct"
    return _render(request, template, context, status=form.status if form.errors else 200)


@never_cache
@require_safe
def teaching(request):
    scope = scope_of(request)
    if not scope.may(TEACHING):
        raise Http404
    return render(request, "classrooms/teaching.html", {"teaching": teaching_of(scope, now=timezone.now())})


def _render(request, name, context, status=200):
    return render(request, f"classrooms/live/{name}.html", context, status=status)


def _attendance(request, meeting):
    now, asked = timezone.now(), request.GET
    number, search = asked.get("page", "1"), asked.get("q", "")
    return {
        "meeting": meeting,
        "state": _state(meeting, now),
        "attendance": Attendance(meeting, shows=asked.get("show", ""), search=search, number=number),
        "may_correct": services.may_correct_at(meeting, now),
    }


def _questions(meeting):
    """What waits for an answer. A meeting of the camp itself has no questions."""
    questions = Question.objects.of_course(meeting.course).open().by_votes()
    questions = questions.select_related("author", "course__camp__organization")[:MOST_QUESTIONS]
    return {"meeting": meeting, "questions": questions, "wrong_codes": wrong_codes(meeting, now=timezone.now())}


def _code(meeting):
    now = timezone.now()
    return {"meeting": meeting, "state": _state(meeting, now), "shown": shown_code(meeting, now=now)}


def _state(meeting, now):
    """How the meeting stands at the moment, for a template to choose by."""
    return {
        "is_open": meeting.is_open_at(now),
        "is_running": meeting.is_running_at(now) and not meeting.is_cancelled,
        "is_over": meeting.is_over_at(now),
    }


def _back(request, meeting):
    """The live page with the list and the search from which the correction came."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    address = reverse("classrooms:live", args=meeting.address)
    return f"{address}?{urlencode(kept)}" if kept else address


def _corrected_words(enrollment, form):
    text = _("%(student)s counts as present now.") if form.is_present else _("%(student)s counts as absent now.")
    return text % {"student": enrollment.student}
