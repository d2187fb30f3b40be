"""Form fields of text. What cannot be seen is dropped before it is measured, not refused."""

from django import forms

from camp.accounts.folding import line_as_typed, visible


class NameField(forms.CharField):
    """A name, a login or a code: what is compared with others is stored in one width."""

    def to_python(self, value):
        return visible(super().to_python(value))


class LineField(forms.CharField):
    """One line that people read."""

    def to_python(self, value):
        return line_as_typed(super().to_python(value))
