"""The admin of staff. Every admin of the site is a ScopedAdmin.

Its rows are filtered before anything else happens to them, so a list, a form, an autocomplete, a filter and a raw id
in a POST all know the same rows; Django's own permissions are not asked.
"""

import re

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget, AutocompleteSelect
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from camp.camps.admin_rows import OnCampClock, camp_id_of, label_of
from camp.camps.admin_times import NamesClock
from camp.camps.fields import MOST_DIGITS, LineField, RowsField, TextField
from camp.camps.history import ReadableChanges
from camp.camps.staff import NOBODY, ORGANIZING, TEACHING, scope_of
from camp.camps.uploads import PictureField, PictureInput

OFFERED = re.compile(r"(id__)?(exact|in|isnull|gt|gte|lt|lte|year|month|day)")  # What the links of filters ask.


class ScopedForm(forms.ModelForm):
    """Everything that a row names belongs to the camp of the row."""

    def clean(self):
        cleaned = super().clean()
        own = None
        for name, row in self._named(cleaned):
            camp = camp_id_of(row)
            own = own or camp
            if camp not in (None, own):
                self.add_error(name if name in self.fields else None, _("This belongs to another camp."))
        return cleaned

    def _named(self, cleaned):
        """(field, row) for every relation, the parent of the row first: models name it first."""
        for field in self.instance._meta.concrete_fields:
            row = cleaned.get(field.name) if field.name in self.fields else self._stored(field)
            if field.many_to_one and row and admin.site.is_registered(type(row)):
                yield field.name, row
        for field in self.instance._meta.many_to_many:
            yield from ((field.name, row) for row in cleaned.get(field.name) or ())

    def _stored(self, field):
        """The row that a relation outside the form leads to. The new parent of an inline has no id yet."""
        is_known = field.many_to_one and (field.is_cached(self.instance) or getattr(self.instance, field.attname))
        return getattr(self.instance, field.name) if is_known else None


class LookUpBox(AutocompleteSelect):
    """Django's box that looks up as one types, which fails where what was sent is no id."""

    def optgroups(self, name, value, attr=None):
        ids = [pk for pk in map(str, value) if pk.isdecimal() and len(pk) <= MOST_DIGITS]
        return super().optgroups(name, ids, attr)


class ScopedFilter(admin.RelatedFieldListFilter):
    """A filter that offers the rows of one's own camps only."""

    def field_choices(self, field, request, model_admin):
        target = model_admin.admin_site.get_model_admin(field.related_model)
        return [(row.pk, label_of(row)) for row in target.for_choices(target.get_queryset(request))]


class Scoped:
    """What the admin of a model and its inlines share. `roles` are those of the camp that a row belongs to."""

    form = ScopedForm
    adders = ORGANIZING
    editors = ORGANIZING
    deleters = ORGANIZING
    formfield_overrides = {
        models.CharField: {"form_class": LineField, "widget": AdminTextInputWidget},
        models.TextField: {"form_class": TextField, "widget": AdminTextareaWidget},
        models.ImageField: {"form_class": PictureField, "widget": PictureInput},
        models.URLField: {"assume_scheme": "https"},
    }

    def get_field_queryset(self, db, db_field, request):
        """What a relation offers and accepts: rows in which the person may do what the form does."""
        target = self.admin_site.get_model_admin(db_field.remote_field.model)
        return target.for_choices(target.within(request, self.adders or self.editors))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LookUpBox(db_field, self.admin_site))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.label_from_instance = label_of
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **{"form_class": RowsField, **kwargs})
        field.label_from_instance = label_of
        return field


