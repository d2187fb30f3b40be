"""The page of a meeting: when it is, and for those who may attend the way in and the check-in.

The secrets of a meeting are in no answer to a GET. A button asks for them, and what they are shown on is not kept.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from camp.camps.views import camp_or_404
from camp.classrooms import services
from camp.classrooms.access import access_to_meeting
from camp.classrooms.forms import CodeForm
from camp.classrooms.models import Meeting
from camp.classrooms.queries import is_present
from camp.classrooms.slots import Agenda, slot_of

pressed = require_http_methods(["GET", "HEAD", "POST"])  # GET, as after signing in, leads to the page with the button.


def meeting_or_404(request, organization, slug, key):
    camp = camp_or_404(organization, slug, user=request.user)
    return get_object_or_404(Meeting.objects.for_timetable(), camp=camp, key=key)


@login_not_required
@require_safe
def meeting(request, organization, slug, key):
    return meeting_page(request, meeting_or_404(request, organization, slug, key))


def meeting_page(request, meeting, *, status=200, **context):
    """The page as it is now; with a refusal (`error`, or a `form` that has errors) under its status."""
    access = access_to_meeting(request.user, meeting)
    slot = slot_of(meeting, now=timezone.now(), viewer=request.user, access=access)
    context |= {"camp": meeting.camp, "meeting": meeting, "slot": slot, "agenda": Agenda([slot])}
    return render(request, "classrooms/meeting.html", context, status=status)


@never_cache
@pressed
def join(request, organization, slug, key):
    """Show the way in, and check a student in."""
    meeting = meeting_or_404(request, organization, slug, key)
    if request.method != "POST":
        return redirect(meeting)
    access = access_to_meeting(request.user, meeting)
    access.require_entry()
    try:
        joined = services.join(meeting, by=request.user, enrollment=access.enrollment)
    except services.ClassroomError as error:
        return meeting_page(request, meeting, error=error, status=error.status)
    context = {"camp": joined.camp, "meeting": joined, "is_present": is_present(access.enrollment, joined)}
    return render(request, "classrooms/joined.html", context)


@never_cache
@pressed
def check_in(request, organization, slug, key):
    """Check a student in by the code on the teacher's screen."""
    meeting = meeting_or_404(request, organization, slug, key)
    if request.method != "POST":
        return redirect(meeting)
    enrollment, form = _student_of(request, meeting), CodeForm(request.POST)
    if not form.is_valid():
        return meeting_page(request, meeting, form=form, status=400)
    try:
        services.check_in_by_code(meeting, enrollment=enrollment, typed=form.cleaned_data["code"])
    except services.ClassroomError as error:
        form.add_error("code", str(error))
        return meeting_page(request, meeting, form=form, status=error.status)
    return redirect(meeting)


def _student_of(request, meeting):
    access = access_to_meeting(request.user, meeting)
    access.require_entry()
    if not access.is_student:
        raise PermissionDenied(_("Only students check in. As staff you join without it."))
    return access.enrollment
