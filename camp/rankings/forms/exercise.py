"""The forms of an exercise for staff: a new name keeps the old one, and no name stands for two exercises."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import TextField
from camp.camps.scoped_admin import ScopedForm
from camp.rankings.models import Exercise
from camp.rankings.models.course import names_of

LONGEST = Exercise._meta.get_field("name").max_length


class NamesField(TextField):
    """Several names, each on a line of its own, as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        names = (line.strip() for line in super().to_python(value).split("\n"))
        return list(dict.fromkeys(filter(None, names)))

    def validate(self, value):
        super().validate(value)
        if any(len(name) > LONGEST for name in value):
            sentence = _("Write each name on a line of its own, with at most %(most)d characters.")
            raise ValidationError(sentence, params={"most": LONGEST})

    def has_changed(self, initial, data):
        return list(initial or ()) != self.to_python(data)


class ExerciseForm(ScopedForm):
    """An exercise that can be renamed."""

    class Meta:
        model = Exercise
        fields = ("name", "position")

    def clean(self):
        cleaned = super().clean()
        if self.changed_data and cleaned.get("name"):
            cleaned["former_names"] = [name for name in self._former(cleaned) if name != cleaned["name"]]
            self._refuse_names_of_others(cleaned)
        return cleaned

    def _former(self, cleaned):
        return cleaned.get("former_names", self.instance.former_names)

    def _refuse_names_of_others(self, cleaned):
        course = cleaned["course"].pk if cleaned.get("course") else self.instance.course_id
        taken = names_of(Exercise.objects.filter(course=course).exclude(pk=self.instance.pk))
        for field in ("name", "former_names"):
            for name in [cleaned["name"]] if field == "name" else cleaned["former_names"]:
                if name in taken:
                    sentence = _("“%(name)s” is or was the name of the exercise “%(exercise)s”. Choose another.")
                    error = ValidationError(sentence, params={"name": name, "exercise": taken[name]})
                    self.add_error(field if field in self.fields else None, error)

    def save(self, commit=True):
        """The name that was stored until now is kept as a former one."""
        if self.instance.pk and "name" in self.changed_data:
            self.instance.rename(self.instance.name, was=self.initial["name"])
        return super().save(commit)


class FullExerciseForm(ExerciseForm):
    """With the former names: whoever takes one off ends that results under it count for the exercise."""

    former_names = NamesField(
        label=_("Former names"),
        help_text=_("One on each line. Results that still come under one of these count for this exercise."),
        required=False,
    )