class ScopedAdmin(OnCampClock, Scoped, NamesClock, admin.ModelAdmin):
    """An admin for the rows of one's own camps.

    `camp_lookup` leads from a row to its camp; `course_lookup` to its course, where teachers are narrowed to courses.
    `secrets` are fields shown to `secret_readers` only. `names_alike`: each camp has one of that name, so choices add
    the camp. `keeps` names the relations whose rows forbid a deletion.
    """

    camp_lookup = None
    course_lookup = ""
    viewers = TEACHING
    secrets = ()
    secret_readers = ORGANIZING
    names_alike = False
    keeps = ()
    list_per_page = 50
    show_full_result_count = False
    actions_on_bottom = True
    save_on_top = False

    def condition(self, scope, roles):
        if self.camp_lookup is None:
            return Q() if scope.is_superuser else Q(pk__in=())
        return scope.condition(roles, camp=self.camp_lookup, course=self.course_lookup)

    def within(self, request, roles):
        """The rows of the camps in which the person has one of these roles."""
        rows = super().get_queryset(request)
        return rows.none() if roles is NOBODY else rows.filter(self.condition(scope_of(request), roles))

    def get_queryset(self, request):
        return self.within(request, self.viewers)

    def get_ordering(self, request):
        return self.ordering or self.opts.ordering or ["-pk"]

    def for_choices(self, rows):
        return rows.select_related(self.camp_lookup) if self.names_alike else rows

    def allows(self, request, roles, obj=None):
        """Whether the person may with this row what these roles may; without a row: with any row."""
        if not scope_of(request).may(roles):
            return False
        return obj is None or scope_of(request).is_superuser or self.within(request, roles).filter(pk=obj.pk).exists()

    def has_module_permission(self, request):
        return self.allows(request, self.viewers)

    def has_view_permission(self, request, obj=None):
        return self.allows(request, self.viewers, obj)

    def has_add_permission(self, request):
        return self.allows(request, self.adders)

    def has_change_permission(self, request, obj=None):
        return self.allows(request, self.editors, obj)

    def has_delete_permission(self, request, obj=None):
        return self.allows(request, self.deleters, obj)

    def has_decide_permission(self, request):
        """Decisions over people are of those who organize, also where nobody edits a row by hand."""
        return self.allows(request, ORGANIZING)

    @property
    def parent(self):
        """The field of what a row belongs to, which never changes: a stage does not move to another camp."""
        return "" if self.camp_lookup in (None, "pk") else self.camp_lookup.partition("__")[0]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and self.parent in form.base_fields:
            form.base_fields[self.parent].disabled = True
        return form

    def response_action(self, request, queryset):
        if not all(pk.isdecimal() for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("The selection holds something that is no row.")
        return super().response_action(request, queryset)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        camps = scope_of(request).camps(self.adders or ())
        return {"camp": next(iter(camps)), **initial} if len(camps) == 1 else initial

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not self.secrets or self.allows(request, self.secret_readers, obj):
            return fieldsets
        shown = [(name, options | {"fields": self._open(options["fields"])}) for name, options in fieldsets]
        return [(name, options) for name, options in shown if options["fields"]]

    def _open(self, fields):
        return [field for field in fields if field not in self.secrets]

    def get_deleted_objects(self, objs, request):
        """What history hangs on stays, and the page says how much, not each of thousands of rows."""
        kept = [self._kept(obj, name) for obj in objs for name in self.keeps if getattr(obj, name).exists()]
        return ([], {}, set(), kept) if kept else super().get_deleted_objects(objs, request)

    def _kept(self, obj, name):
        related = getattr(obj, name)
        return f"{obj}: {related.count()} {related.model._meta.verbose_name_plural}"

    def lookup_allowed(self, lookup, value, request=None):
        """Only what a filter offers: a lookup on any other column lets a reader guess what no page shows."""
        names = {item[0] if isinstance(item, tuple) else item for item in self.get_list_filter(request)}
        names |= {item.parameter_name for item in names if isinstance(item, type)} | {self.date_hierarchy, "id", "pk"}
        texts = [name for name in names if isinstance(name, str)]
        return any(lookup == name or OFFERED.fullmatch(lookup.removeprefix(f"{name}__")) for name in texts)


class HistoryAdmin(ScopedAdmin, SimpleHistoryAdmin):
    """A scoped admin with who changed what and when, for those who organize. History is read, never restored."""

    historians = ORGANIZING
    object_history_template = "admin/object_history_changes.html"

    def has_view_history_permission(self, request, obj=None):
        return self.allows(request, self.historians, obj)

    def has_change_history_permission(self, request, obj=None):
        return False

    def has_view_history_or_change_history_permission(self, request, obj=None):
        return self.has_view_history_permission(request, obj)

    def history_view(self, request, object_id, extra_context=None):
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """No link to a history that the reader may not read."""
        context["hides_history"] = not self.has_view_history_permission(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_historical_record_context_helper(self, request, historical_record):
        return ReadableChanges(self.model, historical_record)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A decision is taken back by another decision, never by writing an old row over it."""
        raise PermissionDenied


class ReadOnly:
    """Rows that services alone write."""

    adders = editors = deleters = NOBODY


class LabelledFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        """In a row the head of the column is no label for those who hear the page."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label or "")


class ScopedInline(Scoped, admin.TabularInline):
    """Rows inside the page of what they belong to, open to whom that is open."""

    formset = LabelledFormSet
    extra = 0
    show_change_link = True

    def _allows(self, request, roles, parent):
        return self.admin_site.get_model_admin(self.parent_model).allows(request, roles, parent)

    def has_view_permission(self, request, obj=None):
        return self._allows(request, self.admin_site.get_model_admin(self.parent_model).viewers, obj)

    def has_add_permission(self, request, obj=None):
        return self._allows(request, self.adders, obj)

    def has_change_permission(self, request, obj=None):
        return self._allows(request, self.editors, obj)

    def has_delete_permission(self, request, obj=None):
        return self._allows(request, self.deleters, obj)
