from importlib import import_module

from django.contrib import admin, messages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camp.camps import times
from camp.camps.models import Camp
from camp.camps.scoped_admin import HistoryAdmin, Scoped, ScopedFilter, ScopedForm, ScopedInline
from camp.camps.staff import ANY_ROLE, ORGANIZING, TEACHING, scope_of
from camp.classrooms.admin_filters import CourseFilter, MissingFilter
from camp.classrooms.admin_forms import HttpField, MaterialFileField, MaterialForm, StoredFileInput
from camp.classrooms.admin_series import AddsSeries, time_of
from camp.classrooms.models import Material, Meeting, Recording
from camp.classrooms.planning import at_the_same_time, is_expected
from camp.classrooms.queries import students_of
from camp.classrooms.reminders import change_of, concerned, is_untold
from camp.classrooms.services import reveal_to_staff
from camp.stages.models import Course

import_module("camp.classrooms.admin_attendance")
import_module("camp.classrooms.admin_questions")
import_module("camp.classrooms.admin_reminders")

FIELDS = Scoped.formfield_overrides | {
    models.URLField: {"form_class": HttpField, "assume_scheme": "https"},
    models.FileField: {"form_class": MaterialFileField, "widget": StoredFileInput},
}
WHEN = ("starts_at", "ends_at")
MOST_NAMED = 5  # Meetings in one warning.


class RecordingInline(ScopedInline):
    """Not for mentors: an address of a recording is a secret of those who may attend."""

    model = Recording
    formfield_overrides = FIELDS
    adders = editors = deleters = TEACHING
    fields = ["title", "url", "passcode", "position"]

    def has_view_permission(self, request, obj=None):
        return self._allows(request, TEACHING, obj)


class MaterialInline(ScopedInline):
    """Not for mentors: in the site they wait until a material is released."""

    model = Material
    form = MaterialForm
    formfield_overrides = FIELDS
    adders = editors = deleters = TEACHING
    template = "admin/edit_inline/stacked.html"  # Too much for one line.
    fields = ["title", ("url", "file"), ("release_at", "position")]

    def has_view_permission(self, request, obj=None):
        return self._allows(request, TEACHING, obj)


class RecordsReveals:
    """Who opens a page that holds secrets of a meeting is recorded, as in the site."""

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj and request.method == "GET" and self.allows(request, TEACHING, obj) and self.holds_secrets(obj):
            reveal_to_staff(self.meeting_of(obj), to=request.user, what=self.opts.model_name)
        return super().render_change_form(request, context, obj=obj, **kwargs)


