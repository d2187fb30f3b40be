from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from camp.camps.decisions import ReasonForm
from camp.camps.fields import LineField
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedFilter, ScopedForm
from camp.camps.staff import ANY_ROLE, MENTORING
from camp.projects import proposals, topics
from camp.projects.admin.decided import LockedForm, RowDecisions
from camp.projects.admin.times import ClockedPage, clock_column
from camp.projects.forms.topics import SkillsField
from camp.projects.models import Placement, Preference, Project, Proposal
from camp.projects.models.stage import MOST_SEATS

CAMP = "project_stage__camp"
TOPIC = ["title", "summary", "description", "difficulty", "skills", "support_project"]


def _readable(fields):
    return ["skill_names" if name == "skills" else name for name in fields]


class AcceptForm(forms.Form):
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=1)
    reason = LineField(label=_("Reason"), max_length=300, required=False, help_text=_("The team reads it."))


class ProjectForm(ScopedForm):
    """A new project gets the next free number of its stage when its own is left empty."""

    skills = SkillsField(label=_("skills"), help_text=_("With commas between them, such as: Rust, CUDA"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "number" in self.fields:
            self.fields["number"].required = self.instance.pk is not None
            self.fields["number"].help_text = _("The address ends with this number. Empty: the next free one.")

    def clean_seats(self):
        seats = self.cleaned_data["seats"]
        placed = Placement.objects.filter(project=self.instance).count() if self.instance.pk else 0
        if seats < placed:
            words = {"placed": placed}
            raise ValidationError(_("%(placed)d teams have a seat already. Write at least that many."), params=words)
        return seats

    def clean(self):
        cleaned = super().clean()
        stage, own = cleaned.get("project_stage"), cleaned.get("support_project")
        if stage and own and own.organization_id != stage.camp.organization_id:
            self.add_error("support_project", ValidationError(_("This belongs to another organization.")))
        if stage and self.instance.pk is None and cleaned.get("number", 0) is None:
            cleaned["number"] = proposals.next_number(stage)
        return cleaned


class Decided(RowDecisions, HistoryAdmin):
    """What becomes of a row is decided by actions, which call the services."""

    camp_lookup = "project_stage__camp"
    viewers = ANY_ROLE

    @admin.display(description=_("skills"))
    def skill_names(self, row):
        return ", ".join(row.skills) or "–"


@admin.register(Project)
class ProjectAdmin(LockedForm, Decided):
    form = ProjectForm
    keeps = ("preferences", "placements")
    list_display = ["number", "title", "project_stage", "mentor", "seats", "status"]
    list_display_links = ["title"]
    list_filter = ["status", "difficulty", ("project_stage", ScopedFilter)]
    list_select_related = ["project_stage__camp", "project_stage__stage", "mentor__user"]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["mentor", "co_mentors"]
    readonly_fields = ["status", "status_reason", "reserved_for", "skill_names"]
    actions = ["publish", "close", "withdraw", "reopen"]
    offered = {
        "publish": lambda row: row.is_draft,
        "close": lambda row: row.is_open,
        "withdraw": lambda row: row.is_open or row.is_closed,
        "reopen": lambda row: row.is_closed or row.is_withdrawn,
    }
    fieldsets = [
        (None, {"fields": ["project_stage", "number", *TOPIC, "deliverables"]}),
        (_("Mentors"), {"fields": ["mentor", "co_mentors"]}),
        (_("Teams"), {"fields": ["seats", "least_teams", "team_size_min", "team_size_max", "reserved_for"]}),
        (_("State"), {"fields": ["status", "status_reason"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """Whoever only reads a project reads its skills as words."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [(name, options | {"fields": _readable(options["fields"])}) for name, options in fieldsets]

    def locked(self, row):
        """Who gives seats locks the project, too: nobody is placed while they become fewer."""
        return topics.locked(row)

    def _kept(self, obj, name):
        """Nobody counts the lists that name a project."""
        return f"{obj}: {Preference._meta.verbose_name_plural}" if name == "preferences" else super()._kept(obj, name)

    @admin.action(description=_("Publish"), permissions=["decide"])
    def publish(self, request, queryset):
        title = _("Publish these projects?")
        return self._decide(request, queryset, service=topics.publish_project, action="publish", title=title)

    @admin.action(description=_("Close, with a reason"), permissions=["decide"])
    def close(self, request, queryset):
        options = {
            "action": "close",
            "title": _("Let no further team choose these projects?"),
            "form_class": ReasonForm,
        }
        return self._decide(request, queryset, service=topics.close_project, **options)

    @admin.action(description=_("Withdraw, with a reason"), permissions=["decide"])
    def withdraw(self, request, queryset):
        title = _("Withdraw these projects? Every team that has one on its list is told.")
        options = {"action": "withdraw", "title": title, "form_class": ReasonForm}
        return self._decide(request, queryset, service=topics.withdraw_project, **options)

    @admin.action(description=pgettext_lazy("project", "Open again"), permissions=["decide"])
    def reopen(self, request, queryset):
        title = _("Offer these projects again?")
        return self._decide(request, queryset, service=topics.reopen_project, action="reopen", title=title)


@admin.register(Proposal)
class ProposalAdmin(ClockedPage, ReadOnly, Decided):
    """Written by the team. Organizers decide here, and on its page as the mentors of the stage do."""

    viewers = MENTORING
    list_display = ["title", "team", "project_stage", "status", clock_column(Proposal, "proposed_at", CAMP),
                    "decided_by"]  # fmt: skip
    readonly_fields = ["skill_names"]
    list_filter = ["status", ("project_stage", ScopedFilter)]
    list_select_related = ["team", "project_stage__camp", "project_stage__stage", "decided_by"]
    search_fields = ["title", "summary", "team__name"]
    date_hierarchy = "proposed_at"
    actions = ["accept", "ask_for_changes", "decline"]
    offered = dict.fromkeys(actions, lambda row: row.is_open)
    fieldsets = [
        (None, {"fields": ["project_stage", "team", "proposed_by", "proposed_at", *_readable(TOPIC), "wished_mentor"]}),
        (_("Decision"), {"fields": ["status", "reason", "decided_at", "decided_by", "project"]}),
    ]

    @admin.action(description=_("Accept"), permissions=["decide"])
    def accept(self, request, queryset):
        title = _("Make projects of these proposals, each with a seat reserved for its team?")
        options = {"action": "accept", "title": title, "form_class": AcceptForm}
        return self._decide(request, queryset, service=proposals.accept_proposal, **options)

    @admin.action(description=_("Ask for changes, with a reason"), permissions=["decide"])
    def ask_for_changes(self, request, queryset):
        options = {
            "action": "ask_for_changes",
            "title": _("Ask for changes to these proposals?"),
            "form_class": ReasonForm,
        }
        return self._decide(request, queryset, service=proposals.ask_for_changes, **options)

    @admin.action(description=pgettext_lazy("proposal", "Decline, with a reason"), permissions=["decide"])
    def decline(self, request, queryset):
        options = {"action": "decline", "title": _("Decline these proposals?"), "form_class": ReasonForm}
        return self._decide(request, queryset, service=proposals.decline_proposal, **options)
