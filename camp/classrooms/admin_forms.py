import re
from datetime import date

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camp.camps import times
from camp.camps.admin_rows import label_of
from camp.camps.models import Camp, slug_of
from camp.camps.scoped_admin import ScopedForm
from camp.classrooms.files import MOST_BYTES, MOST_NOTEBOOK_BYTES, clean_file
from camp.classrooms.models import Meeting
from camp.classrooms.models.meeting import http_address
from camp.classrooms.planning import planned, require_free_keys
from camp.classrooms.series import SLOT, Series, SeriesError, key_of, slips, title_of
from camp.classrooms.services import WrongInputError
from camp.stages.models import Course


class HttpField(forms.URLField):
    """An address of the web, refused in one sentence, whatever is wrong with it."""

    default_error_messages = {"invalid": _("Write an address that begins with https:// or http://.")}
    default_validators = [URLValidator(schemes=http_address.schemes, message=default_error_messages["invalid"])]


class StoredFileInput(AdminFileWidget):
    """Names the stored file; it has no address of its own."""

    template_name = "admin/widgets/stored_file.html"


class MaterialFileField(forms.FileField):
    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_length": None})  # The name of an upload is shortened, not refused.

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and clean_file(upload)


FILE_NOTE = _(
    "A PDF, a picture, a text, an Office file, a notebook or a ZIP, at most %(most)d MB (a notebook %(notebook)d MB)."
)
HALF_A_MOMENT = {
    "invalid_date": _("Write the day too, such as 2024-07-22. Leave both empty to release it at once."),
    "invalid_time": _("Write the hour too, such as 14:00. Leave both empty to release it at once."),
}


