from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter
from camp.classrooms.admin_filters import CourseFilter
from camp.classrooms.models import CheckIn, RefusedCode


class OfTeachersMeetings(ReadOnly):
    """Rows for those who teach: of the courses they are narrowed to, else of the whole camp and its own meetings."""

    camp_lookup = "meeting__camp"
    course_lookup = "meeting__course"
    list_select_related = ["enrollment__student", "meeting", "corrected_by"]
    search_fields = ["enrollment__student__display_name", "^enrollment__student__handle", "meeting__title"]

    @admin.display(description=_("student"), ordering="enrollment__student__display_name")
    def student(self, row):
        return row.enrollment.student


@admin.register(CheckIn)
class CheckInAdmin(OfTeachersMeetings, HistoryAdmin):
    """Corrections are made on the live page; the page of a row has the reason, its history what was before."""

    list_display = ["student", "meeting", "is_present", "how", "checked_in_at", "corrected_by"]
    list_filter = ["is_present", "how", ("meeting__camp", ScopedFilter), ("meeting__course", CourseFilter)]
    date_hierarchy = "checked_in_at"


@admin.register(RefusedCode)
class RefusedCodeAdmin(OfTeachersMeetings, ScopedAdmin):
    """Wrong codes, to tell who mistypes from who guesses."""

    list_display = ["student", "meeting", "typed", "tried_at"]
    list_filter = [("meeting__camp", ScopedFilter), ("meeting__course", CourseFilter)]
    list_select_related = ["enrollment__student", "meeting"]
    date_hierarchy = "tried_at"
