from django.contrib import admin

from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ORGANIZING
from camp.classrooms.models import Reminder


@admin.register(Reminder)
class ReminderAdmin(ReadOnly, ScopedAdmin):
    """Who was reminded of what is in the notices; here stands that it happened."""

    camp_lookup = "meeting__camp"
    viewers = ORGANIZING
    list_display = ["meeting", "kind", "starts_at", "sent_at", "recipients"]
    list_filter = ["kind", ("meeting__camp", ScopedFilter)]
    list_select_related = ["meeting"]
    search_fields = ["meeting__title"]