class MaterialForm(ScopedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "release_at" in self.fields:
            zone = times.zone_name(timezone.get_current_timezone())
            self.fields["release_at"].help_text = _("Empty: at once. On the camp's clock: %(zone)s.") % {"zone": zone}
            self.fields["release_at"].error_messages |= HALF_A_MOMENT
        if "file" in self.fields:
            megabytes = {"most": MOST_BYTES // 2**20, "notebook": MOST_NOTEBOOK_BYTES // 2**20}
            self.fields["file"].help_text = FILE_NOTE % megabytes

    def clean_file(self):
        """The name under which a new file is downloaded goes with it, and away with it."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            self.instance.file_name = getattr(file, "shown_name", "")
        return file


class LabelledChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return label_of(row)


WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
]  # fmt: skip


BOUNDS = ("first", "last", "starts", "ends")
DAYS = {"weekdays", "skip", *BOUNDS}  # The fields that are the series itself.


class LineInput(forms.TextInput):
    def __init__(self):
        super().__init__({"class": "vTextField"})


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class SeriesForm(forms.Form):
    """A series in the words of the timetable. `meetings` are what it gives, once the form is valid."""

    camp = forms.ModelChoiceField(label=_("Camp"), queryset=Camp.objects.none())
    course = LabelledChoice(
        label=_("Course"), queryset=Course.objects.none(), required=False, help_text=_("Empty: for the whole camp.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind)
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        widget=LineInput,
        help_text=_("{} is the place of the number: “Lesson {}” gives Lesson 1, Lesson 2, …"),
    )
    key = forms.CharField(
        label=_("Key"), max_length=58, validators=[slug_of], widget=LineInput,
        help_text=_("The beginning of the addresses: “cxx” gives cxx-1, cxx-2, … It cannot be changed later."),
    )  # fmt: skip
    speaker = forms.CharField(label=_("Speaker"), max_length=120, required=False, widget=LineInput)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    first = forms.DateField(label=_("First day"), widget=DayInput)
    last = forms.DateField(label=_("Last day"), widget=DayInput)
    starts = forms.TimeField(label=_("Starts at"), widget=ClockInput, help_text=_("On the clock of the camp."))
    ends = forms.TimeField(label=_("Ends at"), widget=ClockInput, help_text=_("On the clock of the camp."))
    skip = forms.CharField(
        label=_("Days to skip"), required=False, max_length=2000, widget=LineInput,
        help_text=_("Such as 2024-07-25, 2024-07-29."),
    )  # fmt: skip
    join_url = HttpField(
        label=_("Join address"), max_length=500, required=False, widget=LineInput, assume_scheme="https"
    )
    number = forms.CharField(label=_("Meeting number"), max_length=60, required=False, widget=LineInput)
    passcode = forms.CharField(label=_("Passcode"), max_length=60, required=False, widget=LineInput)

    def __init__(self, *args, camps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["camp"].queryset = camps
        self.fields["course"].queryset = Course.objects.filter(camp__in=camps).select_related("camp")
        self.meetings = []

    def clean_skip(self):
        texts = re.split(r"[\s,;，、；]+", self.cleaned_data["skip"].strip(",;，、； "))
        try:
            return frozenset(date.fromisoformat(text) for text in texts if text)
        except ValueError:
            raise ValidationError(_("Write the days as 2024-07-25, with commas between them.")) from None

    def clean_weekdays(self):
        return frozenset(self.cleaned_data["weekdays"])

    def clean(self):
        """Every mistake is told at once: each check takes what could be read so far."""
        cleaned = super().clean()
        camp, course = cleaned.get("camp"), cleaned.get("course")
        if camp and course and course.camp_id != camp.pk:
            self.add_error("course", _("This course belongs to another camp."))
        for error in list(slips(**{name: cleaned.get(name) for name in BOUNDS})):
            self.add_error(error.field, error.sentence)
        if camp:
            self._check_names(cleaned, self._count(cleaned))
        if not self.errors:
            series, words = self._series(cleaned), {name: cleaned[name] for name in cleaned.keys() - DAYS}
            self.meetings = planned(series, **words)
        return cleaned

    def _series(self, cleaned):
        return Series(**{name: cleaned[name] for name in DAYS})

    def _count(self, cleaned):
        """How many meetings there will be: at least one, where that is not known yet."""
        if not cleaned.keys() >= DAYS:
            return 1
        try:
            return len(self._series(cleaned).occurrences(cleaned["camp"].zone))
        except SeriesError as error:
            self.add_error(error.field, error.sentence)
            return 1

    def _check_names(self, cleaned, count):
        """The last meeting has the longest number; no meeting of the camp has one of the keys."""
        for name, write in (("key", key_of), ("title", title_of)):
            longest = Meeting._meta.get_field(name).max_length
            if len(write(cleaned.get(name, ""), count)) > longest:
                sentence = _("With its number this is longer than %(most)d characters. Make it shorter.")
                self.add_error(name, sentence % {"most": longest})
        if key := cleaned.get("key"):
            try:
                require_free_keys(cleaned["camp"], [key_of(key, number) for number in range(1, count + 1)])
            except WrongInputError as error:
                self.add_error("key", str(error))

    def warnings(self):
        """What may be meant and is often a slip, once the form is valid."""
        outside = [meeting for meeting in self.meetings if is_outside(meeting)]
        if outside:
            camp = self.meetings[0].camp
            days = [times.day(timezone.localtime(moment, camp.zone)) for moment in (camp.starts_at, camp.ends_at)]
            text = ngettext(
                "%(count)d meeting is outside the camp, which lasts from %(first)s to %(last)s.",
                "%(count)d meetings are outside the camp, which lasts from %(first)s to %(last)s.",
                len(outside),
            )
            yield text % {"count": len(outside), "first": days[0], "last": days[1]}
        if len(self.meetings) > 1 and SLOT not in self.cleaned_data["title"]:
            yield _("All of them have the same title. Write {} in it where the number belongs, as in “Lesson {}”.")


def is_outside(meeting):
    """Whether a meeting is before or after its camp."""
    return meeting.starts_at < meeting.camp.starts_at or meeting.ends_at > meeting.camp.ends_at
