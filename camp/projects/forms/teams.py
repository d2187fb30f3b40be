from django import forms
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import LineField, NameField
from camp.projects.memberships import plain_code
from camp.projects.models import JoinRequest, Seeker, Team

LONGEST_LINK = 300
NO_CODE = _("Type the code that the lead of the team gave you.")


class TeamForm(forms.Form):
    name = NameField(label=_("Name of the team"), max_length=Team._meta.get_field("name").max_length)
    is_looking = forms.BooleanField(
        label=_("We look for members"),
        required=False,
        help_text=_("While there is a place, the team stands in the list that the students of this stage see."),
    )
    looking_for = LineField(
        label=_("Whom we look for"),
        max_length=Team._meta.get_field("looking_for").max_length,
        required=False,
        help_text=_("What you want to do, what somebody should bring, how to reach you."),
    )


class JoinForm(forms.Form):
    code = NameField(
        label=_("Invitation code"),
        max_length=LONGEST_LINK,
        error_messages={"required": NO_CODE},
        help_text=_("Ten letters and digits from the lead of the team, or the whole link."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_code(self):
        code = plain_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(NO_CODE)
        return code


class AskForm(forms.Form):
    """Only asks whether."""


class LeadForm(forms.Form):
    """Who leads from now on: one of the others (members, with their enrollments)."""

    to = forms.ChoiceField(label=_("Who leads the team from now on"), widget=forms.RadioSelect)

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.enrollments = {str(member.pk): member.enrollment for member in others}
        self.fields["to"].choices = [(str(member.pk), str(member.enrollment.student)) for member in others]

    def clean_to(self):
        return self.enrollments[self.cleaned_data["to"]]


class ReasonForm(forms.Form):
    reason = LineField(label=_("Reason"), max_length=300, help_text=_("The student reads it."))


class NoteForm(forms.Form):
    """What somebody writes to the lead of a team that they would join."""

    note = LineField(
        label=_("To the lead"), max_length=JoinRequest._meta.get_field("note").max_length, required=False,
        help_text=_("What you bring, and how to reach you. Only the lead reads it."),
    )  # fmt: skip


class SeekForm(forms.Form):
    about = LineField(
        label=_("About you"),
        max_length=Seeker._meta.get_field("about").max_length,
        help_text=_("What you want to do, what you bring, how to reach you. The students of this stage read it."),
    )
