from django.contrib import admin

from camp.camps.scoped_admin import HistoryAdmin, ScopedFilter
from camp.camps.staff import ANY_ROLE
from camp.classrooms.models import Meeting


@admin.register(Meeting)
class MeetingAdmin(HistoryAdmin):
    camp_lookup = "camp"
    viewers = ANY_ROLE
    list_display = ["title", "camp", "course", "kind", "starts_at", "is_cancelled"]
    list_filter = ["kind", "is_cancelled", ("camp", ScopedFilter), ("course", ScopedFilter)]
    list_select_related = ["camp", "course"]
    search_fields = ["title", "speaker"]
    date_hierarchy = "starts_at"
