"""Corrections in the admin: the ledger, and the actions that write it on standings and uploads."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from camp.camps.decisions import ReasonForm, ask, decide
from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ORGANIZING, scope_of
from camp.enrollment.admin_people import students_of
from camp.rankings import corrections
from camp.rankings.admin.logins import GivesUnlinkedLogins
from camp.rankings.corrections import CorrectionError
from camp.rankings.forms.corrections import AdjustmentForm, CourseForm, PointsForm, decides_over
from camp.rankings.models import Correction


class AdjustsPoints:
    """An admin of standings that adjusts their points."""

    @admin.action(description=_("Adjust points…"), permissions=["decide"])
    def adjust_points(self, request, queryset):
        def act(standing, *, points, reason):
            corrections.adjust(standing.enrollment, standing.course, points=points, by=request.user, reason=reason)

        options = {"action": "adjust_points", "form_class": PointsForm, "refusal": CorrectionError}
        title = _(
            "Adjust the points of these students? They count from now on, until you take it back. Points taken off "
            "take nobody out of a stage: revert that among the participations."
        )
        return decide(self, request, queryset, act=act, title=title, **options)


class CorrectsAttempts:
    """An admin of uploads that disqualifies and moves them."""

    @admin.action(description=_("Disqualify…"), permissions=["decide"])
    def disqualify(self, request, queryset):
        def act(attempt, *, reason):
            corrections.disqualify(attempt, by=request.user, reason=reason)

        options = {"action": "disqualify", "form_class": ReasonForm, "refusal": CorrectionError}
        title = _(
            "Disqualify these uploads? They are kept and count no more, until you take it back. Who was promoted stays "
            "so: revert that among the participations."
        )
        return decide(self, request, queryset, act=act, title=title, **options)

    @admin.action(description=_("Move to another course…"), permissions=["decide"])
    def move(self, request, queryset):
        def act(attempt, *, to_course, reason):
            corrections.move(attempt, to_course=to_course, by=request.user, reason=reason)

        options = {"action": "move", "form_class": CourseForm, "refusal": CorrectionError}
        title = _(
            "Move these uploads to another course? They count there as received when they came, and promote where they "
            "meet a rule."
        )
        return decide(self, request, queryset, act=act, title=title, **options)


class ForceFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("in_force", _("in force")), ("taken_back", _("taken back"))]

    def queryset(self, request, queryset):
        if self.value() == "in_force":
            return queryset.in_force()
        return queryset.exclude(reverted_at=None) if self.value() == "taken_back" else queryset


@admin.register(Correction)
class CorrectionAdmin(GivesUnlinkedLogins, ReadOnly, ScopedAdmin):
    """The ledger. To add a line is to adjust points; the others are made where the uploads and logins are."""

    camp_lookup = "course__camp"
    course_lookup = "course"
    adders = ORGANIZING
    list_display = ["made_at", "kind", "what", "reason", "made_by", "is_in_force"]
    list_filter = ["kind", ForceFilter, ("course", ScopedFilter)]
    search_fields = [
        "^enrollment__student__handle", "enrollment__student__display_name", "^attempt__login_key",
        "^identity__login_key", "^identity__user__handle", "^former_user__handle",
    ]  # fmt: skip
    autocomplete_fields = ["enrollment"]
    ordering = ["-made_at", "-id"]
    actions = ["take_back"]
    fields = [
        "kind", "course", "enrollment", "points", "attempt", "to_course", "identity", "former_user", "reason",
        "made_by", "made_at", "reverted_by", "reverted_at", "revert_reason",
    ]  # fmt: skip

    def condition(self, scope, roles):
        """A login that was given belongs to no camp: it is known where its person is a student."""
        people = students_of(scope, roles)
        given = Q(course=None) & (Q(identity__user__in=people) | Q(former_user__in=people))
        return super().condition(scope, roles) if scope.is_superuser else super().condition(scope, roles) | given

    def within(self, request, roles):
        return super().within(request, roles).for_list()

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | ({} if obj else {"form": AdjustmentForm}))

    def get_fields(self, request, obj=None):
        """Those that the kind of a line has something to say in."""
        if obj is None:
            return ["enrollment", "course", "points", "reason"]
        names = [name for name in self.fields if getattr(obj, name) not in (None, "")]
        return [*names, "belongs_to"] if obj.identity else names

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "belongs_to"]

    @admin.display(description=_("belongs to now"))
    def belongs_to(self, line):
        return line.identity.user if line.identity.is_linked else "–"

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        return rows.filter(max_points__gt=0) if db_field.name == "course" else rows

    @admin.display(description=_("what"))
    def what(self, line):
        return line.subject

    @admin.display(description=_("in force"), boolean=True)
    def is_in_force(self, line):
        return line.is_in_force

    def add_view(self, request, form_url="", extra_context=None):
        """Points are adjusted by the service, whose refusal stands in the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = self.get_form(request)(data, initial=self.get_changeform_initial_data(request))
        if form.is_valid() and self._adjusted(request, form):
            return redirect(reverse("admin:rankings_correction_changelist"))
        page = ask(self, request, [], form=form, title=_("Adjust points"))
        page.context_data["back_url"] = reverse("admin:rankings_correction_changelist")
        return page

    def _adjusted(self, request, form):
        try:
            line = corrections.adjust(**form.cleaned_data, by=request.user)
        except CorrectionError as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, _("Done: %(line)s") % {"line": line}, messages.SUCCESS)
        return True

    @admin.action(description=_("Take back…"), permissions=["decide"])
    def take_back(self, request, queryset):
        def act(line, *, reason):
            if line.is_of_login and not decides_over(scope_of(request), line.people):
                raise CorrectionError(_("Its people are in camps that you do not organize. Ask a superuser."))
            corrections.revert(line, by=request.user, reason=reason)

        options = {"action": "take_back", "form_class": ReasonForm, "refusal": CorrectionError}
        title = _("Take these corrections back? It is then as if they had not been made.")
        return decide(self, request, queryset, act=act, title=title, **options)
