from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from camp.camps import times
from camp.camps.decisions import decide
from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ORGANIZING
from camp.rankings import services
from camp.rankings.models import UploadToken
from camp.rankings.services import RankingError


@admin.register(UploadToken)
class UploadTokenAdmin(ReadOnly, ScopedAdmin):
    """Issued on the page of their course, where alone they are shown, once."""

    camp_lookup = "course__camp"
    viewers = ORGANIZING
    list_display = ["public_id", "course", "issued_by", "issued_at", "expires_at", "last_used_at", "revoked_at"]
    list_filter = [("course", ScopedFilter)]
    list_select_related = ["course__camp", "issued_by"]
    search_fields = ["^public_id"]
    readonly_fields = ["expires_at"]
    actions = ["revoke"]
    fields = [
        "public_id", "course", "issued_by", "issued_at", "expires_at", "last_used_at", "revoked_at", "revoked_by"
    ]  # fmt: skip

    @admin.display(description=_("expires at"), ordering="course__camp__ends_at")
    def expires_at(self, token):
        return times.moment_text(token.expires_at)

    @admin.action(description=_("Revoke"), permissions=["decide"])
    def revoke(self, request, queryset):
        def act(token):
            services.revoke_token(token, by=request.user)

        title = _("Revoke these tokens? Uploads that carry them are refused from now on.")
        return decide(self, request, queryset, action="revoke", title=title, act=act, refusal=RankingError)
