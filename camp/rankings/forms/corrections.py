"""What staff are asked before they correct something."""

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold
from camp.accounts.models import User
from camp.camps.admin_rows import label_of
from camp.camps.decisions import ReasonForm
from camp.camps.scoped_admin import ScopedForm
from camp.camps.staff import ORGANIZING
from camp.enrollment.models import Enrollment
from camp.rankings.corrections import MOST_POINTS
from camp.stages.models import Course


class PointsForm(ReasonForm):
    points = forms.DecimalField(
        label=_("Points"), min_value=-MOST_POINTS, max_value=MOST_POINTS, decimal_places=3,
        help_text=_("How many are added; with a minus before them, taken away."),
    )  # fmt: skip
    field_order = ["points", "reason"]


class AdjustmentForm(ScopedForm):
    """A line that adjusts points, for students without a standing too."""

    class Meta:
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "cols": 60})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["points"].help_text = PointsForm.base_fields["points"].help_text
        self.fields["reason"].help_text = ReasonForm.base_fields["reason"].help_text
        for field in self.fields.values():
            field.required = True


class CourseChoice(forms.ModelChoiceField):
    def label_from_instance(self, course):
        return label_of(course)


class CourseForm(ReasonForm):
    """Which course, of those with homework in the camps of the selected uploads."""

    to_course = CourseChoice(label=_("Course"), queryset=Course.objects.none())
    field_order = ["to_course", "reason"]

    def prepare(self, attempts):
        camps = {attempt.course.camp_id for attempt in attempts if attempt.course}
        courses = Course.objects.filter(camp__in=camps, max_points__gt=0).select_related("camp")
        self.fields["to_course"].queryset = courses.order_by("camp", "number")


class AccountForm(ReasonForm):
    """To whom a login is given. It counts in every camp of its person, so they must all be the decider's."""

    account = forms.CharField(
        label=_("Handle of the account"), max_length=30, help_text=_("The page of a person shows the handle.")
    )
    field_order = ["account", "reason"]

    def __init__(self, data=None, *, scope):
        super().__init__(data)
        self.scope, self.owners = scope, []

    def prepare(self, identities):
        self.owners = [identity.user for identity in identities]

    def clean_account(self):
        person = User.objects.filter(handle_key=fold(self.cleaned_data["account"]), is_active=True).first()
        if person is None or not decides_over(self.scope, [person]):
            raise forms.ValidationError(
                _("No student with this handle is in your camps, or the student is in other camps too.")
            )
        return person

    def clean(self):
        if not decides_over(self.scope, self.owners):
            raise forms.ValidationError(
                _("These people are in camps that you do not organize. Ask a superuser to do this.")
            )
        return super().clean()


def decides_over(scope, people):
    """Whether somebody alone decides over these people's logins: who organizes every camp they are in."""
    if scope.is_superuser:
        return True
    places = Enrollment.objects.filter(student__in=people).values_list("student", "camp")
    known = {student for student, _camp in places}
    return known == {person.pk for person in people} and {camp for _s, camp in places} <= scope.camps(ORGANIZING)
