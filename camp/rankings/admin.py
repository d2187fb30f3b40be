from importlib import import_module

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps.decisions import decide
from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ANY_ROLE, ORGANIZING
from camp.rankings import services
from camp.rankings.admin_corrections import AdjustsPoints
from camp.rankings.exercise_form import FullExerciseForm
from camp.rankings.models import Exercise, Standing, UploadToken
from camp.rankings.services import RankingError

import_module("camp.rankings.admin_attempts")
import_module("camp.rankings.admin_boards")
import_module("camp.rankings.admin_course")
import_module("camp.rankings.admin_graders")


@admin.register(Exercise)
class ExerciseAdmin(ScopedAdmin):
    camp_lookup = "course__camp"
    viewers = ANY_ROLE
    form = FullExerciseForm
    fields = ["course", "name", "position", "former_names"]
    list_display = ["name", "course", "position", "formerly"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["course__camp"]
    search_fields = ["name"]

    @admin.display(description=_("former names"))
    def formerly(self, exercise):
        return ", ".join(exercise.former_names)


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
