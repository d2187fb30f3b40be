"""Moments in the admin of projects: on the clock of the camp, with its zone named."""

from functools import cache
from operator import attrgetter

from django.contrib import admin
from django.db import models
from django.utils import timezone

from camp.camps import times


def on_camp_clock(value, camp):
    """A point in time as one line, on the clock of the camp."""
    if value is None:
        return "–"
    return f"{times.day_and_clock(timezone.localtime(value, camp.zone))} ({times.zone_name(camp.zone)})"


@cache
def clock_column(model, name, camp):
    """The column of a list for a moment; `camp` leads from the row to its camp."""
    camp_of = attrgetter(camp.replace("__", "."))

    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name)
    def column(row):
        return on_camp_clock(getattr(row, name), camp_of(row))

    column.__name__ = name
    return column


class ClockedPage:
    """An admin on whose pages moments that are only read stand as in its list: with the zone of the camp's clock."""

    names_clock = False

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self._clocks.values()]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        is_form = self.has_change_permission(request, obj)
        read = self.get_readonly_fields(request, obj) if is_form else self._clocks
        return [(title, options | {"fields": self._shown(options["fields"], read)}) for title, options in fieldsets]

    def _shown(self, fields, read):
        return [self._clocks.get(name, name) if name in read else name for name in fields]

    @property
    def _clocks(self):
        moments = [field.name for field in self.opts.fields if isinstance(field, models.DateTimeField)]
        return {name: clock_column(self.model, name, self.camp_lookup) for name in moments}
