"""Moments in the admin: lists and forms say by whose clock they go."""

from functools import cache

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from camp.camps import times
from camp.camps.admin_rows import camp_id_of


class NamesClock:
    """A ScopedAdmin that names the zone: in the heads of a list the reader's, over a form the one that is active.

    `names_clock`: off where the fields of the form say it themselves.
    """

    names_clock = True

    def get_list_display(self, request):
        zone = timezone.get_current_timezone()
        return [self._column(name, zone) for name in super().get_list_display(request)]

    def _column(self, name, zone):
        field = self._moment(name)
        return moment_column(field, zone) if field else name

    def _moment(self, name):
        """The field of that name, if it holds a point in time."""
        try:
            field = self.opts.get_field(name) if isinstance(name, str) else None
        except FieldDoesNotExist:
            return None
        return field if isinstance(field, models.DateTimeField) else None

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [(name, self._with_note(options, obj)) for name, options in fieldsets]

    def _with_note(self, options, obj):
        shows_moments = any(self._moment(name) for name in flatten(options["fields"]))
        if not shows_moments or not self.names_clock or "description" in options:
            return options
        return options | {"description": clock_note(obj)}


_zone_name = lazy(times.zone_name, str)


@cache
def moment_column(field, zone):
    """The column of a list for a moment, with the zone in its head."""

    @admin.display(description=format_lazy("{} ({})", field.verbose_name, _zone_name(zone)), ordering=field.name)
    def column(row):
        return getattr(row, field.name)

    column.__name__ = field.name
    return column


def clock_note(row):
    """By whose clock the form goes; the active one is that of the camp, where the row belongs to one already."""
    words = {"zone": times.zone_name(timezone.get_current_timezone())}
    if row is None or camp_id_of(row) is None:
        return _("Times go by the clock of %(zone)s.") % words
    return _("Times are on the camp's clock (%(zone)s).") % words
