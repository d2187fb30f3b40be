"""Lists of the admin narrowed to what waits for a decision."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class StateFilter(admin.SimpleListFilter):
    """What waits for a decision; `states` maps a value to its title and to the method of the queryset."""

    title = _("state")
    parameter_name = "state"
    states = {}

    def lookups(self, request, model_admin):
        return [(value, title) for value, (title, _narrow) in self.states.items()]

    def queryset(self, request, queryset):
        _title, narrow = self.states.get(self.value(), ("", None))
        return narrow(queryset) if narrow else queryset
