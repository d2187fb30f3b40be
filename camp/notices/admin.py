from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ORGANIZING
from camp.notices import services
from camp.notices.models import Mail, Notice


@admin.register(Mail)
class MailAdmin(ReadOnly, ScopedAdmin):
    """The outbox. Private mails, such as those that sign somebody in, are listed, but nobody reads them here."""

    camp_lookup = "camp"
    viewers = ORGANIZING
    list_display = ["queued_at", "to", "subject", "status", "tries", "sent_at", "camp"]
    list_filter = ["status", "is_private", ("camp", ScopedFilter)]
    list_select_related = ["camp"]
    search_fields = ["to", "subject"]
    actions = ["retry"]
    fieldsets = [
        (None, {"fields": ["to", "subject", "body", "camp", "is_private"]}),
        (
            _("Delivery"),
            {"fields": ["status", "queued_at", "next_try_at", "claimed_at", "sent_at", "tries", "last_error"]},
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.is_private:
            return fieldsets
        return [
            (name, {"fields": [field for field in options["fields"] if field != "body"]}) for name, options in fieldsets
        ]

    @admin.action(description=_("Send again what was given up or interrupted"), permissions=["decide"])
    def retry(self, request, queryset):
        stuck = list(queryset.filter(status__in=(Mail.Status.FAILED, Mail.Status.UNCERTAIN)))
        for mail in stuck:
            services.retry(mail)
            self.log_change(request, mail, "Queued again.")
        text = ngettext("%(count)d mail will be sent again.", "%(count)d mails will be sent again.", len(stuck))
        self.message_user(request, text % {"count": len(stuck)}, messages.SUCCESS if stuck else messages.WARNING)


@admin.register(Notice)
class NoticeAdmin(ReadOnly, ScopedAdmin):
    camp_lookup = "camp"
    viewers = ORGANIZING
    list_display = ["created_at", "recipient", "title", "camp", "read_at"]
    list_filter = [("camp", ScopedFilter)]
    list_select_related = ["recipient", "camp"]
    search_fields = ["recipient__handle", "recipient__display_name", "title"]
    fields = ["recipient", "camp", "kind", "title", "body", "url", "mail", "created_at", "read_at"]

    def get_fields(self, request, obj=None):
        is_private = obj is not None and obj.mail is not None and obj.mail.is_private
        return [field for field in self.fields if not (is_private and field == "body")]
