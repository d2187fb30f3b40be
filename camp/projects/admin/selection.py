from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camp.camps.admin_times import clock_note
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter, ScopedForm
from camp.camps.staff import ORGANIZING
from camp.projects.admin.states import StateFilter
from camp.projects.admin.times import ClockedPage, clock_column, on_camp_clock
from camp.projects.choosing import mentoring
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


class RoundFilter(StateFilter):
    states = {
        "to_allocate": (_("to allocate"), lambda rows: rows.to_allocate_at(timezone.now())),
        "to_publish": (_("computed, to publish"), lambda rows: rows.to_publish()),
        "to_lock": (_("published, to lock"), lambda rows: rows.to_lock()),
    }


TIMES = ["opens_at", "closes_at", "mentors_close_at"]
SHOWN_TIMES = [*TIMES, "published_at"]
CAMP = "project_stage__camp"
CLOSED_NOTE = _(
    "The lists are closed, so number, method, opening and close are fixed: mentors and organizers can read the lists, "
    "and one given later would know the others. Add another round for teams that come late."
)
PUBLISHED_NOTE = _("The result is published, so these times are fixed.")
TOLD_NOTE = _("Teams and mentors see these times. A change sends no mail, so announce it.")


@admin.register(SelectionRound)
class SelectionRoundAdmin(ClockedPage, HistoryAdmin):
    """What decides the result is fixed when the lists are closed, the seed from the start.

    A round that has begun is not deleted.
    """

    form = RoundForm
    camp_lookup = CAMP
    secrets = ("seed",)
    change_form_template = "admin/round_change_form.html"
    list_display = [
        "__str__",
        "method",
        *(clock_column(SelectionRound, name, CAMP) for name in SHOWN_TIMES),
    ]
    list_filter = [RoundFilter, "method", ("project_stage", ScopedFilter)]
    readonly_fields = ["published_at", "published_by", "locked_at"]
    fieldsets = [
        (None, {"fields": ["project_stage", "number", "method", "seed"]}),
        (_("Times"), {"fields": TIMES}),
        (_("Result"), {"fields": ["published_at", "published_by", "locked_at"]}),
    ]

    def within(self, request, roles):
        return super().within(request, roles).select_related("project_stage__camp", "project_stage__stage")

    def get_object(self, request, object_id, from_field=None):
        """What is fixed is decided by the row as it is stored: a refused form leaves its own values in the row."""
        round = super().get_object(request, object_id, from_field)
        if round is not None:
            round.fixed = fixed_fields(round)
            round.times_note = _note_about_times(round)
        return round

    def get_readonly_fields(self, request, obj=None):
        fixed = [] if obj is None else getattr(obj, "fixed", None) or fixed_fields(obj)
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_fieldsets(self, request, obj=None):
        note = " ".join(str(one) for one in (clock_note(obj), getattr(obj, "times_note", "")) if one)
        what, (title, options), result = super().get_fieldsets(request, obj)
        return [what, (title, options | {"description": note}), result]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Runs, lists and orders of the round are for those who organize."""
        context["may_decide"] = obj is not None and self.allows(request, ORGANIZING, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and not set(TIMES).isdisjoint(form.changed_data):
            said = _("The times are changed. Nobody gets a mail about it, so announce it to teams and mentors.")
            self.message_user(request, said, messages.WARNING)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_to_come())

    def get_deleted_objects(self, objs, request):
        """The page says that a round has begun, not how many lists there are."""
        begun = [str(obj) for obj in objs if not obj.is_to_come()]
        return ([], {}, set(), begun) if begun else super().get_deleted_objects(objs, request)


def fixed_fields(round):
    return ["seed", *round.fixed_fields()]


def _note_about_times(round):
    if round.is_published:
        return PUBLISHED_NOTE
    return f"{CLOSED_NOTE} {TOLD_NOTE}" if round.is_closed() else TOLD_NOTE


def _words_of_hidden(count):
    return ngettext(
        "%(round)s: %(count)d is hidden until %(when)s.", "%(round)s: %(count)d are hidden until %(when)s.", count
    )


class AfterTheClose(ReadOnly):
    """What others gave is nobody's to read, not even a superuser's, before it cannot be changed any more."""

    viewers = ORGANIZING
    secret_until = ""

    def within(self, request, roles):
        return super().within(request, roles).filter(**{f"{self.secret_until}__lte": timezone.now()})

    def changelist_view(self, request, extra_context=None):
        """The list says how much it hides and until when, nothing of what that is."""
        for words in self._hidden(request) if request.method == "GET" else ():
            self.message_user(request, _words_of_hidden(words["count"]) % words, messages.INFO)
        return super().changelist_view(request, extra_context)

    def _hidden(self, request):
        until = self.secret_until.partition("__")[2]
        rows = super().within(request, self.viewers).filter(**{f"{self.secret_until}__gt": timezone.now()})
        counts = dict(rows.order_by().values_list("round").annotate(rows=Count("pk")))
        rounds = SelectionRound.objects.filter(pk__in=counts).select_related(CAMP) if counts else ()
        for round in rounds:
            when = on_camp_clock(getattr(round, until), round.project_stage.camp)
            yield {"round": round, "count": counts[round.pk], "when": when}


@admin.register(PreferenceList)
class PreferenceListAdmin(ClockedPage, AfterTheClose, ScopedAdmin):
    camp_lookup = "round__project_stage__camp"
    secret_until = "round__closes_at"  # noqa: S105 - a moment
    list_display = ["team", "round", "version", clock_column(PreferenceList, "submitted_at", f"round__{CAMP}"),
                    "submitted_by"]  # fmt: skip
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
class RefusalAdmin(ClockedPage, AfterTheClose, HistoryAdmin):
    camp_lookup = "round__project_stage__camp"
    secret_until = "round__mentors_close_at"  # noqa: S105 - a moment
    list_display = ["project", "team", "reason", clock_column(Refusal, "refused_at", f"round__{CAMP}"), "refused_by",
                    "round"]  # fmt: skip
    list_display_links = ["project", "team"]
    list_filter = [("round", ScopedFilter)]
    list_select_related = ["project", "team", "refused_by", "round__project_stage__camp"]
    search_fields = ["project__title", "team__name", "reason"]
    fields = ["project", "team", "reason", "refused_at", "refused_by", "round"]


@admin.register(ConflictOfInterest)
class ConflictOfInterestAdmin(ClockedPage, HistoryAdmin):
    """Mentors declare theirs on their page; organizers declare them here, and alone take them back."""

    camp_lookup = "mentor__project_stage__camp"
    viewers = ORGANIZING
    list_display = ["mentor", "enrollment", "note",
                    clock_column(ConflictOfInterest, "declared_at", "mentor__project_stage__camp"),
                    "declared_by"]  # fmt: skip
    list_display_links = ["mentor", "enrollment"]
    search_fields = ["mentor__user__display_name", "enrollment__student__display_name"]
    autocomplete_fields = ["mentor", "enrollment"]
    readonly_fields = ["declared_at", "declared_by"]
    fields = ["mentor", "enrollment", "note", *readonly_fields]

    def within(self, request, roles):
        rows = super().within(request, roles)
        return rows.select_related(
            "mentor__user", "mentor__project_stage__camp", "enrollment__student", "enrollment__camp", "declared_by"
        )

    def save_model(self, request, obj, form, change):
        """What the mentor has said about the student's team counts no more, as from the mentor's own page."""
        if not change:
            obj.declared_by = request.user
        super().save_model(request, obj, form, change)
        mentoring.forget(obj.mentor, obj.enrollment)
