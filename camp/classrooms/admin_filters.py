"""Filters over lists of meetings and of what belongs to them."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps.admin_rows import label_of
from camp.camps.scoped_admin import ScopedFilter
from camp.camps.staff import TEACHING, scope_of
from camp.classrooms.models import Meeting

RECENT = timedelta(days=14)  # So long after a lesson its recording is asked for.
SOON = timedelta(hours=24)  # So long before a meeting its way in is asked for.


def without_recording(meetings):
    """Lessons that took place lately and that nobody can watch."""
    now = timezone.now()
    lessons = meetings.filter(kind=Meeting.Kind.LESSON, is_cancelled=False, recordings=None)
    return lessons.filter(ends_at__lte=now, ends_at__gt=now - RECENT)


def without_address(meetings):
    """Meetings that begin soon, or run already, and that nobody can join."""
    now = timezone.now()
    return meetings.upcoming_at(now).filter(starts_at__lte=now + SOON, join_url="", number="")


MISSING = {"recording": without_recording, "address": without_address}


class MissingFilter(admin.SimpleListFilter):
    """What those who teach still have to enter, in their courses."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [("recording", _("a recording")), ("address", _("an address"))]

    def queryset(self, request, queryset):
        if self.value() not in MISSING:
            return queryset
        return MISSING[self.value()](queryset.filter(taught(request)))


def taught(request):
    """The meetings that a person has to keep up."""
    return scope_of(request).condition(TEACHING, camp="camp", course="course")


class CourseFilter(ScopedFilter):
    """Offers the courses whose rows the list shows: who teaches one course is offered that one."""

    def field_choices(self, field, request, model_admin):
        target = model_admin.admin_site.get_model_admin(field.related_model)
        own = scope_of(request).condition(model_admin.viewers, camp="camp", course="pk")
        return [(row.pk, label_of(row)) for row in target.for_choices(target.get_queryset(request).filter(own))]
