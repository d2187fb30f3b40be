"""Teams and who is in them, for the staff. Students change teams until these are locked, organizers at any time."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camp.camps.decisions import ReasonForm, decide
from camp.camps.fields import NameField
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedFilter, ScopedForm, ScopedInline
from camp.camps.staff import ANY_ROLE, NOBODY, scope_of
from camp.enrollment.models import Enrollment
from camp.projects import team_staff
from camp.projects.admin.decided import LockedForm, RowDecisions
from camp.projects.admin.times import ClockedPage, clock_column
from camp.projects.errors import ProjectError
from camp.projects.memberships import locked_team, teamless
from camp.projects.models import Team, TeamMember

CAMP = "project_stage__camp"


class StudentChoice(forms.ModelChoiceField):
    def label_from_instance(self, enrollment):
        return f"{enrollment.student} ({enrollment.student.handle})"


class StudentAndReasonForm(ReasonForm):
    """Who of the students without a team goes into the selected ones."""

    enrollment = StudentChoice(label=_("Student"), queryset=Enrollment.objects.none())
    field_order = ["enrollment", "reason"]

    def prepare(self, teams):
        stages = {team.project_stage_id for team in teams}
        self.fields["enrollment"].queryset = teamless(stages)


class TeamForm(ScopedForm):
    class Meta:
        field_classes = {"name": NameField}

    def clean_size_limit(self):
        limit = self.cleaned_data["size_limit"]
        if limit < self.instance.size:
            raise ValidationError(_("More people than that are in the team. Take somebody out first."))
        return limit


class TeamMemberInline(ReadOnly, ScopedInline):
    model = TeamMember
    fields = ["enrollment", clock_column(TeamMember, "joined_at", CAMP)]
    readonly_fields = fields

    def get_queryset(self, request):
        related = ("enrollment__student", "enrollment__camp", "team", CAMP)
        return super().get_queryset(request).select_related(*related)


@admin.register(Team)
class TeamAdmin(LockedForm, RowDecisions, ClockedPage, HistoryAdmin):
    """Organizers set its name and how many fit; who is in it changes by actions, which call the services."""

    form = TeamForm
    camp_lookup = CAMP
    viewers = ANY_ROLE
    adders = deleters = NOBODY
    secrets = ("code",)
    view_on_site = False  # Its page is that of its members.
    list_display = ["name", "led_by", "people", "is_looking", "camp", clock_column(Team, "disbanded_at", CAMP)]
    list_filter = ["is_looking", ("disbanded_at", admin.EmptyFieldListFilter), ("project_stage", ScopedFilter)]
    list_select_related = ["lead__student", "lead__camp", "project_stage__camp", "project_stage__stage"]
    search_fields = ["name", "members__enrollment__student__display_name", "members__enrollment__student__handle"]
    readonly_fields = ["project_stage", "lead", "code", "size", "created_at", "disbanded_at"]
    fieldsets = [
        (None, {"fields": ["project_stage", "name", "lead", "size", "size_limit", "is_looking", "looking_for"]}),
        (_("Since when"), {"fields": ["created_at", "disbanded_at"]}),
        (_("Invitation"), {"fields": ["code"]}),
    ]
    inlines = [TeamMemberInline]
    actions = ["admit", "disband"]
    offered = dict.fromkeys(actions, lambda row: not row.is_disbanded)

    def get_list_display(self, request):
        """The camp is named to those who have several."""
        scope = scope_of(request)
        has_several = scope.is_superuser or len(scope.camps(self.viewers)) > 1
        return [name for name in self.list_display if has_several or name != "camp"]

    @admin.display(description=_("camp"), ordering="project_stage__camp")
    def camp(self, team):
        return team.project_stage.camp

    @admin.display(description=_("people"), ordering="size")
    def people(self, team):
        return _("%(size)d of %(limit)d") % {"size": team.size, "limit": team.size_limit}

    @admin.display(description=_("lead"), ordering="lead__student__display_name")
    def led_by(self, team):
        """The person alone, without the camp that an enrollment is named with."""
        return team.lead.student

    def locked(self, row):
        """Its size would be written as before somebody joined."""
        return locked_team(row.pk)

    @admin.action(description=_("Put a student into the team, with a reason"), permissions=["decide"])
    def admit(self, request, queryset):
        title = _("Put a student into this team, locked or not?")
        options = {"action": "admit", "title": title, "form_class": StudentAndReasonForm}
        return self._decide(request, queryset, service=team_staff.admit_to_team, **options)

    @admin.action(description=_("Disband, with a reason"), permissions=["decide"])
    def disband(self, request, queryset):
        title = _("Disband these teams? Their members are then in no team and are told why.")
        options = {"action": "disband", "title": title, "form_class": ReasonForm}
        return self._decide(request, queryset, service=team_staff.disband_team, **options)


@admin.register(TeamMember)
class TeamMemberAdmin(ClockedPage, ReadOnly, HistoryAdmin):
    camp_lookup = CAMP
    viewers = ANY_ROLE
    list_display = ["enrollment", "team", clock_column(TeamMember, "joined_at", CAMP)]
    list_filter = [("project_stage", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "team", "project_stage__stage", CAMP]
    search_fields = ["team__name", "enrollment__student__display_name", "enrollment__student__handle"]
    fieldsets = [(None, {"fields": ["project_stage", "team", "enrollment", "joined_at"]})]
    actions = ["take_out"]

    @admin.action(description=_("Take out of the team, with a reason"), permissions=["decide"])
    def take_out(self, request, queryset):
        def act(member, *, reason):
            team_staff.take_out_of_team(member.team, enrollment=member.enrollment, by=request.user, reason=reason)

        title = _(
            "Take these students out of their teams, locked or not? If a lead is taken out, another member leads."
        )
        options = {"action": "take_out", "title": title, "form_class": ReasonForm}
        return decide(self, request, queryset, act=act, refusal=ProjectError, **options)
