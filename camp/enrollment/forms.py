"""The application to a camp: the profile, what the camp wants to know, and its own questions."""

import copy

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camp.accounts.events import tell_of_profile
from camp.accounts.folding import visible
from camp.accounts.models import User
from camp.camps.fields import LineField, NameField, TextField
from camp.enrollment.models import ApplicationQuestion, Enrollment, Invitation

LINE_LENGTH = 300
TEXT_LENGTH = 4000
Kind = ApplicationQuestion.Kind


def field_for(question):
    """The form field that asks a question of the camp's own."""
    words = {"label": question.label, "help_text": question.help_text, "required": question.is_required}
    options = [(option, option) for option in question.options]
    if question.kind == Kind.TEXT:
        return LineField(max_length=LINE_LENGTH, **words)
    if question.kind == Kind.LONG_TEXT:
        return TextField(max_length=TEXT_LENGTH, **words)
    if question.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **words)
    if question.is_required:
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **words)
    return forms.ChoiceField(choices=[("", _("No answer")), *options], **words)


class ApplicationForm(forms.ModelForm):
    """Everything asked of an applicant. Works on a copy of the user: a refused form does not change the page's user."""

    heard_from = LineField(
        label=_("How did you hear of this camp?"),
        max_length=Enrollment._meta.get_field("heard_from").max_length,
        required=False,
    )
    code = NameField(
        label=_("Invitation code"),
        max_length=Invitation._meta.get_field("code").max_length,
        required=False,
        help_text=_("If somebody in the camp invited you."),
    )

    class Meta:
        model = User
        fields = ["display_name", "occupation", "affiliation", "major", "city"]
        field_classes = {"display_name": NameField} | dict.fromkeys(["affiliation", "major", "city"], LineField)

    REQUIRED = ("display_name", "occupation", "affiliation", "city")

    def __init__(self, data=None, *, camp, student, enrollment=None, code=""):
        self.camp, self.student = camp, student
        self.questions = {f"answer-{question.key}": question for question in camp.questions.all()}
        super().__init__(data, instance=copy.copy(student), initial=self._earlier(enrollment, code))
        for name in self.REQUIRED:
            self.fields[name].required = True
        self.fields["occupation"].choices = [("", _("Please choose")), *User.Occupation.choices]
        for name, question in self.questions.items():
            self.fields[name] = field_for(question)

    def _earlier(self, enrollment, code):
        """What the applicant answered before; a code in the address wins over that of the earlier application."""
        if enrollment is None:
            return {"code": visible(code)}
        known = enrollment.invitation.code if enrollment.invitation else ""
        answers = {name: enrollment.answers.get(question.key) for name, question in self.questions.items()}
        return answers | {"code": visible(code) or known, "heard_from": enrollment.heard_from}

    @property
    def profile_fields(self):
        return [self[name] for name in self._meta.fields]

    @property
    def camp_fields(self):
        return [self[name] for name in (*self.questions, "heard_from", "code")]

    @property
    def invitation(self):
        """The invitation that the code names now, on the form as it stands; None for an unknown code."""
        return Invitation.objects.in_camp(self.camp).coded(visible(self["code"].value() or ""))

    @property
    def has_unknown_code(self):
        return bool(self["code"].value()) and self.invitation is None

    def clean_code(self):
        code = self.cleaned_data["code"]
        if self.has_unknown_code:
            raise ValidationError(_("Nobody in this camp has this code. Check it, or leave it empty to apply without."))
        if code and self.invitation.inviter_id == self.student.pk:
            raise ValidationError(_("This is your own code. Leave it empty, and give it to others."))
        return code

    @property
    def application(self):
        """The cleaned answers, as `services.apply` takes them."""
        cleaned = self.cleaned_data
        answers = {question.key: cleaned[name] for name, question in self.questions.items()}
        return {"heard_from": cleaned["heard_from"], "code": cleaned["code"], "answers": answers}

    def save_profile(self):
        self.instance.save(update_fields=self._meta.fields)
        tell_of_profile(self.instance, self.changed_data)
