"""The forms of the two sides of a selection round. They check shape; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from camp.camps.fields import MOST_DIGITS, LineField, NameField

LARGEST_VERSION = 1_000_000_000
BROKEN = _("This page sent something that is not a list. Load it again.")


class IdsField(forms.Field):
    """Ids in the order in which they stand in the page. What can be no id was never in one of ours."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        texts = [str(text) for text in value or ()]
        if not all(text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS for text in texts):
            raise forms.ValidationError(BROKEN)
        return [int(text) for text in texts]


class ActField(forms.CharField):
    """The button that was pressed: `submit`, `show`, or a name and an id such as `up:12`."""

    def __init__(self):
        super().__init__(required=False, max_length=40, widget=forms.HiddenInput)


class VersionField(forms.IntegerField):
    """The version that a page was made from; our own pages send a number."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(min_value=0, max_value=LARGEST_VERSION, required=False)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError:
            raise forms.ValidationError(BROKEN) from None


class PreferencesForm(forms.Form):
    """A team's list while it is being put in order."""

    order = IdsField(required=False)
    based_on = VersionField()
    act = ActField()
    q = LineField(required=False, max_length=100, widget=forms.HiddenInput)
    take_back = forms.BooleanField(required=False, label=_("We take our list back and give none."))

    def clean(self):
        cleaned = super().clean()
        is_empty = not cleaned.get("order") and not self.errors
        if cleaned.get("act") == "submit" and is_empty and cleaned.get("based_on") and not cleaned.get("take_back"):
            self.add_error(None, _("Your list is empty. Say below that your team takes it back, or add a project."))
        return cleaned


class MentorOrderForm(forms.Form):
    """A mentor's order of teams while it is being made."""

    order = IdsField(required=False)
    shortlist = IdsField(required=False)
    based_on = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    act = ActField()


class RefusalForm(forms.Form):
    """Which of the mentor's projects a team is not acceptable for, and why."""

    project = forms.ModelChoiceField(queryset=None, label=pgettext_lazy("topic", "Project"), empty_label=None)
    reason = LineField(max_length=300, label=_("Reason"), help_text=_("The organizers read it; the team does not."))

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects


class ConflictForm(forms.Form):
    """A student of the mentor's own, by the name with which they sign in."""

    handle = NameField(max_length=150, label=_("Handle of the student"))
    note = LineField(
        max_length=240, required=False, label=pgettext_lazy("remark", "Note"),
        help_text=_("Such as: a student of my group."),
    )  # fmt: skip
