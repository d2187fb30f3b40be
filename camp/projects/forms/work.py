"""The forms around the work of a team: handing it in, evaluating it, asking for a second look."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import LineField, TextField
from camp.classrooms.files import MOST_BYTES, MOST_NOTEBOOK_BYTES, clean_file
from camp.projects.models import Grade
from camp.projects.models.work import commit_of, http_only

LONGEST_TEXT = 5000
NO_SITE = _("No site can have this address. Open the page in a browser and copy its address from there.")
PREFILLED = ("repository_url", "pull_request_url", "commit", "note")
AS_THE_TEAM = [("", _("as the team")), *Grade.choices]


def without_user_info(address):
    """What stands before an "@" can pass for another site: https://github.com@evil.example/ leads to evil.example."""
    if "@" in re.split(r"[/?#\\]", address.partition("://")[2], maxsplit=1)[0]:
        raise forms.ValidationError(_("Give an address without a name or password before the site (no “@”)."))


def whole_address(address):
    """Says what is wrong with an address, as far as one can tell."""
    scheme, _colon, rest = address.partition(":")
    if scheme.lower() not in ("http", "https"):
        raise forms.ValidationError(http_only.message)
    if not rest.strip("/"):
        raise forms.ValidationError(_("This is only the beginning of an address. Paste all of it."))
    if any(map(str.isspace, address)):
        raise forms.ValidationError(_("There is a space in this address. Copy it again, without any text beside it."))
    try:
        http_only(address)
    except forms.ValidationError:
        raise forms.ValidationError(NO_SITE) from None


class LinkField(forms.URLField):
    """An address of the web, refused in one sentence that says what is wrong with it."""

    default_validators = [whole_address, without_user_info]
    default_error_messages = {"invalid": NO_SITE}

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=200, assume_scheme="https", **kwargs)


class CommitField(LineField):
    def to_python(self, value):
        return super().to_python(value).lower()


class ReportField(forms.FileField):
    """A file whose content is what its name says. The name of an upload is shortened, not refused."""

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and clean_file(upload)


class HandInForm(forms.Form):
    """Begins with the links and the note of the `last` hand-in, and offers to keep its report."""

    replaces = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    repository_url = LinkField(label=_("Repository"), help_text="https://github.com/…")
    pull_request_url = LinkField(label=_("Pull request"))
    commit = CommitField(
        label=_("Commit"), required=False, max_length=40, validators=[commit_of],
        help_text=_("The one that counts: 7 to 40 of the characters 0–9 and a–f."),
    )  # fmt: skip
    keeps_report = forms.BooleanField(required=False)
    report = ReportField(label=_("Report"), required=False)
    note = TextField(label=_("Note to your mentor"), required=False, max_length=LONGEST_TEXT)

    def __init__(self, *args, last=None, **kwargs):
        super().__init__(*args, initial=_values_of(last), **kwargs)
        self._offer_report(last)
        most = {"most": MOST_BYTES // 2**20, "notebook": MOST_NOTEBOOK_BYTES // 2**20}
        self.fields["report"].help_text = (
            _(
                "A PDF, a picture, a text, an Office file, a notebook or a ZIP, at most %(most)d MB (a notebook "
                "%(notebook)d MB)."
            )
            % most
        )

    def _offer_report(self, last):
        if not (last and last.report):
            del self.fields["keeps_report"]
            return
        words = {"number": last.number, "name": last.report_name}
        self.fields["keeps_report"].label = _("Keep the report of no. %(number)d: %(name)s") % words
        self.fields["report"].label = _("Another report")

    def clean(self):
        cleaned = super().clean()
        something = ("repository_url", "pull_request_url", "report", "keeps_report")
        if not self.errors and not any(cleaned.get(name) for name in something):
            raise forms.ValidationError(_("Hand in a link or a report."))
        return cleaned

    def go_on_from(self, last):
        """Sent once more, it replaces this one, which the reader sees now."""
        self.data = self.data.copy()
        self.data["replaces"] = last.number


def _values_of(last):
    if last is None:
        return {"replaces": 0}
    return {name: getattr(last, name) for name in PREFILLED} | {"replaces": last.number, "keeps_report": True}


class GradeForm(forms.Form):
    """Points for the rubric, a grade and a comment for the team, and for each member whether something else holds.

    A preview only reckons: it complains about what is wrong, not about what is not filled in yet.
    """

    grade = forms.ChoiceField(label=_("Grade that you propose"), choices=Grade.choices, widget=forms.RadioSelect)
    comment = TextField(
        label=_("Comment for the team"), required=False, max_length=LONGEST_TEXT,
        help_text=_("The students read it with their grade."),
    )  # fmt: skip

    def __init__(self, *args, criteria, seats, is_preview=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria, self.seats = criteria, [seat for seat in seats if seat.can_be_proposed]
        self.is_preview = is_preview
        for criterion in criteria:
            self.fields[f"points-{criterion.key}"] = forms.IntegerField(
                label=criterion.name, min_value=0, max_value=criterion.max_points, help_text=criterion.description
            )
        for seat in self.seats:
            self._add_seat(seat.pk)
        for field in self.fields.values():
            field.required = field.required and not is_preview

    def _add_seat(self, pk):
        self.fields[f"include-{pk}"] = forms.BooleanField(label=_("Evaluate"), required=False)
        self.fields[f"grade-{pk}"] = forms.ChoiceField(label=_("Grade"), required=False, choices=AS_THE_TEAM)
        self.fields[f"comment-{pk}"] = TextField(
            label=_("Comment instead of the team's"), required=False, max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if not self.is_preview and not any(cleaned.get(f"include-{seat.pk}") for seat in self.seats):
            raise forms.ValidationError(_("Choose at least one member to evaluate."))
        return cleaned

    def follow(self, suggested):
        """Choose the suggested grade, unless another than the one that was suggested before is chosen already."""
        if suggested and self.data.get("grade", "") in ("", self.data.get("suggested")):
            self.data = self.data.copy()
            self.data["grade"] = suggested

    @property
    def points(self):
        """The points that are there so far: all of them once the form is valid."""
        found = {one.key: self.cleaned_data.get(f"points-{one.key}") for one in self.criteria}
        return {key: points for key, points in found.items() if points is not None}

    @property
    def answers(self):
        """What the form says, as the service takes it."""
        chosen = [seat.pk for seat in self.seats if self.cleaned_data[f"include-{seat.pk}"]]
        return {
            "points": self.points,
            "grade": self.cleaned_data["grade"],
            "comment": self.cleaned_data["comment"],
            "members": chosen,
            "per_member": {pk: self._own(pk) for pk in chosen},
        }

    def _own(self, pk):
        return {name: self.cleaned_data[f"{name}-{pk}"] for name in ("grade", "comment")}

    @property
    def rubric_fields(self):
        return [(criterion, self[f"points-{criterion.key}"]) for criterion in self.criteria]

    @property
    def seat_fields(self):
        names = ("include", "grade", "comment")
        return [(seat, *(self[f"{name}-{seat.pk}"] for name in names)) for seat in self.seats]


class ReviewForm(forms.Form):
    text = TextField(
        label=_("What should be looked at again?"), max_length=LONGEST_TEXT,
        help_text=_("You can ask once. An organizer answers, and the answer may change the grade either way."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code of a certificate as it is printed: in groups, in any case."""

    code = forms.CharField(label=_("Code of the certificate"), max_length=60)

    def clean_code(self):
        code = "".join(char for char in self.cleaned_data["code"] if char.isascii() and char.isalnum()).lower()
        if not code:
            raise forms.ValidationError(_("Type the letters and numbers that are printed on the certificate."))
        return code
