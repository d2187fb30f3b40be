"""What people write under questions and answers. Forms check the shape; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import LineField, TextField
from camp.classrooms.models import Answer, Question
from camp.classrooms.models.question import LONGEST_TEXT


class WrittenField(TextField):
    """Room for more than a remark."""

    def __init__(self, *, rows=8, **options):
        super().__init__(rows=rows, **options)


class AskForm(forms.Form):
    """`may_be_anonymous`: the staff stand with their names behind what they ask."""

    title = LineField(label=_("Your question in one sentence"), max_length=Question._meta.get_field("title").max_length)
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
    reason = LineField(
        label=_("Reason"),
        max_length=Answer._meta.get_field("hidden_reason").max_length,
        help_text=_("The author reads it."),
    )
