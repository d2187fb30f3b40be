"""Rows about which services decide: an action of their list for many, and a button on the page of one.

What services count on is locked while a form changes it.
"""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from camp.camps.decisions import decide
from camp.camps.staff import ORGANIZING
from camp.projects.errors import ProjectError


class RowDecisions:
    """`offered` maps an action of the list to whether a row can be decided so now; its button asks on the same page."""

    offered = {}
    change_form_template = "admin/row_decisions.html"

    def get_urls(self):
        own = self.admin_site.admin_view(self.decide_row)
        return [path("<int:pk>/decide/<slug:action>/", own, name=self._name("decide")), *super().get_urls()]

    def decide_row(self, request, pk, action):
        """What the action does with a selection of this one row; afterwards the page of the row again."""
        row = self.get_queryset(request).filter(pk=pk)
        act, _action, _title = self.get_actions(request).get(action if action in self.offered else "", (None,) * 3)
        if act is None or not row.exists():
            raise Http404
        back, response = reverse(f"admin:{self._name('change')}", args=[pk]), act(self, request, row)
        if response is None:
            return redirect(back)
        response.context_data["back_url"] = back
        return response

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        is_decider = obj is not None and self.allows(request, ORGANIZING, obj)
        context["decisions"] = self._buttons(request, obj) if is_decider else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _buttons(self, request, row):
        titles = dict(self.get_action_choices(request, default_choices=[]))
        name = f"admin:{self._name('decide')}"
        return [
            {"url": reverse(name, args=[row.pk, action]), "title": titles[action]}
            for action, is_offered in self.offered.items()
            if action in titles and is_offered(row)
        ]

    def _name(self, view):
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"

    def _decide(self, request, queryset, *, service, **options):
        def act(row, **answers):
            service(row, by=request.user, **answers)

        return decide(self, request, queryset, act=act, refusal=ProjectError, **options)


class LockedForm:
    """A row that is being changed is locked by `locked`, in one transaction from the first look at it on."""

    @transaction.atomic
    def changeform_view(self, request, *args, **kwargs):
        return super().changeform_view(request, *args, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        return self.locked(row) if row and request.method == "POST" else row

    def locked(self, row):
        raise NotImplementedError
