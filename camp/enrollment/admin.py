from importlib import import_module

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import line_as_typed
from camp.camps.decisions import ReasonForm, decide
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter, ScopedForm
from camp.camps.staff import NOBODY
from camp.enrollment import services
from camp.enrollment.models import ApplicationQuestion, Invitation
from camp.enrollment.services import EnrollmentError

import_module("camp.enrollment.admin_people")


class QuestionForm(ScopedForm):
    """The options are written one to a line."""

    options = forms.CharField(
        label=_("options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 60}),
        help_text=_("For choices only, one to a line."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["options"] = "\n".join(self.instance.options)

    def clean_options(self):
        lines = [line_as_typed(line) for line in self.cleaned_data["options"].splitlines()]
        return [line for line in lines if line]


@admin.register(ApplicationQuestion)
class ApplicationQuestionAdmin(HistoryAdmin):
    form = QuestionForm
    camp_lookup = "camp"
    list_display = ["label", "camp", "kind", "is_required", "position"]
    list_filter = ["kind", ("camp", ScopedFilter)]
    list_select_related = ["camp"]
    search_fields = ["label", "key"]


@admin.register(Invitation)
class InvitationAdmin(ScopedAdmin):
    """An invitation that was used tells who brought whom, so none is deleted."""

    camp_lookup = "camp"
    deleters = NOBODY
    list_display = ["code", "inviter", "camp", "created_at"]
    list_filter = [("camp", ScopedFilter)]
    list_select_related = ["inviter", "camp"]
    search_fields = ["^code", "inviter__handle", "inviter__display_name"]
    autocomplete_fields = ["inviter"]
    readonly_fields = ["created_at"]


class EnrollmentAdmin(ReadOnly, HistoryAdmin):
    """A student's place is changed by decisions, never by hand. Registered by stages, which adds its decisions."""

    camp_lookup = "camp"
    list_display = ["student", "handle", "camp", "status", "applied_at", "waiting_since", "decided_at"]
    list_filter = ["status", ("camp", ScopedFilter)]
    list_select_related = ["student", "camp"]
    search_fields = [
        "student__display_name",
        "^student__handle",
        "student__affiliation",
        "^student__identities__login_key",
    ]
    ordering = ["-applied_at", "-id"]
    actions = ["admit", "put_on_waiting_list", "decline", "remove", "reinstate"]
    fieldsets = [
        (None, {"fields": ["camp", "student", "profile", "status", "applied_at", "waiting_since"]}),
        (_("Application"), {"fields": ["heard_from", "invitation", "answered"]}),
        (_("Decision"), {"fields": ["decided_at", "decided_by", "reason"]}),
    ]
    readonly_fields = ["profile", "answered"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("student", "camp", "invitation__inviter", "decided_by")

    @admin.display(description=_("handle"), ordering="student__handle_key")
    def handle(self, enrollment):
        return enrollment.student.handle

    @admin.display(description=_("profile"))
    def profile(self, enrollment):
        student = enrollment.student
        facts = (student.get_occupation_display(), student.affiliation, student.major, student.city)
        return " · ".join(fact for fact in facts if fact)

    @admin.display(description=_("answers"))
    def answered(self, enrollment):
        """The answers under their questions, one on each line."""
        questions = dict(ApplicationQuestion.objects.filter(camp=enrollment.camp_id).values_list("key", "label"))
        return "\n".join(f"{questions.get(key, key)}: {written(given)}" for key, given in enrollment.answers.items())

    def _decide(self, request, queryset, *, service, **options):
        def act(row, **answers):
            service(row, by=request.user, **answers)

        return decide(self, request, queryset, act=act, refusal=EnrollmentError, **options)

    @admin.action(description=_("Admit"), permissions=["decide"])
    def admit(self, request, queryset):
        title = _("Give these applicants a seat?")
        queryset = queryset.order_by("waiting_since", "applied_at", "id")
        return self._decide(request, queryset, service=services.admit, action="admit", title=title)

    @admin.action(description=_("Put on the waiting list"), permissions=["decide"])
    def put_on_waiting_list(self, request, queryset):
        title = _("Put these applicants on the waiting list? Free seats go to them at once.")
        queryset, service = queryset.order_by("applied_at", "id"), services.put_on_waiting_list
        return self._decide(request, queryset, service=service, action="put_on_waiting_list", title=title)

    @admin.action(description=_("Decline, with a reason"), permissions=["decide"])
    def decline(self, request, queryset):
        options = {"action": "decline", "title": _("Decline these applications?"), "form_class": ReasonForm}
        return self._decide(request, queryset, service=services.decline, **options)

    @admin.action(description=_("Remove from the camp, with a reason"), permissions=["decide"])
    def remove(self, request, queryset):
        options = {"action": "remove", "title": _("Remove these students from the camp?"), "form_class": ReasonForm}
        return self._decide(request, queryset, service=services.remove, **options)

    @admin.action(description=_("Take a removal back"), permissions=["decide"])
    def reinstate(self, request, queryset):
        title = _("Give these removed students their seat again?")
        return self._decide(request, queryset, service=services.reinstate, action="reinstate", title=title)


def written(answer):
    return ", ".join(str(part) for part in answer) if isinstance(answer, list) else str(answer)
