"""What people write under questions and answers. Forms check the shape; the services decide."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import visible
from camp.classrooms.models import Answer, Question
from camp.classrooms.models.question import LONGEST_TEXT

KEPT = {"\n", "\t", "\0", "\u200c", "\u200d"}  # NUL is refused by name later; joiners make emoji and scripts whole.
STEERING = {"Cc", "Cf", "Cs"}


def written(text):
    """The text as it was typed, without control characters and marks that turn its direction round.

    Width and punctuation stay, as in Chinese. Text of which nothing can be seen is empty.
    """
    lines = "\n".join(text.splitlines())
    kept = "".join(c for c in lines if c in KEPT or unicodedata.category(c) not in STEERING)
    return kept.rstrip() if visible(kept) or "\0" in kept else ""


class WrittenField(forms.CharField):
    """Several lines. Measured after what cannot be seen is out, so a browser counts the same."""

    def __init__(self, *, rows=8, **options):
        self.widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(strip=False, **options)

    def to_python(self, value):
        return written(super().to_python(value)).lstrip("\n")


class TitleField(forms.CharField):
    """One line."""

    def to_python(self, value):
        return " ".join(written(super().to_python(value)).split())


class AskForm(forms.Form):
    """`may_be_anonymous`: the staff stand with their names behind what they ask."""

    title = TitleField(
        label=_("Your question in one sentence"), max_length=Question._meta.get_field("title").max_length
    )
    text = WrittenField(
        label=_("Details"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("What you tried, what you expected, what came. Markdown; code goes between lines of three ```."),
    )
    is_anonymous = forms.BooleanField(
        label=_("Ask without my name"),
        required=False,
        help_text=_("Other students see “A student”, also when you answer there. The staff see your name."),
    )

    def __init__(self, *args, may_be_anonymous, **options):
        super().__init__(*args, **options)
        if not may_be_anonymous:
            del self.fields["is_anonymous"]


class AnswerForm(forms.Form):
    text = WrittenField(
        label=_("Your answer"),
        rows=6,
        max_length=LONGEST_TEXT,
        help_text=_("Markdown; code goes between lines of three ```."),
    )


class HideForm(forms.Form):
    reason = TitleField(
        label=_("Reason"),
        max_length=Answer._meta.get_field("hidden_reason").max_length,
        help_text=_("The author reads it."),
    )
