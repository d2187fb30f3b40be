"""The admin of attempts: what came in, what it was answered, and why."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.rankings.models import Attempt

DAY = timedelta(days=1)


class ReceivedFilter(admin.SimpleListFilter):
    title = _("received")
    parameter_name = "received"
    SPANS = {"day": DAY, "week": 7 * DAY}

    def lookups(self, request, model_admin):
        return [("day", _("in the last 24 hours")), ("week", _("in the last 7 days"))]

    def queryset(self, request, queryset):
        span = self.SPANS.get(self.value())
        return queryset.filter(received_at__gte=timezone.now() - span) if span else queryset


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, ScopedAdmin):
    """Every upload as it came in. Those that name no course we know are for superusers."""

    camp_lookup = "course__camp"
    course_lookup = "course"
    list_display = ["received_at", "login", "channel", "course", "points", "outcome", "reason"]
    list_filter = ["outcome", ReceivedFilter, "reason", "channel", "source", ("course", ScopedFilter)]
    list_select_related = ["course"]
    search_fields = ["^login_key"]
    ordering = ["-received_at", "-id"]
    fields = [
        "received_at", "outcome", "reason", "detail", "course", "channel", "login", "points", "source",
        "stated_course", "stated_total", "ext", "token", "address",
        "identity", "repository_id", "run_id", "run_attempt", "commit", "results", "claims",
    ]  # fmt: skip
