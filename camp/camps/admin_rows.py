"""How a row of the admin belongs to a camp: by which name it is offered, and by whose clock its form goes."""

from operator import attrgetter

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist
from django.template.response import TemplateResponse
from django.utils import timezone

from camp.camps.fields import MOST_DIGITS
from camp.camps.models import Camp


def camp_id_of(row):
    """The id of the one camp that a row belongs to; None for people, what is shared by camps, what names no course,
    and a new row whose form did not say to what it belongs.
    """
    path = admin.site.get_model_admin(type(row)).camp_lookup
    if path in (None, "pk"):
        return row.pk if isinstance(row, Camp) else None
    try:
        return attrgetter(path.replace("__", ".") + "_id")(row)
    except (ObjectDoesNotExist, AttributeError):
        return None


def label_of(row):
    """A row as a choice: with its camp, where its own name does not tell."""
    model_admin = admin.site.get_model_admin(type(row))
    if not model_admin.names_alike:
        return str(row)
    return f"{row} · {attrgetter(model_admin.camp_lookup.replace('__', '.'))(row)}"


class OnCampClock:
    """The forms of a ScopedAdmin, on the clock of the camp of their row."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A form shows and takes times on the clock of the camp that its row belongs to."""
        with timezone.override(self._clock(request, object_id)):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            return response.render() if isinstance(response, TemplateResponse) else response

    def _clock(self, request, object_id):
        row = self.get_object(request, unquote(object_id)) if object_id else self.parent_of_new(request)
        camp = Camp.objects.filter(pk=camp_id_of(row)).first() if row else None
        return camp.zone if camp else timezone.get_current_timezone()

    def parent_of_new(self, request):
        """What a new row will belong to, where its empty form knows: named in the address, or the only one there is."""
        pk = str(self.get_changeform_initial_data(request).get(self.parent, ""))
        if not self.parent or not pk.isdecimal() or len(pk) > MOST_DIGITS:
            return None
        return self.opts.get_field(self.parent).related_model.objects.filter(pk=pk).first()
