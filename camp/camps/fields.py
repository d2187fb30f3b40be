"""Form fields that take what people paste, and what browsers would never send, without an error of the database."""

from django import forms

from camp.accounts.folding import as_typed
from camp.accounts.text_fields import LineField, NameField

__all__ = ["MOST_DIGITS", "LineField", "NameField", "RowsField", "TextField"]
MOST_DIGITS = 18  # Of a number that every database holds in 64 bits.


class TextField(forms.CharField):
    """Several lines that people read. The indentation of the first one stays."""

    def __init__(self, *, rows=5, **options):
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options | {"strip": False})

    def to_python(self, value):
        return as_typed(super().to_python(value))


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their ids. An id that no row can have is refused like one that no row has."""

    def _check_values(self, value):
        for pk in value if isinstance(value, list | tuple) else ():
            if len(str(pk)) > MOST_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(pk)[:20]}
                )
        return super()._check_values(value)
