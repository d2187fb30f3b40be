from django.contrib import admin, messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camp.camps.admin import CampAdmin
from camp.camps.decisions import ask
from camp.camps.models import Camp
from camp.enrollment.services import fill_seats
from camp.stages import services


@admin.register(Camp)
class CampWithStudentsAdmin(CampAdmin):
    """A camp, and what happens to its students when it changes."""

    change_form_template = "admin/camp_change_form.html"

    def get_urls(self):
        rules = self.admin_site.admin_view(self.rules_view)
        return [path("<int:pk>/rules/", rules, name="camps_camp_rules"), *super().get_urls()]

    def rules_view(self, request, pk):
        """Ask the entry rules again for every student, after they or a course changed."""
        camp = get_object_or_404(self.within(request, self.editors), pk=pk)
        if request.method != "POST":
            title = _("Ask the rules again? Students who meet them now are promoted and told so.")
            return ask(self, request, [camp], title=title)
        self._report(request, len(services.apply_rules(camp)))
        return redirect(reverse("admin:camps_camp_change", args=[pk]))

    def _report(self, request, promoted):
        text = ngettext("%(count)d student was promoted.", "%(count)d students were promoted.", promoted)
        self.message_user(request, text % {"count": promoted}, messages.SUCCESS)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        """Seats that a higher capacity brings go to the waiting list at once."""
        super().save_model(request, obj, form, change)
        if change and "capacity" in form.changed_data and (filled := fill_seats(obj)):
            text = ngettext(
                "%(count)d waiting student got a seat.", "%(count)d waiting students got a seat.", len(filled)
            )
            self.message_user(request, text % {"count": len(filled)}, messages.SUCCESS)
