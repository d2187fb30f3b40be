"""Boards as staff see them: which are frozen, since when, by whom, and how many stand on each."""

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps import times
from camp.camps.decisions import decide
from camp.camps.models import StaffRole
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedFilter
from camp.camps.staff import TEACHING, scope_of
from camp.rankings import boards
from camp.rankings.boards import BoardError
from camp.rankings.models import Board, ScoreRange
from camp.stages.models import Course

FREEZERS = (StaffRole.Role.ORGANIZER, StaffRole.Role.TEACHER)


class FreezeForm(forms.Form):
    moment = forms.SplitDateTimeField(
        label=_("From"), required=False,
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d", time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": _("Date")}, time_attrs={"type": "time", "aria-label": _("Time")},
        ),
    )  # fmt: skip

    def prepare(self, rows):
        """The form goes by the clock of the camp, which is active."""
        zone = times.zone_name(timezone.get_current_timezone())
        self.fields["moment"].help_text = _("Empty: from now on. On the camp's clock (%(zone)s).") % {"zone": zone}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("frozen", _("frozen")), ("planned", _("to freeze")), ("live", _("live"))]

    def queryset(self, request, queryset):
        now, states = timezone.now(), dict(self.lookups(request, None))
        filters = {
            "frozen": {"freezes_at__lte": now}, "planned": {"freezes_at__gt": now}, "live": {"freezes_at": None},
        }  # fmt: skip
        return queryset.filter(**filters[self.value()]) if self.value() in states else queryset


@admin.register(Board)
class BoardAdmin(ReadOnly, HistoryAdmin):
    camp_lookup = "course__camp"
    course_lookup = "course"
    historians = TEACHING
    list_display = ["course", "camp", "state", "people"]
    list_filter = [StateFilter, ("course", ScopedFilter)]
    list_select_related = ["course__camp"]
    search_fields = ["course__name"]
    ordering = ["-course__camp__starts_at", "course__number"]
    actions = ["freeze", "lift"]
    fields = ["course", "state", "people"]

    def get_list_display(self, request):
        """The camp is named to those who have several."""
        scope = scope_of(request)
        has_several = scope.is_superuser or len(scope.camps(self.viewers)) > 1
        return [name for name in self.list_display if has_several or name != "camp"]

    def has_freeze_permission(self, request):
        return self.allows(request, FREEZERS)

    def get_queryset(self, request):
        counts = ScoreRange.objects.filter(course=OuterRef("course"), is_frozen=False).order_by().values("course")
        people = Subquery(counts.annotate(n=Sum("people")).values("n"))
        return super().get_queryset(request).select_related("course__camp").annotate(people=Coalesce(people, 0))

    def changelist_view(self, request, extra_context=None):
        """Every course with homework has its board here, before anybody has scored in it too."""
        courses = self.admin_site.get_model_admin(Course).within(request, self.viewers)
        boards.open_all(courses)
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("camp"), ordering="course__camp")
    def camp(self, board):
        return board.course.camp

    @admin.display(description=_("people"))
    def people(self, board):
        return board.people

    @admin.display(description=_("state"), ordering="freezes_at")
    def state(self, board):
        if board.freezes_at is None:
            return _("live")
        moment = timezone.localtime(board.freezes_at, board.course.camp.zone)
        when = {"when": f"{times.day_and_clock(moment)} {times.zone_name(board.course.camp.zone)}"}
        return _("frozen since %(when)s") % when if board.is_frozen() else _("freezes on %(when)s") % when

    @admin.action(description=_("Freeze…"), permissions=["freeze"])
    def freeze(self, request, queryset):
        """All selected boards by one clock: a moment is meant on that of their camp."""
        zones = set(queryset.order_by().values_list("course__camp__time_zone", flat=True))
        if len(zones) > 1:
            self.message_user(request, _("These camps have different clocks. Freeze them one by one."), messages.ERROR)
            return None
        with timezone.override(*zones or {None}):
            return self._freeze(request, queryset)

    def _freeze(self, request, queryset):
        def act(board, *, moment):
            boards.freeze(board.course, by=request.user, moment=moment)

        title = _(
            "Freeze these boards? Students and the public see them as they are at that moment, until you lift it."
        )
        options = {"action": "freeze", "form_class": FreezeForm, "refusal": BoardError, "roles": FREEZERS}
        response = decide(self, request, queryset, act=act, title=title, **options)
        return response and response.render()

    @admin.action(description=_("Lift the freeze"), permissions=["freeze"])
    def lift(self, request, queryset):
        def act(board):
            boards.lift(board.course, by=request.user)

        options = {"action": "lift", "refusal": BoardError, "roles": FREEZERS}
        title = _("Show the live boards to everybody again?")
        return decide(self, request, queryset, act=act, title=title, **options)
