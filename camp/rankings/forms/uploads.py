"""What a student asks about uploads: which of them, under which login, and whether a set-up works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.accounts.forms import LinkForm
from camp.stages.models import Course

MOST_TOKEN = 200  # Characters; what is longer is no token.


class CourseField(forms.ModelChoiceField):
    def label_from_instance(self, course):
        return f"{course} · {course.camp}"


class FilterForm(forms.Form):
    course = CourseField(
        label=_("Course"), queryset=Course.objects.none(), required=False, empty_label=_("All courses")
    )
    refused = forms.BooleanField(label=_("Only refused ones"), required=False)

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses


class LoginForm(LinkForm):
    """A login that is not linked yet."""


class CheckForm(LinkForm):
    """An upload as CI would send it. The token is judged and forgotten: the page never shows it again."""

    course = CourseField(label=_("Course"), queryset=Course.objects.none())
    points = forms.DecimalField(label=_("Points"), min_value=0, max_digits=12, decimal_places=3, initial=0)
    token = forms.CharField(
        label=_("Upload token of the course"),
        required=False,
        max_length=MOST_TOKEN,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("The one that your repository keeps as CAMP_TOKEN. Without it, everything else is checked."),
    )
    field_order = ["course", "channel", "login", "points", "token"]

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses
