from importlib import import_module

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from camp.camps.admin_pictures import WithGroupPicture
from camp.camps.admin_rows import camp_id_of
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter, ScopedInline
from camp.camps.staff import ANY_ROLE, NOBODY, TEACHING
from camp.stages import services
from camp.stages.models import CourseProgress, ItemTick, Requirement, RequirementGroup, Stage

import_module("camp.stages.admin_announcements")
import_module("camp.stages.admin_camp")
import_module("camp.stages.admin_students")


class OffersRules:
    """Saving promotes nobody by itself: the rules are asked again when staff say so."""

    rule_fields = ()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        changed = set(form.changed_data) & set(self.rule_fields) or any(formset.has_changed() for formset in formsets)
        if changed:
            url = reverse("admin:camps_camp_rules", args=[camp_id_of(form.instance)])
            text = _('Nobody is promoted by this change alone. <a href="{}">Ask the rules again for everybody</a>')
            self.message_user(request, format_html(str(text), url), messages.INFO)


class RequirementGroupInline(ScopedInline):
    model = RequirementGroup


class RequirementInline(ScopedInline):
    model = Requirement


@admin.register(Stage)
class StageAdmin(WithGroupPicture, OffersRules, HistoryAdmin):
    camp_lookup = "camp"
    viewers = ANY_ROLE
    secrets = ("group_link", "group_picture")
    names_alike = True
    keeps = ("participations", "courses")
    list_display = ["name", "camp", "kind", "opens_at", "closes_at", "position"]
    list_filter = ["kind", ("camp", ScopedFilter)]
    list_select_related = ["camp"]
    search_fields = ["name", "key"]
    ordering = ["-camp__starts_at", "position", "id"]
    inlines = [RequirementGroupInline]
    fieldsets = [
        (None, {"fields": ["camp", "key", "name", "kind", "description", "opens_at", "closes_at", "position"]}),
        (_("Group chat"), {"fields": ["group_name", "group_link", "group_picture"]}),
    ]


@admin.register(RequirementGroup)
class RequirementGroupAdmin(OffersRules, HistoryAdmin):
    camp_lookup = "stage__camp"
    viewers = ANY_ROLE
    names_alike = True
    rule_fields = ["needed"]
    list_display = ["label", "stage", "needed", "position"]
    list_filter = [("stage", ScopedFilter)]
    list_select_related = ["stage__camp"]
    search_fields = ["label"]
    inlines = [RequirementInline]


@admin.register(Requirement)
class RequirementAdmin(OffersRules, HistoryAdmin):
    camp_lookup = "group__stage__camp"
    viewers = ANY_ROLE
    names_alike = True
    rule_fields = ["kind", "course", "points", "item", "meetings"]
    list_display = ["__str__", "group", "kind", "course", "points"]
    list_filter = ["kind", ("course", ScopedFilter)]
    list_select_related = ["group__stage__camp", "course"]
    search_fields = ["item", "group__label", "course__name"]

    def for_choices(self, rows):
        return super().for_choices(rows).select_related("group__stage__camp", "course")


@admin.register(ItemTick)
class ItemTickAdmin(HistoryAdmin):
    """Ticked by everybody who teaches; taken back by organizers. A promotion that it brought stays."""

    camp_lookup = "enrollment__camp"
    adders = TEACHING
    editors = NOBODY
    list_display = ["enrollment", "requirement", "ticked_by", "ticked_at", "note"]
    list_filter = [("requirement", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "requirement__course", "ticked_by"]
    search_fields = ["enrollment__student__display_name", "^enrollment__student__handle", "note"]
    autocomplete_fields = ["enrollment"]
    fields = ["enrollment", "requirement", "note"]

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        return rows.filter(kind=Requirement.Kind.ITEM) if db_field.name == "requirement" else rows

    def get_fields(self, request, obj=None):
        return [*self.fields, "ticked_by", "ticked_at"] if obj else self.fields

    def save_model(self, request, obj, form, change):
        obj.pk = services.tick_item(obj.requirement, obj.enrollment, by=request.user, note=obj.note).pk


@admin.register(CourseProgress)
class CourseProgressAdmin(ReadOnly, ScopedAdmin):
    camp_lookup = "enrollment__camp"
    course_lookup = "course"
    list_display = ["enrollment", "course", "points", "meetings", "updated_at"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "course"]
    search_fields = ["enrollment__student__display_name", "^enrollment__student__handle"]
    ordering = ["-updated_at", "-id"]


class CourseAdmin(OffersRules, HistoryAdmin):
    """Registered by rankings, which adds exercises, tokens and standings."""

    camp_lookup = "camp"
    viewers = ANY_ROLE
    names_alike = True
    rule_fields = ["max_points", "counts"]
    keeps = ("attempts", "standings", "progress", "requirements", "upload_tokens", "questions", "staff")
    list_display = ["name", "number", "camp", "stage", "upload_id", "max_points"]
    list_filter = [("camp", ScopedFilter), ("stage", ScopedFilter)]
    list_select_related = ["camp", "stage"]
    search_fields = ["name", "=number", "=upload_id"]
    ordering = ["-camp__starts_at", "number"]
    fieldsets = [
        (None, {"fields": ["camp", "stage", "number", "name", "summary", "description", "staff"]}),
        (_("Homework"), {"fields": ["exercises_name", "exercises_url", "max_points", "counts"]}),
        (_("Uploads"), {"fields": ["upload_id", "upload_opens_at", "upload_closes_at"]}),
    ]
