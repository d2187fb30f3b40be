"""Whose runs are believed: graders with the commits that staff have read, and repositories of organizations."""

from django.contrib import admin

from camp.camps.scoped_admin import HistoryAdmin, ScopedFilter, ScopedInline
from camp.camps.staff import ORGANIZING
from camp.rankings.forms.repositories import RepositoryForm
from camp.rankings.models import RegisteredRepository, ReviewedCommit, TrustedGrader


class ReviewedCommitInline(ScopedInline):
    model = ReviewedCommit


@admin.register(TrustedGrader)
class TrustedGraderAdmin(HistoryAdmin):
    camp_lookup = "course__camp"
    viewers = ORGANIZING
    inlines = [ReviewedCommitInline]
    list_display = ["workflow", "course", "ref", "is_active"]
    list_filter = ["is_active", ("course", ScopedFilter)]
    list_select_related = ["course__camp"]
    search_fields = ["workflow"]


@admin.register(ReviewedCommit)
class ReviewedCommitAdmin(HistoryAdmin):
    """The commits of all graders in one list, to see which are about to end."""

    camp_lookup = "grader__course__camp"
    viewers = ORGANIZING
    list_display = ["commit", "grader", "valid_from", "valid_until"]
    list_select_related = ["grader__course__camp"]
    search_fields = ["^commit", "grader__workflow"]


@admin.register(RegisteredRepository)
class RegisteredRepositoryAdmin(HistoryAdmin):
    camp_lookup = "course__camp"
    viewers = ORGANIZING
    list_display = ["repository_id", "course", "enrollment"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["course__camp", "enrollment__student", "enrollment__camp"]
    autocomplete_fields = ["enrollment"]
    search_fields = ["repository_id"]
    form = RepositoryForm

    def get_fields(self, request, obj=None):
        return ["course", "enrollment", "repository_id", *([] if obj else ["others"])]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        for member in form.cleaned_data["members"]:
            known = {"course": obj.course, "enrollment": member, "repository_id": obj.repository_id}
            row, is_new = RegisteredRepository.objects.get_or_create(**known)
            if is_new:
                self.log_addition(request, row, [{"added": {}}])
