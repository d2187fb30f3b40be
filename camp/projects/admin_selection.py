from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter, ScopedForm
from camp.camps.staff import ORGANIZING
from camp.projects import mentoring
from camp.projects.models import ConflictOfInterest, MentorChoice, PreferenceList, Refusal, SelectionRound


class RoundForm(ScopedForm):
    def clean(self):
        """The database holds the order of the three moments; here for a round whose first two are fixed."""
        cleaned = super().clean()
        mentors_close_at = cleaned.get("mentors_close_at")
        is_fixed = "closes_at" not in self.fields and mentors_close_at is not None
        if is_fixed and mentors_close_at < self.instance.closes_at:
            self.add_error("mentors_close_at", ValidationError(_("The lists of the teams close after that.")))
        return cleaned


@admin.register(SelectionRound)
class SelectionRoundAdmin(HistoryAdmin):
    """What decides the result is fixed when the lists are closed. A round that has begun is not deleted."""

    form = RoundForm
    camp_lookup = "project_stage__camp"
    secrets = ("seed",)
    list_display = ["__str__", "method", "opens_at", "closes_at", "mentors_close_at", "published_at"]
    list_filter = ["method", ("project_stage", ScopedFilter)]
    readonly_fields = ["published_at", "published_by", "locked_at"]
    fieldsets = [
        (None, {"fields": ["project_stage", "number", "method", "seed"]}),
        (_("Times"), {"fields": ["opens_at", "closes_at", "mentors_close_at"]}),
        (_("Result"), {"fields": ["published_at", "published_by", "locked_at"]}),
    ]

    def within(self, request, roles):
        return super().within(request, roles).select_related("project_stage__camp", "project_stage__stage")

    def get_readonly_fields(self, request, obj=None):
        fixed = list(super().get_readonly_fields(request, obj))
        if obj is not None and obj.is_closed():
            fixed += ["number", "method", "seed", "opens_at", "closes_at"]
        if obj is not None and obj.is_published:
            fixed.append("mentors_close_at")
        return fixed

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_to_come())

    def get_deleted_objects(self, objs, request):
        """The page says that a round has begun, not how many lists there are."""
        begun = [str(obj) for obj in objs if not obj.is_to_come()]
        return ([], {}, set(), begun) if begun else super().get_deleted_objects(objs, request)


class AfterTheClose(ReadOnly):
    """What others gave is nobody's to read, not even a superuser's, before it cannot be changed any more."""

    viewers = ORGANIZING
    secret_until = ""

    def within(self, request, roles):
        return super().within(request, roles).filter(**{f"{self.secret_until}__lte": timezone.now()})


@admin.register(PreferenceList)
class PreferenceListAdmin(AfterTheClose, ScopedAdmin):
    camp_lookup = "round__project_stage__camp"
    secret_until = "round__closes_at"  # noqa: S105 - a moment
    list_display = ["team", "round", "version", "submitted_at", "submitted_by"]
    list_filter = [("round", ScopedFilter)]
    list_select_related = ["team", "round__project_stage__camp", "submitted_by"]
    search_fields = ["team__name", "submitted_by__display_name"]
    date_hierarchy = "submitted_at"
    fields = ["team", "round", "version", "in_order", "submitted_at", "submitted_by"]
    readonly_fields = ["in_order"]

    @admin.display(description=_("projects in order"))
    def in_order(self, obj):
        lines = ((place, choice["title"]) for place, choice in enumerate(obj.choices, start=1))
        return format_html_join("", "<div>{}. {}</div>", lines) or "–"


@admin.register(MentorChoice)
class MentorChoiceAdmin(AfterTheClose, HistoryAdmin):
    camp_lookup = "round__project_stage__camp"
    secret_until = "round__mentors_close_at"  # noqa: S105 - a moment
    list_display = ["mentor", "rank", "team", "is_shortlisted", "round"]
    list_display_links = ["mentor", "team"]
    list_filter = ["is_shortlisted", ("round", ScopedFilter)]
    list_select_related = ["mentor__user", "team", "round__project_stage__camp"]
    search_fields = ["mentor__user__display_name", "team__name"]
    fields = ["mentor", "round", "team", "rank", "is_shortlisted"]


@admin.register(Refusal)
class RefusalAdmin(AfterTheClose, HistoryAdmin):
    camp_lookup = "round__project_stage__camp"
    secret_until = "round__mentors_close_at"  # noqa: S105 - a moment
    list_display = ["project", "team", "reason", "refused_at", "refused_by", "round"]
    list_display_links = ["project", "team"]
    list_filter = [("round", ScopedFilter)]
    list_select_related = ["project", "team", "refused_by", "round__project_stage__camp"]
    search_fields = ["project__title", "team__name", "reason"]
    fields = ["project", "team", "reason", "refused_at", "refused_by", "round"]


@admin.register(ConflictOfInterest)
class ConflictOfInterestAdmin(HistoryAdmin):
    """Mentors declare theirs on their page; organizers declare them here, and alone take them back."""

    camp_lookup = "mentor__project_stage__camp"
    viewers = ORGANIZING
    list_display = ["mentor", "enrollment", "note", "declared_at", "declared_by"]
    list_display_links = ["mentor", "enrollment"]
    search_fields = ["mentor__user__display_name", "enrollment__student__display_name"]
    autocomplete_fields = ["mentor", "enrollment"]
    readonly_fields = ["declared_at", "declared_by"]
    fields = ["mentor", "enrollment", "note", *readonly_fields]

    def within(self, request, roles):
        rows = super().within(request, roles)
        return rows.select_related("mentor__user", "enrollment__student", "enrollment__camp", "declared_by")

    def save_model(self, request, obj, form, change):
        """What the mentor has said about the student's team goes, as on the mentor's own page."""
        if not change:
            obj.declared_by = request.user
        super().save_model(request, obj, form, change)
        mentoring.forget(obj.mentor, obj.enrollment)
