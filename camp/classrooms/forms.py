from django import forms
from django.utils.translation import gettext_lazy as _

from camp.classrooms import codes

SIX_DIGITS = _("Type the six digits that the teacher's screen shows.")


class CodeForm(forms.Form):
    """A check-in code. Only what has its shape is a try that the service counts."""

    code = forms.CharField(max_length=20, error_messages={"required": SIX_DIGITS, "max_length": SIX_DIGITS})

    def clean_code(self):
        code = codes.tidy(self.cleaned_data["code"])
        if len(code) != codes.DIGITS or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(SIX_DIGITS)
        return code
