"""The form that registers a repository: for one student, or for a team at once."""

import re

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold
from camp.camps.scoped_admin import ScopedForm
from camp.enrollment.models import Enrollment


class RepositoryForm(ScopedForm):
    others = forms.CharField(
        label=_("Other members"), required=False, max_length=1000, widget=AdminTextInputWidget,
        help_text=_("Of a team: the handles of its other members, with spaces between. It is registered for each."),
    )  # fmt: skip

    class Meta:
        help_texts = {"repository_id": _("The number that GitHub gave the repository.")}

    def clean(self):
        cleaned = super().clean()
        course, handles = cleaned.get("course"), re.sub("[,，、;]", " ", cleaned.get("others", "")).split()
        cleaned["members"] = self._members(course, handles) if course and handles else []
        return cleaned

    def _members(self, course, handles):
        """The enrollments of these handles in the course's camp."""
        keys = {fold(handle): handle for handle in handles}
        found = Enrollment.objects.in_camp(course.camp_id).filter(student__handle_key__in=keys)
        members = {each.student.handle_key: each for each in found.select_related("student")}
        unknown = [handle for key, handle in keys.items() if key not in members]
        if unknown:
            text = _("No student of this camp has this handle: %(handles)s")
            self.add_error("others", text % {"handles": ", ".join(unknown)})
        return list(members.values())
