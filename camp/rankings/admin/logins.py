"""Logins with what rankings adds to them: they are given to the person whose they are, with all that they scored."""

from functools import partial

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.camps.decisions import ask, decide
from camp.camps.staff import ORGANIZING, scope_of
from camp.enrollment.admin_people import IdentityAdmin
from camp.rankings import corrections
from camp.rankings.corrections import CorrectionError
from camp.rankings.forms.corrections import AccountForm
from camp.rankings.queries import unlinked_logins
from camp.stages.models import Course


@admin.register(Identity)
class ScoringIdentityAdmin(IdentityAdmin):
    actions = [*IdentityAdmin.actions, "give"]

    @admin.action(description=_("Give to another account of the same person…"), permissions=["decide"])
    def give(self, request, queryset):
        def act(identity, *, account, reason):
            corrections.give_login(identity, to=account, by=request.user, reason=reason)

        form_class = partial(AccountForm, scope=scope_of(request))
        title = _("Give these logins to another account of the same person? All that they scored moves there.")
        options = {"action": "give", "form_class": form_class, "refusal": CorrectionError}
        return decide(self, request, queryset.select_related("user"), act=act, title=title, **options)


class GivesUnlinkedLogins:
    """An admin with the page that gives a login, which scores and is nobody's, to a student."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.unlinked_login_view)
        return [path("login/", view, name="rankings_correction_login"), *super().get_urls()]

    def unlinked_login_view(self, request):
        channel, login = self._unlinked(request)
        form = AccountForm(request.POST if request.method == "POST" else None, scope=scope_of(request))
        if form.is_valid() and self._given(request, form, channel, login):
            return redirect("admin:unlinked_logins")
        title = _("Give this login to the student whose it is? All that it scored counts for the student then.")
        page = ask(self, request, [f"{login} ({Identity.Channel(channel).label})"], form=form, title=title)
        page.context_data["back_url"] = reverse("admin:unlinked_logins")
        return page

    def _unlinked(self, request):
        """(channel, login) of the address, where it scores without being anybody's in a course that one organizes."""
        taught = scope_of(request).condition(ORGANIZING, camp="camp", course="pk")
        asked = {"channel": request.GET.get("channel", ""), "login_key": request.GET.get("login", "").lower()}
        courses = Course.objects.filter(taught) if scope_of(request).may(ORGANIZING) else Course.objects.none()
        if not unlinked_logins(courses).filter(**asked).exists():
            raise Http404
        return tuple(asked.values())

    def _given(self, request, form, channel, login):
        account, reason = form.cleaned_data["account"], form.cleaned_data["reason"]
        try:
            line = corrections.give_unlinked_login(channel, login, to=account, by=request.user, reason=reason)
        except CorrectionError as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, _("Done: %(line)s") % {"line": line}, messages.SUCCESS)
        return True
