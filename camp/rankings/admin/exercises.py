from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps.scoped_admin import ScopedAdmin, ScopedFilter
from camp.camps.staff import ANY_ROLE
from camp.rankings.forms.exercise import FullExerciseForm
from camp.rankings.models import Exercise


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
