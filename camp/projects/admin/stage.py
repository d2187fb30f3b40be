from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps.admin_times import clock_note
from camp.camps.scoped_admin import HistoryAdmin, ScopedFilter, ScopedInline
from camp.camps.staff import ANY_ROLE
from camp.projects.admin.times import ClockedPage, clock_column
from camp.projects.forms.rubric import CriterionForm, RubricFormSet, why_it_stays
from camp.projects.models import Criterion, Mentor, ProjectStage


class MentorInline(ScopedInline):
    model = Mentor
    autocomplete_fields = ["user"]


class CriterionInline(ScopedInline):
    model = Criterion
    form = CriterionForm
    formset = RubricFormSet


TIMES = ["topics_published_at", "proposals_close_at", "teams_lock_at", "hand_in_closes_at"]


@admin.register(ProjectStage)
class ProjectStageAdmin(ClockedPage, HistoryAdmin):
    camp_lookup = "camp"
    viewers = ANY_ROLE
    keeps = ("projects", "teams", "proposals", "rounds")
    list_display = ["__str__", *(clock_column(ProjectStage, name, "camp") for name in TIMES)]
    search_fields = ["camp__name", "stage__name"]
    inlines = [MentorInline, CriterionInline]

    fieldsets = [(None, {"fields": ["camp", "stage", "team_size_limit"]}), (_("Times"), {"fields": TIMES})]

    def get_fieldsets(self, request, obj=None):
        """The form says by which clock it goes."""
        first, (title, options) = super().get_fieldsets(request, obj)
        return [first, (title, options | {"description": clock_note(obj)})]

    def within(self, request, roles):
        return super().within(request, roles).select_related("camp", "stage")


class OfProjectStage(HistoryAdmin):
    camp_lookup = "project_stage__camp"
    viewers = ANY_ROLE


@admin.register(Mentor)
class MentorAdmin(OfProjectStage):
    names_alike = True
    keeps = ("projects",)
    list_display = ["user", "project_stage", "capacity"]
    list_filter = [("project_stage", ScopedFilter)]
    search_fields = ["user__display_name", "^user__handle"]
    autocomplete_fields = ["user"]

    def within(self, request, roles):
        return super().within(request, roles).select_related("user", "project_stage__camp", "project_stage__stage")


@admin.register(Criterion)
class CriterionAdmin(OfProjectStage):
    form = CriterionForm
    list_display = ["name", "project_stage", "key", "weight", "max_points", "position"]
    list_filter = [("project_stage", ScopedFilter)]
    list_select_related = ["project_stage__camp", "project_stage__stage"]
    search_fields = ["name", "key"]

    def get_deleted_objects(self, objs, request):
        """A criterion by which somebody has points stays."""
        kept = [f"{criterion}: {why}" for criterion in objs if (why := why_it_stays(criterion))]
        return ([], {}, set(), kept) if kept else super().get_deleted_objects(objs, request)
