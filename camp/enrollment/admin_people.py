"""People as staff see them: those who have an enrollment or a role in the camps of the reader."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from camp.accounts import services
from camp.accounts.events import tell_of_profile
from camp.accounts.models import User
from camp.accounts.services import AccountError
from camp.camps.decisions import decide
from camp.camps.fields import NameField
from camp.camps.models import StaffRole
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin
from camp.camps.staff import NOBODY, SUPERUSERS
from camp.enrollment.models import Enrollment
from camp.notices import services as notices

ELSEWHERE = [
    ("enrollment_enrollment", _("Enrollments")), ("accounts_identity", _("Linked logins")),
    ("stages_participation", _("Participations")), ("rankings_standing", _("Standings")),
    ("classrooms_checkin", _("Check-ins")),
]  # fmt: skip
VERIFIERS = (StaffRole.Role.ORGANIZER, StaffRole.Role.TEACHER)


def students_of(scope, roles):
    return Enrollment.objects.filter(camp__in=scope.camps(roles)).values("student")


def staff_of(scope, roles):
    return StaffRole.objects.filter(camp__in=scope.camps(roles)).values("user")


class PersonForm(forms.ModelForm):
    """What makes a name or an address acceptable is decided where people choose them themselves."""

    class Meta:
        field_classes = {"display_name": NameField}

    def clean_handle(self):
        handle = self.cleaned_data["handle"]
        is_same = handle == self.initial.get("handle")
        return handle if is_same else get_adapter().clean_username(handle)

    def clean_email(self):
        email = get_adapter().clean_email(self.cleaned_data["email"])
        if EmailAddress.objects.filter(email__iexact=email).exclude(user=self.instance).exists():
            raise forms.ValidationError(_("This address belongs to another account."))
        return email


@admin.register(User)
class PersonAdmin(ScopedAdmin, UserAdmin):
    """Read by the staff of a person's camps, changed by superusers only. People make their accounts themselves.

    The address is for superusers: an organizer can appoint anybody, and would so read the address of everybody.
    """

    form = PersonForm
    change_form_template = "admin/person_change_form.html"
    adders = deleters = NOBODY
    editors = SUPERUSERS
    secrets = ("email",)
    secret_readers = SUPERUSERS
    list_display = ["handle", "display_name", "affiliation", "city", "is_active", "date_joined"]
    list_filter = ["is_active", "occupation"]
    search_fields = ["^handle", "display_name", "affiliation", "^identities__login_key"]
    filter_horizontal = []
    ordering = ["-date_joined", "-id"]
    readonly_fields = ["last_login", "date_joined", "elsewhere"]
    fieldsets = [
        (None, {"fields": ["handle", "display_name", "email", "elsewhere"]}),
        (_("Profile"), {"fields": ["occupation", "affiliation", "major", "city", "language", "time_zone"]}),
        (_("Access"), {"fields": ["is_active", "is_superuser", "last_login", "date_joined"]}),
    ]

    def condition(self, scope, roles):
        known = Q(pk__in=students_of(scope, roles)) | Q(pk__in=staff_of(scope, roles))
        return Q() if scope.is_superuser else known

    def get_search_fields(self, request):
        return [*self.search_fields, "^email"] if self.allows(request, SUPERUSERS) else self.search_fields

    @admin.display(description=_("what else is known"))
    def elsewhere(self, person):
        """Links to the lists that hold this person's rows: each finds people by their handle."""
        query = urlencode({"q": person.handle})
        links = ((f"{reverse(f'admin:{name}_changelist')}?{query}", title) for name, title in ELSEWHERE)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        tell_of_profile(obj, form.changed_data)
        if "email" in form.changed_data:
            adopt_email(obj)


def adopt_email(user):
    """Make the address that a superuser vouches for the only one, so that an old one opens the account no more."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    values = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults=values)


class LinkFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("unverified", _("not verified")), ("verified", _("verified")), ("unlinked", _("not linked any more"))]

    def queryset(self, request, queryset):
        if self.value() == "unverified":
            return queryset.unverified()
        if self.value() == "verified":
            return queryset.linked().exclude(verified_at=None)
        return queryset.exclude(unlinked_at=None) if self.value() == "unlinked" else queryset


class IdentityAdmin(ReadOnly, HistoryAdmin):
    """The logins of one's students. Whom an organizer only appointed keeps theirs to themselves.

    Registered by rankings, which adds what a login scored.
    """

    list_display = ["login", "channel", "user", "proof", "verified_at", "first_scored_at", "unlinked_at"]
    list_filter = [LinkFilter, "channel", "proof"]
    list_select_related = ["user"]
    search_fields = ["^login_key", "^user__handle", "user__display_name"]
    actions = ["verify", "unlink"]
    fields = [
        "user", "channel", "login", "uid", "proof", "verified_at", "verified_by", "linked_at", "first_scored_at",
        "owned_from", "unlinked_at",
    ]  # fmt: skip

    def condition(self, scope, roles):
        return Q() if scope.is_superuser else Q(user__in=students_of(scope, roles))

    def has_verify_permission(self, request):
        return self.allows(request, VERIFIERS)

    def has_unlink_permission(self, request):
        """A login counts in every camp of its person, so no organizer of one camp ends it."""
        return self.allows(request, SUPERUSERS)

    @admin.action(description=_("Verify: this login belongs to this person"), permissions=["verify"])
    def verify(self, request, queryset):
        title = _("Vouch that these logins belong to these people?")
        options = {"action": "verify", "title": title, "refusal": AccountError, "roles": VERIFIERS}
        return decide(self, request, queryset, act=lambda row: services.verify_login(row, by=request.user), **options)

    @admin.action(description=_("Unlink"), permissions=["unlink"])
    def unlink(self, request, queryset):
        title = _("Unlink these logins? What they scored until now stays with their people.")
        options = {"action": "unlink", "title": title, "refusal": AccountError, "roles": SUPERUSERS}
        return decide(self, request, queryset, act=unlink_and_tell, **options)


@transaction.atomic
def unlink_and_tell(identity):
    notices.queue("accounts/login_unlinked", to=identity.user, url=reverse("accounts:identities"), login=str(identity))
    services.unlink_login(identity)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly, ScopedAdmin):
    """For superusers, who can help where no mail arrives."""

    viewers = SUPERUSERS
    list_display = ["email", "user", "verified", "primary"]
    list_filter = ["verified", "primary"]
    list_select_related = ["user"]
    search_fields = ["^email", "^user__handle"]
    fields = ["email", "user", "verified", "primary"]
    actions = ["confirm"]

    @admin.action(description=_("Confirm without a mail"))
    def confirm(self, request, queryset):
        confirmed = [address for address in queryset.filter(verified=False) if address.set_verified()]
        for address in confirmed:
            self.log_change(request, address, "Confirmed by hand.")
        self.message_user(request, _("Confirmed: %(count)d") % {"count": len(confirmed)}, messages.SUCCESS)


@admin.register(Authenticator)
class AuthenticatorAdmin(ScopedAdmin):
    """Second factors. A superuser deletes one for somebody who lost the telephone; its secret is never shown."""

    viewers = deleters = SUPERUSERS
    adders = editors = NOBODY
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["^user__handle", "user__display_name"]
    fields = ["user", "type", "created_at", "last_used_at"]


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnly, ScopedAdmin):
    viewers = SUPERUSERS
    list_display = ["user", "provider", "uid", "last_login", "date_joined"]
    list_filter = ["provider"]
    list_select_related = ["user"]
    search_fields = ["^user__handle", "user__display_name", "=uid"]
    fields = ["user", "provider", "uid", "last_login", "date_joined"]