@admin.register(Meeting)
class MeetingAdmin(RecordsReveals, AddsSeries, HistoryAdmin):
    """Made and deleted by organizers; kept up by those who teach in the course."""

    formfield_overrides = FIELDS
    change_form_template = "admin/meeting_change_form.html"
    delete_confirmation_template = "admin/meeting_delete.html"
    delete_selected_confirmation_template = "admin/meeting_delete_selected.html"
    camp_lookup = "camp"
    course_lookup = "course"
    viewers = ANY_ROLE
    editors = TEACHING
    secrets = Meeting.SECRETS
    secret_readers = TEACHING
    keeps = ("check_ins",)
    list_display = ["title", "when", "state", "course", "kind", "camp"]
    list_filter = [MissingFilter, "kind", "is_cancelled", ("camp", ScopedFilter), ("course", CourseFilter)]
    list_select_related = ["camp", "course"]
    search_fields = ["title", "speaker"]
    date_hierarchy = "starts_at"
    inlines = [RecordingInline, MaterialInline]
    names_clock = False
    fieldsets = [
        (None, {"fields": ["camp", "course", "key", "kind", "title", "speaker"]}),
        (_("Time"), {"fields": ["starts_at", "ends_at", "is_cancelled"]}),
        (_("Way in"), {"fields": ["join_url", "number", "passcode"]}),
    ]

    def meeting_of(self, meeting):
        return meeting

    def holds_secrets(self, meeting):
        return meeting.has_address or bool(meeting.passcode) or meeting.recordings.exists()

    def get_list_display(self, request):
        """The camp is named to those who have several: the list is wide."""
        scope = scope_of(request)
        has_several = scope.is_superuser or len(scope.camps(self.viewers)) > 1
        return [name for name in self.list_display if has_several or name != "camp"]

    @admin.display(description=_("on the camp's clock"), ordering="starts_at")
    def when(self, meeting):
        return f"{time_of(meeting)} {times.zone_name(meeting.camp.zone)}"

    @admin.display(description=_("state"), ordering="is_cancelled", empty_value="")
    def state(self, meeting):
        return _("cancelled") if meeting.is_cancelled else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        for name, why in self._fixed(request, obj).items():
            if name in form.base_fields:
                form.base_fields[name].disabled = True
                form.base_fields[name].help_text = why
        for name, rows in self._own(obj).items():
            if name in form.base_fields:
                form.base_fields[name].queryset = rows
        if obj is None:
            form.base_fields["key"].help_text = _("The end of its address, such as cxx-1. It cannot be changed later.")
        for name in form.base_fields.keys() & set(WHEN):
            form.base_fields[name].help_text = zone_note(knows_camp=bool(obj or self.parent_of_new(request)))
        return form

    def _fixed(self, request, obj):
        """What no longer changes (beside the camp), and why."""
        if obj is None:
            return {}
        fixed = {"key": _("It stays: links and calendars know it.")}
        if obj.check_ins.exists():
            return fixed | {"course": _("It stays: students have checked in.")}
        return fixed if self.allows(request, ORGANIZING, obj) else fixed | {"course": ""}

    def _own(self, obj):
        """A meeting stays in its camp, whoever changes it there."""
        if obj is None:
            return {}
        return {"camp": Camp.objects.filter(pk=obj.camp_id), "course": Course.objects.filter(camp=obj.camp_id)}

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["has_history"] = obj is not None and self.has_view_history_permission(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and set(form.changed_data) & {*WHEN, "is_cancelled"}:
            self._say_who_is_told(request, obj)
        if others := at_the_same_time([obj])[0]:
            named = "; ".join(f"{other}, {time_of(other)}" for other in others[:MOST_NAMED])
            text = _("At the same time in this course: %(meetings)s") % {"meetings": named}
            self.message_user(request, f"{text} …" if others[MOST_NAMED:] else text, messages.WARNING)

    def _say_who_is_told(self, request, meeting):
        """What students were never told does not change for them."""
        is_told = meeting.told_starts_at and is_untold(meeting) and change_of(meeting, timezone.now())
        if count := concerned(meeting).count() if is_told else 0:
            text = ngettext(
                "%(count)d student will be told in about two minutes.",
                "%(count)d students will be told in about two minutes.",
                count,
            )
            self.message_user(request, text % {"count": count}, messages.INFO)

    def get_deleted_objects(self, objs, request):
        """Who expects a meeting is told that it does not take place: it is cancelled, not deleted."""
        kept = [line for meeting in objs for line in why_kept(meeting)]
        return ([], {}, set(), kept) if kept else super().get_deleted_objects(objs, request)


def why_kept(meeting):
    """Every reason for which a meeting is not deleted, with what to do; none where nobody would miss it."""
    check_ins = meeting.check_ins.count()
    expecting = students_of(meeting).count() if is_expected(meeting, at=timezone.now()) else 0
    if expecting and not meeting.is_cancelled:
        text = ngettext(
            "%(meeting)s: %(count)d student expects it. Cancel it instead, so that they are told.",
            "%(meeting)s: %(count)d students expect it. Cancel it instead, so that they are told.",
            expecting,
        )
        yield text % {"meeting": meeting, "count": expecting}
    elif expecting and not check_ins:
        text = _("%(meeting)s: students are told in about two minutes that it is cancelled. Delete it after that.")
        yield text % {"meeting": meeting}
    if check_ins:
        text = ngettext(
            "%(meeting)s: %(count)d check-in counts as attendance, so it stays. If it did not take place, cancel it.",
            "%(meeting)s: %(count)d check-ins count as attendance, so it stays. If it did not take place, cancel it.",
            check_ins,
        )
        yield text % {"meeting": meeting, "count": check_ins}


def zone_note(*, knows_camp):
    """In which zone a form shows and takes times: that of the camp, as soon as it is known."""
    zone = {"zone": times.zone_name(timezone.get_current_timezone())}
    return (_("On the camp's clock: %(zone)s.") if knows_camp else _("In your time zone: %(zone)s.")) % zone


class OfMeeting(HistoryAdmin):
    """What belongs to a meeting is kept up by those who teach in its course."""

    formfield_overrides = FIELDS
    form = ScopedForm
    camp_lookup = "meeting__camp"
    course_lookup = "meeting__course"
    adders = editors = deleters = TEACHING
    list_filter = [("meeting__camp", ScopedFilter), ("meeting__course", CourseFilter)]
    autocomplete_fields = ["meeting"]
    search_fields = ["title", "meeting__title"]


@admin.register(Recording)
class RecordingAdmin(RecordsReveals, OfMeeting):
    def meeting_of(self, recording):
        return recording.meeting

    def holds_secrets(self, recording):
        return True

    list_display = ["__str__", "meeting"]
    list_select_related = ["meeting"]


@admin.register(Material)
class MaterialAdmin(OfMeeting):
    form = MaterialForm
    list_display = ["title", "meeting", "release_at"]
    list_select_related = ["meeting"]
