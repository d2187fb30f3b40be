import hashlib

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camp.camps import times
from camp.camps.models import Camp
from camp.camps.staff import ORGANIZING, scope_of
from camp.classrooms.admin_forms import SeriesForm, is_outside
from camp.classrooms.planning import at_the_same_time, store
from camp.classrooms.services import WrongInputError


class AddsSeries:
    """A button over the list of meetings: a form for a series, then all of it to look at, then it is made."""

    change_list_template = "admin/meeting_change_list.html"

    def get_urls(self):
        series = self.admin_site.admin_view(self.series_view)
        return [path("series/", series, name="classrooms_meeting_series"), *super().get_urls()]

    def series_view(self, request):
        """Nothing is made before somebody has seen just these meetings: `seen` is their mark."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._series_form(request)
        if form.is_valid() and request.POST.get("seen") == mark_of(form.meetings) and self._made(request, form):
            return redirect(reverse("admin:classrooms_meeting_changelist"))
        return self._series_page(request, form)

    def _series_form(self, request):
        camps = self.admin_site.get_model_admin(Camp).within(request, ORGANIZING).order_by("-starts_at")
        own = scope_of(request).camps(ORGANIZING)
        initial = {"camp": next(iter(own))} if len(own) == 1 else {}
        return SeriesForm(request.POST if request.method == "POST" else None, camps=camps, initial=initial)

    def _made(self, request, form):
        try:
            count = len(store(form.meetings))
        except WrongInputError as error:
            form.add_error("key", str(error))
            return False
        text = ngettext(
            "%(count)d meeting is in the timetable now.", "%(count)d meetings are in the timetable now.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return True

    def _series_page(self, request, form):
        meetings = form.meetings if form.is_bound and form.is_valid() else []
        context = {
            **self.admin_site.each_context(request), "title": _("Add a series"), "opts": self.opts, "form": form,
            "rows": preview(meetings), "seen": mark_of(meetings) if meetings else "",
            "warnings": list(form.warnings()) if meetings else [],
            "zone": times.zone_name(meetings[0].camp.zone) if meetings else "",
        }  # fmt: skip
        return TemplateResponse(request, "admin/meeting_series.html", context)


def preview(meetings):
    """What each meeting of a plan looks like, and the titles of those it overlaps with."""
    clashes = at_the_same_time(meetings) if meetings else []
    return [
        {
            "meeting": meeting,
            "time": time_of(meeting),
            "clashes": [str(other) for other in others],
            "is_outside": is_outside(meeting),
        }
        for meeting, others in zip(meetings, clashes, strict=True)
    ]


def time_of(meeting):
    """When a meeting is, on the clock of its camp."""
    start, end = (timezone.localtime(moment, meeting.camp.zone) for moment in (meeting.starts_at, meeting.ends_at))
    last = times.clock(end) if start.date() == end.date() else times.day_and_clock(end)
    return f"{times.day_and_clock(start)}–{last}"


def mark_of(meetings):
    """A mark of all that a preview shows and of what it will make."""
    names = ("camp_id", "course_id", "kind", "key", "title", "speaker", "starts_at", "ends_at", "join_url", "number")
    rows = [[str(getattr(row, name)) for name in (*names, "passcode")] for row in meetings]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
