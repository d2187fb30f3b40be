"""How the admin tells what a change was."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper

NOTHING = "–"


class ReadableChanges(HistoricalRecordContextHelper):
    """Values as a reader knows them: choices by their words, times in the reader's zone, a dash for nothing."""

    def prepare_delta_change_value(self, change, value):
        value = super().prepare_delta_change_value(change, value)
        words = dict(self.model._meta.get_field(change.field).flatchoices)
        if is_nothing(value):
            return NOTHING
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        return words.get(value, value) if words else value


def is_nothing(value):
    return value in (None, "") or (isinstance(value, DeletedObject) and value.pk is None)
