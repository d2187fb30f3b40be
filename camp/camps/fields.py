"""Form fields that take what people paste, and what browsers would never send, without an error of the database."""

from django import forms

from camp.accounts.folding import visible

MOST_DIGITS = 18  # Of a number that every database holds in 64 bits.


class LineField(forms.CharField):
    """One line as a reader sees it: control characters and direction marks are out before it is measured."""

    def to_python(self, value):
        return " ".join(filter(None, map(visible, super().to_python(value).splitlines())))


class TextField(forms.CharField):
    """Several lines, each as a reader sees it."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value):
        return "\n".join(map(visible, super().to_python(value).splitlines())).strip()


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their ids. An id that no row can have is refused like one that no row has."""

    def _check_values(self, value):
        for pk in value if isinstance(value, list | tuple) else ():
            if len(str(pk)) > MOST_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(pk)[:20]}
                )
        return super()._check_values(value)
