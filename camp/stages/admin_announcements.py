from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camp.camps.scoped_admin import HistoryAdmin, ScopedFilter
from camp.camps.staff import ANY_ROLE
from camp.stages import announcements
from camp.stages.models import Announcement
from camp.stages.services import StageError


class MailedFilter(admin.SimpleListFilter):
    title = gettext_lazy("by mail")
    parameter_name = "mailed"

    def lookups(self, request, model_admin):
        return [("yes", _("sent")), ("no", _("not sent"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(mailed_at__isnull=self.value() == "no")


@admin.register(Announcement)
class AnnouncementAdmin(HistoryAdmin):
    """On the pages of the camp from its date on; by mail only when organizers say so, once, after they saw it."""

    camp_lookup = "camp"
    viewers = ANY_ROLE
    change_form_template = "admin/announcement_change_form.html"
    list_display = ["title", "mailed", "stage", "published_at", "camp"]
    list_filter = [("camp", ScopedFilter), ("stage", ScopedFilter), MailedFilter]
    list_select_related = ["camp", "stage"]
    search_fields = ["title"]
    readonly_fields = ["mailed_at", "mailed_by", "mailed_to"]
    fieldsets = [(None, {"fields": ["camp", "stage", "title", "body", "published_at"]})]
    mail_fieldset = (gettext_lazy("By mail"), {"fields": readonly_fields})

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, self.mail_fieldset] if obj and obj.mailed_at else fieldsets

    @admin.display(description=gettext_lazy("by mail"), ordering="mailed_at")
    def mailed(self, announcement):
        if announcement.mailed_at is None:
            return None
        count = announcement.mailed_to
        return ngettext("to %(count)d person", "to %(count)d people", count) % {"count": count}

    def get_urls(self):
        mail = self.admin_site.admin_view(self.mail_view)
        return [path("<int:pk>/mail/", mail, name="stages_announcement_mail"), *super().get_urls()]

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._offer_mail(request, obj)
        return response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        self._offer_mail(request, obj)
        return response

    def _offer_mail(self, request, announcement):
        if not self.has_change_permission(request, announcement) or not announcements.is_sendable(announcement):
            return
        url = reverse("admin:stages_announcement_mail", args=[announcement.pk])
        text, link = _("It is on the pages of the camp."), _("Send it by mail…")
        self.message_user(request, format_html('{} <a href="{}">{}</a>', text, url, link), messages.INFO)

    def mail_view(self, request, pk):
        """Show the mail and how many get it; then queue just that."""
        announcement = self._to_mail(request, pk)
        try:
            announcements.require_sendable(announcement, at=timezone.now())
            if request.method != "POST":
                return self._shown(request, announcement)
            count = announcements.send(announcement, by=request.user, seen=request.POST.get("seen"))
            self._sent(request, announcement, count)
        except announcements.ChangedError as refusal:
            return self._shown(request, self._to_mail(request, pk), refusal=refusal, status=409)
        except StageError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return redirect(reverse("admin:stages_announcement_change", args=[pk]))

    def _to_mail(self, request, pk):
        rows = self.within(request, self.editors).select_related("camp__organization", "stage", "mailed_by")
        return get_object_or_404(rows, pk=pk)

    def _shown(self, request, announcement, *, refusal="", status=200):
        context = {
            **self.admin_site.each_context(request), "title": _("Send by mail"), "opts": self.opts,
            "announcement": announcement, "count": announcements.recipients(announcement).count(),
            "previews": announcements.previews(announcement, reader=request.user), "refusal": str(refusal),
            "seen": announcements.mark_of(announcement, reader=request.user),
        }  # fmt: skip
        return TemplateResponse(request, "admin/announcement_mail.html", context, status=status)

    def _sent(self, request, announcement, count):
        self.log_change(request, announcement, f"Sent by mail to {count}.")
        text = ngettext("It goes out to %(count)d person now.", "It goes out to %(count)d people now.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
