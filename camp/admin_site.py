import re
from functools import update_wrapper

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from camp.admin_needs import needs_of, unlinked_logins_for
from camp.camps.admin_rows import label_of
from camp.camps.fields import MOST_DIGITS
from camp.camps.scoped_admin import ScopedAdmin
from camp.camps.staff import ORGANIZING, TEACHING, scope_of

ORDER = ("enrollment", "stages", "rankings", "classrooms", "camps", "accounts", "notices")  # What staff need first.

LONGEST = 500  # Characters of a value in an address: SQLite compares with no longer patterns than some thousands.


class ScopedAutocomplete(AutocompleteJsonView):
    """Offers the rows that the person sees, with their camp where names are alike."""

    def get_queryset(self):
        return self.model_admin.for_choices(super().get_queryset())

    def serialize_result(self, obj, to_field_name):
        return {"id": str(getattr(obj, to_field_name)), "text": label_of(obj)}


def is_beyond_a_database(name, value):
    """Whether a value of an address holds NUL, is endless, or has a number that is longer than any id, date or year."""
    most = 4 if name.endswith("__year") else MOST_DIGITS
    return "\x00" in value or len(value) > LONGEST or any(len(part) > most for part in re.findall(r"\d+", value))


class CampAdminSite(admin.AdminSite):
    """The stock admin for staff: people with a role in a camp, and superusers."""

    site_header = _("Camp staff")
    site_title = _("Camp staff")
    index_title = _("What needs you")
    index_template = "admin/index.html"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take only admins that know their scope; those that come with packages ask permissions that we do not use."""
        if admin_class and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        """Every page of the site, once its address asks for something that a database can be asked."""
        guarded = super().admin_view(view, cacheable)

        def answer(request, *args, **kwargs):
            asked = [*request.GET.items(), *(("pk", pk) for pk in request.POST.getlist("_selected_action"))]
            if any(is_beyond_a_database(name, value) for name, value in asked):
                raise SuspiciousOperation("a value that no row can have")
            return guarded(request, *args, **kwargs)

        return update_wrapper(answer, view)

    def has_permission(self, request):
        return request.user.is_active and scope_of(request).is_staff

    def login(self, request, extra_context=None):
        """Staff sign in where everybody does, so that second factors and rate limits hold for them too."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(reverse("admin:index"), settings.LOGIN_URL)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def autocomplete_view(self, request):
        return ScopedAutocomplete.as_view(admin_site=self)(request)

    def get_urls(self):
        """The site's own pages come before Django's of the same address."""
        own = [
            path("unlinked-logins/", self.admin_view(self.unlinked_logins), name="unlinked_logins"),
            path("r/<int:content_type_id>/<int:object_id>/", self.admin_view(self.on_site), name="view_on_site"),
        ]
        return own + super().get_urls()

    def index(self, request, extra_context=None):
        return super().index(request, {"needs": needs_of(self, request), **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        """Our apps in the order of a camp's work; what packages keep about accounts stands last."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))

    def on_site(self, request, content_type_id, object_id):
        """Lead to the page of a row. Django's own view would tell the address of anything."""
        model = get_object_or_404(ContentType, pk=content_type_id).model_class()
        if not self.is_registered(model):
            raise Http404
        row = self.get_model_admin(model).get_object(request, str(object_id))
        if row is None or not hasattr(row, "get_absolute_url"):
            raise Http404
        return redirect(row.get_absolute_url())

    def unlinked_logins(self, request):
        """Logins that score in one's courses without belonging to anybody here."""
        if not scope_of(request).may(TEACHING):
            raise PermissionDenied
        page = Paginator(unlinked_logins_for(request), 100).get_page(request.GET.get("p"))
        context = {**self.each_context(request), "title": _("Unlinked logins"), "page": page}
        context["may_give"] = scope_of(request).may(ORGANIZING)
        return TemplateResponse(request, "admin/unlinked_logins.html", context)
