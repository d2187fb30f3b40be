"""What staff fill in about an allocation."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from camp.camps.fields import MOST_DIGITS, LineField, RowsField
from camp.projects.models import Project, Team


class RowField(forms.ModelChoiceField):
    """One row by its id. An id that no row can have is refused like one that no row has."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = str(getattr(value, "pk", value))
        if not text.isdecimal() or len(text) > MOST_DIGITS:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class AllocateForm(forms.Form):
    round = RowField(queryset=None, label=_("Selection round"), empty_label=None)

    def __init__(self, *args, rounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds


class NumberedField(RowsField):
    def label_from_instance(self, project):
        return f"{project.number} · {project}"


class AgainForm(forms.Form):
    """Which projects another run of the round does without: what is ticked."""

    closed = NumberedField(
        queryset=None, required=False, widget=forms.CheckboxSelectMultiple, label=_("Closed in the new run"),
        help_text=_("What is ticked is not offered; what is not ticked is offered again."),
    )  # fmt: skip

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closed"].queryset = choices


class MoveForm(forms.Form):
    """Where a team goes, and why. `seen`: how many moves there were when that was looked at."""

    team = RowField(queryset=None, label=_("Team"))
    project = RowField(
        queryset=None, required=False, label=pgettext_lazy("topic", "Project"), empty_label=_("no project")
    )
    reason = LineField(
        max_length=300, required=False, label=_("Reason"), help_text=_("The team reads it."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, outcome, **kwargs):
        super().__init__(*args, **kwargs)
        open_projects = outcome.problem.projects.keys() - outcome.facts.closed
        self.fields["team"].queryset = Team.objects.filter(pk__in=outcome.placement)
        self.fields["project"].queryset = Project.objects.filter(pk__in=open_projects)
