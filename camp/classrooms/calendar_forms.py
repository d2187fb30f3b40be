from django import forms
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import RowsField
from camp.classrooms import feeds
from camp.classrooms.models import SkippedCourse
from camp.stages.models import Course


class CoursesField(RowsField):
    """Courses by name, with their camp where they are of several camps."""

    widget = forms.CheckboxSelectMultiple
    names_camps = False

    def label_from_instance(self, course):
        return f"{course} · {course.camp}" if self.names_camps else str(course)


class RemindersForm(forms.Form):
    """Which reminders a person wants, and the courses they follow, of those whose stages they are in."""

    day_before = forms.BooleanField(label=_("the day before"), required=False)
    half_hour_before = forms.BooleanField(label=_("30 minutes before"), required=False)
    courses = CoursesField(
        label=_("Courses I follow"),
        queryset=Course.objects.none(),
        required=False,
        help_text=_("Of the others you get no reminders, and their lessons are not in your calendar."),
        error_messages={
            "invalid_choice": _("One of these courses is not open to you any more. Choose again."),
            "invalid_pk_value": _("One of these courses is not open to you any more. Choose again."),
        },
    )

    def __init__(self, *args, user, **kwargs):
        self.user, choice, courses = user, feeds.choice_of(user), feeds.courses_of(user)
        skipped = set(SkippedCourse.objects.filter(user=user).values_list("course_id", flat=True))
        followed = [course.pk for course in courses if course.pk not in skipped]
        initial = {"day_before": choice.day_before, "half_hour_before": choice.half_hour_before, "courses": followed}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["courses"].queryset = courses
        self.fields["courses"].names_camps = len({course.camp_id for course in courses}) > 1
        if not courses:
            del self.fields["courses"]

    def save(self):
        chosen = self.cleaned_data
        feeds.choose(
            self.user, day_before=chosen["day_before"], half_hour_before=chosen["half_hour_before"],
            offered=feeds.courses_of(self.user), followed=chosen.get("courses", []),
        )  # fmt: skip
