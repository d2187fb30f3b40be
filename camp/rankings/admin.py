from datetime import timedelta
from importlib import import_module

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps.decisions import decide
from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ANY_ROLE, ORGANIZING
from camp.rankings import services
from camp.rankings.models import Attempt, Exercise, Standing, UploadToken
from camp.rankings.services import RankingError

import_module("camp.rankings.admin_course")
import_module("camp.rankings.admin_graders")

DAY = timedelta(days=1)


@admin.register(Exercise)
class ExerciseAdmin(ScopedAdmin):
    camp_lookup = "course__camp"
    viewers = ANY_ROLE
    list_display = ["name", "course", "position"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["course__camp"]
    search_fields = ["name"]


@admin.register(UploadToken)
class UploadTokenAdmin(ReadOnly, ScopedAdmin):
    """Issued on the page of their course, where alone they are shown, once."""

    camp_lookup = "course__camp"
    viewers = ORGANIZING
    list_display = ["public_id", "course", "issued_by", "issued_at", "expires_at", "last_used_at", "revoked_at"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["course__camp", "issued_by"]
    search_fields = ["^public_id"]
    actions = ["revoke"]
    fields = [
        "public_id", "course", "issued_by", "issued_at", "expires_at", "last_used_at", "revoked_at", "revoked_by"
    ]  # fmt: skip

    @admin.action(description=_("Revoke"), permissions=["decide"])
    def revoke(self, request, queryset):
        def act(token):
            services.revoke_token(token, by=request.user)

        title = _("Revoke these tokens? Uploads that carry them are refused from now on.")
        return decide(self, request, queryset, action="revoke", title=title, act=act, refusal=RankingError)


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


@admin.register(Standing)
class StandingAdmin(ReadOnly, ScopedAdmin):
    camp_lookup = "course__camp"
    course_lookup = "course"
    list_display = ["enrollment", "course", "points", "reached_at"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "course"]
    search_fields = [
        "enrollment__student__display_name",
        "^enrollment__student__handle",
        "^enrollment__student__identities__login_key",
    ]
    fields = ["enrollment", "course", "points", "reached_at", "best"]
