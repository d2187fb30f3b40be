from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps.admin_rows import label_of
from camp.camps.decisions import ReasonForm, decide
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedFilter
from camp.enrollment.admin import EnrollmentAdmin
from camp.enrollment.models import Enrollment
from camp.stages import services
from camp.stages.models import Participation, Stage
from camp.stages.services import StageError


class StageChoice(forms.ModelChoiceField):
    def label_from_instance(self, stage):
        return label_of(stage)


class StageAndReasonForm(ReasonForm):
    """Which stage, of those of the camps that the selected students are in."""

    stage = StageChoice(label=_("Stage"), queryset=Stage.objects.none())
    field_order = ["stage", "reason"]

    def prepare(self, enrollments):
        camps = {enrollment.camp_id for enrollment in enrollments}
        stages = Stage.objects.filter(camp__in=camps).select_related("camp")
        self.fields["stage"].queryset = stages.order_by("camp", "position", "id")


@admin.register(Enrollment)
class StudentAdmin(EnrollmentAdmin):
    actions = [*EnrollmentAdmin.actions, "promote", "hold", "revert"]

    def _decide_on_stage(self, request, queryset, *, service, **options):
        def act(row, *, stage, reason):
            service(row, stage, by=request.user, reason=reason)

        return decide(
            self, request, queryset, act=act, refusal=StageError, form_class=StageAndReasonForm, **options
        )  # fmt: skip

    @admin.action(description=_("Promote to a stage, with a reason"), permissions=["decide"])
    def promote(self, request, queryset):
        title = _("Promote these students, whatever the rule of the stage says?")
        return self._decide_on_stage(request, queryset, service=services.promote, action="promote", title=title)

    @admin.action(description=_("Hold back from a stage, with a reason"), permissions=["decide"])
    def hold(self, request, queryset):
        title = _("Hold these students back from a stage?")
        return self._decide_on_stage(request, queryset, service=services.hold, action="hold", title=title)

    @admin.action(description=_("Revert a promotion, with a reason"), permissions=["decide"])
    def revert(self, request, queryset):
        title = _("Take these students out of a stage?")
        return self._decide_on_stage(request, queryset, service=services.revert, action="revert", title=title)


@admin.register(Participation)
class ParticipationAdmin(ReadOnly, HistoryAdmin):
    camp_lookup = "enrollment__camp"
    list_display = ["enrollment", "stage", "status", "decided_at", "decided_by", "reason"]
    list_filter = ["status", ("stage", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "stage", "decided_by"]
    search_fields = [
        "enrollment__student__display_name",
        "^enrollment__student__handle",
        "^enrollment__student__identities__login_key",
    ]
    ordering = ["-decided_at", "-id"]
    actions = ["promote", "hold", "revert"]
    fields = ["enrollment", "stage", "status", "decided_at", "decided_by", "reason"]

    def _decide(self, request, queryset, *, service, **options):
        def act(row, *, reason):
            service(row.enrollment, row.stage, by=request.user, reason=reason)

        return decide(self, request, queryset, act=act, refusal=StageError, form_class=ReasonForm, **options)

    @admin.action(description=_("Promote, with a reason"), permissions=["decide"])
    def promote(self, request, queryset):
        title = _("Promote these students, whatever the rule of the stage says?")
        return self._decide(request, queryset, service=services.promote, action="promote", title=title)

    @admin.action(description=_("Hold back, with a reason"), permissions=["decide"])
    def hold(self, request, queryset):
        title = _("Hold these students back?")
        return self._decide(request, queryset, service=services.hold, action="hold", title=title)

    @admin.action(description=_("Revert, with a reason"), permissions=["decide"])
    def revert(self, request, queryset):
        title = _("Take these promotions back?")
        return self._decide(request, queryset, service=services.revert, action="revert", title=title)
