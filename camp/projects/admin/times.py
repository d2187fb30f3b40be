"""Moments in the admin of projects: on the clock of the camp, with its zone named."""

from operator import attrgetter

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _

from camp.camps import times


def on_camp_clock(value, camp):
    """A point in time as one line, on the clock of the camp."""
    if value is None:
        return "–"
    return f"{times.day_and_clock(timezone.localtime(value, camp.zone))} ({times.zone_name(camp.zone)})"


def clock_column(model, name, camp):
    """The column of a list for a moment; `camp` leads from the row to its camp."""
    camp_of = attrgetter(camp.replace("__", "."))

    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name)
    def column(row):
        return on_camp_clock(getattr(row, name), camp_of(row))

    return column


def clock_note(row):
    """Whose clock the form goes by; the active one is that of the camp, where the row has one already."""
    words = {"zone": times.zone_name(timezone.get_current_timezone())}
    if row is None:
        return _("Times go by the clock of %(zone)s.") % words
    return _("Times are on the camp's clock (%(zone)s).") % words
