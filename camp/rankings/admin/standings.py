from django.contrib import admin

from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.rankings.admin.corrections import AdjustsPoints
from camp.rankings.models import Standing


@admin.register(Standing)
class StandingAdmin(AdjustsPoints, ReadOnly, ScopedAdmin):
    camp_lookup = "course__camp"
    course_lookup = "course"
    list_display = ["enrollment", "course", "points", "adjustment", "reached_at"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "course"]
    search_fields = [
        "enrollment__student__display_name",
        "^enrollment__student__handle",
        "^enrollment__student__identities__login_key",
    ]
    actions = ["adjust_points"]
    fields = ["enrollment", "course", "points", "adjustment", "reached_at", "best"]
