from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold
from camp.accounts.models import User
from camp.camps.admin_pictures import WithGroupPicture
from camp.camps.fields import NameField
from camp.camps.models import Camp, CampLink, FaqEntry, Organization, Reveal, StaffRole, SupportProject
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter, ScopedForm, ScopedInline
from camp.camps.staff import ANY_ROLE, ORGANIZING, SUPERUSERS, scope_of


class SupportProjectInline(ScopedInline):
    model = SupportProject
    fields = ["name", "field", "url", "position"]
    adders = editors = deleters = SUPERUSERS


class HostedCamps:
    """An organization is open to the staff of its camps; only superusers change it."""

    organization_lookup = "pk"
    viewers = ANY_ROLE
    adders = editors = deleters = SUPERUSERS

    def condition(self, scope, roles):
        hosts = Camp.objects.filter(pk__in=scope.camps(roles)).values("organization")
        return Q() if scope.is_superuser else Q(**{f"{self.organization_lookup}__in": hosts})


@admin.register(Organization)
class OrganizationAdmin(HostedCamps, HistoryAdmin):
    list_display = ["name", "slug", "website"]
    search_fields = ["name", "slug"]
    keeps = ("camps",)
    inlines = [SupportProjectInline]


@admin.register(SupportProject)
class SupportProjectAdmin(HostedCamps, HistoryAdmin):
    organization_lookup = "organization"
    list_display = ["name", "organization", "field", "position"]
    list_filter = [("organization", ScopedFilter)]
    list_select_related = ["organization"]
    search_fields = ["name"]


class CampLinkInline(ScopedInline):
    model = CampLink


class CampForm(ScopedForm):
    class Meta:
        field_classes = {"contact": NameField}

    def clean_capacity(self):
        """Locks the camp until it is saved, so that no seat is taken in between."""
        capacity = self.cleaned_data["capacity"]
        stored = Camp.objects.select_for_update().filter(pk=self.instance.pk).first()
        if stored and capacity is not None and capacity < stored.seats_taken:
            raise forms.ValidationError(
                _("%(taken)d seats are taken. The capacity cannot be lower."), params={"taken": stored.seats_taken}
            )
        self.instance.seats_taken = stored.seats_taken if stored else 0
        return capacity


class CampAdmin(WithGroupPicture, HistoryAdmin):
    """Registered by stages, which adds what happens to students when a camp changes."""

    form = CampForm
    camp_lookup = "pk"
    viewers = ANY_ROLE
    adders = deleters = SUPERUSERS
    keeps = ("enrollments", "mails")
    secrets = ("group_link", "group_picture")
    list_display = ["name", "organization", "starts_at", "ends_at", "seats", "is_published"]
    list_filter = ["is_published", ("organization", ScopedFilter)]
    list_select_related = ["organization"]
    search_fields = ["name", "slug"]
    readonly_fields = ["seats_taken"]
    inlines = [CampLinkInline]
    fieldsets = [
        (None, {"fields": ["organization", "slug", "name", "summary", "description", "accent", "is_published"]}),
        (
            _("Dates"),
            {"fields": ["time_zone", "registration_opens_at", "registration_closes_at", "starts_at", "ends_at"]},
        ),
        (_("Places"), {"fields": ["capacity", "seats_taken", "needs_approval"]}),
        (_("Contact"), {"fields": ["contact"]}),
        (_("Group chat"), {"fields": ["group_name", "group_link", "group_picture"]}),
    ]

    @admin.display(description=_("seats"), ordering="seats_taken")
    def seats(self, camp):
        return f"{camp.seats_taken} / {'∞' if camp.capacity is None else camp.capacity}"

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A camp stays with its organization; only superusers create one."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "organization" in form.base_fields and not scope_of(request).is_superuser:
            form.base_fields["organization"].disabled = True
        return form


@admin.register(CampLink)
class CampLinkAdmin(ScopedAdmin):
    camp_lookup = "camp"
    viewers = ANY_ROLE
    list_display = ["title", "camp", "url", "position"]
    list_filter = [("camp", ScopedFilter)]
    list_select_related = ["camp"]
    search_fields = ["title"]


@admin.register(FaqEntry)
class FaqEntryAdmin(HistoryAdmin):
    camp_lookup = "camp"
    viewers = ANY_ROLE
    list_display = ["question", "camp", "position"]
    list_filter = [("camp", ScopedFilter)]
    list_select_related = ["camp"]
    search_fields = ["question"]


class StaffRoleForm(ScopedForm):
    """Names the person by the exact handle: whom somebody may appoint is not for browsing."""

    handle = forms.CharField(label=_("Handle"), max_length=30, help_text=_("Ask the person for their handle."))

    def clean_handle(self):
        person = User.objects.filter(handle_key=fold(self.cleaned_data["handle"]), is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this handle."))
        self.instance.user = person
        return self.cleaned_data["handle"]

    def clean(self):
        cleaned = super().clean()
        same = StaffRole.objects.filter(user=self.instance.user_id, camp=cleaned.get("camp"), role=cleaned.get("role"))
        if same.exists():
            raise forms.ValidationError(_("This person already has this role."))
        return cleaned


@admin.register(StaffRole)
class StaffRoleAdmin(HistoryAdmin):
    camp_lookup = "camp"
    names_alike = True
    list_display = ["user", "role", "camp"]
    list_filter = ["role", ("camp", ScopedFilter)]
    list_select_related = ["user", "camp"]
    search_fields = ["user__handle", "user__display_name"]
    editors = None  # A role is given and taken, so that its history says from when to when.

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | ({} if obj else {"form": StaffRoleForm}))

    def for_choices(self, rows):
        return super().for_choices(rows).select_related("user", "camp")

    def get_fields(self, request, obj=None):
        return ["camp", "user", "role"] if obj else ["camp", "handle", "role"]


@admin.register(Reveal)
class RevealAdmin(ReadOnly, ScopedAdmin):
    camp_lookup = "camp"
    viewers = ORGANIZING
    list_display = ["revealed_at", "user", "secret", "camp"]
    list_filter = [("camp", ScopedFilter)]
    list_select_related = ["user", "camp"]
    search_fields = ["user__handle", "user__display_name", "=secret"]
