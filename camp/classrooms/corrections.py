"""The form on which a teacher corrects attendance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import LineField
from camp.classrooms import services


class CorrectionForm(forms.Form):
    """That a student was in a meeting or was not, and why."""

    was = forms.ChoiceField(choices=[("here", "here"), ("away", "away")], widget=forms.HiddenInput)
    reason = LineField(
        label=_("Reason"),
        help_text=_("The student reads it."),
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )

    status = 400  # Of the answer that shows what is wrong with it.

    @property
    def is_present(self):
        return self["was"].value() == "here"


def corrected(form, meeting, enrollment, *, by):
    """Correct what a valid form says. A refusal stands on the form, and nothing is returned."""
    try:
        reason = form.cleaned_data["reason"]
        return services.correct(meeting, enrollment=enrollment, is_present=form.is_present, by=by, reason=reason)
    except services.ClassroomError as refusal:
        form.add_error(None, str(refusal))
        form.status = refusal.status
        return None
