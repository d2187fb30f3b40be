from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps.decisions import ReasonForm, decide
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedInline
from camp.camps.staff import TEACHING
from camp.classrooms import questions as services
from camp.classrooms.admin_filters import CourseFilter
from camp.classrooms.models import Answer, Question
from camp.classrooms.services import ClassroomError


class AnsweredFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("without an answer")), ("answered", _("answered"))]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.open()
        return queryset.exclude(answered_at=None) if self.value() == "answered" else queryset


class Moderated(ReadOnly, HistoryAdmin):
    """What people write stays as they wrote it; those who teach the course hide it, with a reason."""

    def has_decide_permission(self, request):
        return self.allows(request, TEACHING)

    def _decide(self, request, queryset, *, service, **options):
        def act(row, **answers):
            service(row, by=request.user, **answers)

        return decide(self, request, queryset, act=act, refusal=ClassroomError, roles=TEACHING, **options)


class AnswerInline(ReadOnly, ScopedInline):
    model = Answer
    fields = ["author", "text", "is_by_staff", "answered_at", "is_hidden", "hidden_reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author", "question")


@admin.register(Question)
class QuestionAdmin(Moderated):
    camp_lookup = "course__camp"
    course_lookup = "course"
    list_display = ["title", "course", "author", "votes", "asked_at", "answered_at", "is_pinned", "is_hidden"]
    list_filter = [AnsweredFilter, "is_hidden", "is_pinned", ("course", CourseFilter)]
    list_select_related = ["course", "author"]
    search_fields = ["title", "text", "author__display_name", "^author__handle"]
    date_hierarchy = "asked_at"
    inlines = [AnswerInline]
    actions = ["pin", "unpin", "hide", "show"]
    fieldsets = [
        (None, {"fields": ["course", "author", "is_anonymous", "title", "text", "asked_at", "votes"]}),
        (_("State"), {"fields": ["is_pinned", "answered_at", "answered_by"]}),
        (_("Hidden"), {"fields": ["is_hidden", "hidden_by", "hidden_reason"]}),
    ]

    @admin.action(description=_("Pin to the top"), permissions=["decide"])
    def pin(self, request, queryset):
        title = _("Pin these questions to the top of their courses?")
        return self._decide(request, queryset, service=services.pin, action="pin", title=title)

    @admin.action(description=_("Unpin"), permissions=["decide"])
    def unpin(self, request, queryset):
        title = _("Take these questions off the top?")
        return self._decide(request, queryset, service=services.unpin, action="unpin", title=title)

    @admin.action(description=_("Hide, with a reason"), permissions=["decide"])
    def hide(self, request, queryset):
        options = {"action": "hide", "title": _("Hide these questions from the students?"), "form_class": ReasonForm}
        return self._decide(request, queryset, service=services.hide, **options)

    @admin.action(description=_("Show again"), permissions=["decide"])
    def show(self, request, queryset):
        title = _("Show these questions to the students again?")
        return self._decide(request, queryset, service=services.show, action="show", title=title)


@admin.register(Answer)
class AnswerAdmin(Moderated):
    camp_lookup = "question__course__camp"
    course_lookup = "question__course"
    list_display = ["question", "author", "is_by_staff", "answered_at", "is_hidden"]
    list_filter = ["is_by_staff", "is_hidden"]
    list_select_related = ["question", "author"]
    search_fields = ["text", "question__title", "author__display_name", "^author__handle"]
    actions = ["hide", "show"]
    fieldsets = [
        (None, {"fields": ["question", "author", "text", "is_by_staff", "answered_at"]}),
        (_("Hidden"), {"fields": ["is_hidden", "hidden_by", "hidden_reason"]}),
    ]

    @admin.action(description=_("Hide, with a reason"), permissions=["decide"])
    def hide(self, request, queryset):
        options = {"action": "hide", "title": _("Hide these answers from the students?"), "form_class": ReasonForm}
        return self._decide(request, queryset, service=services.hide_answer, **options)

    @admin.action(description=_("Show again"), permissions=["decide"])
    def show(self, request, queryset):
        title = _("Show these answers to the students again?")
        return self._decide(request, queryset, service=services.show_answer, action="show", title=title)
