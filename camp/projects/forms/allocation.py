"""What staff fill in about an allocation."""

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from camp.camps.fields import MOST_DIGITS, LineField, RowsField
from camp.projects.allocation.places import partners_for, places_for
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
    round = RowField(queryset=None, label=gettext_lazy("Selection round"), empty_label=None)

    def __init__(self, *args, rounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds


class OfferedField(RowsField):
    """Projects with what makes closing one likely."""

    under = {}

    def label_from_instance(self, project):
        name = f"{project.number} · {project}"
        if project.pk not in self.under:
            return name
        why = _("under its minimum of %(minimum)s") % {"minimum": self.under[project.pk]}
        return f"{name} ({why})"


class AgainForm(forms.Form):
    """Which projects another run of the round does without: what is ticked. Those under their minimum stand first."""

    closed = OfferedField(
        queryset=None, required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Closed in the new run"),
        help_text=gettext_lazy("What is ticked is not offered; what is not ticked is offered again."),
    )  # fmt: skip

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, **kwargs)
        closable = [row for row in report.offered if row.is_closed_here or not row.is_closed]
        under = {row.project.pk: row.minimum for row in closable if row.is_under}
        projects = Project.objects.filter(pk__in=[row.project.pk for row in closable])
        first = Case(When(pk__in=under, then=0), default=1)
        self.fields["closed"].queryset = projects.order_by(first, "number")
        self.fields["closed"].under = under
        self.has_choices = bool(closable)


class PlaceSelect(forms.Select):
    """A select in which what would be refused stands with its reason, but cannot be chosen."""

    refused = frozenset()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.refused:
            option["attrs"]["disabled"] = True
        return option


class PlaceField(RowField):
    """One of the places that a team can go to. Whether it is to be had is decided by the service."""

    widget = PlaceSelect

    def offer(self, places, rows):
        """Show these, in this order; `rows`: what they are places of."""
        self.queryset = rows.filter(pk__in=[place.pk for place in places])
        self.widget.refused = {str(place.pk) for place in places if place.is_refused}
        empty = [("", self.empty_label)] if self.empty_label is not None else []
        self.widget.choices = [*empty, *((place.pk, place.words) for place in places)]


def reason_field(help_text):
    widget = forms.TextInput(attrs={"class": "vTextField"})
    return LineField(max_length=300, required=False, label=gettext_lazy("Reason"), help_text=help_text, widget=widget)


class TeamForm(forms.Form):
    """What becomes of a team of a run. `seen`: how many moves there were when that was looked at."""

    team = RowField(queryset=None, label=gettext_lazy("Team"))
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, report, team=None, **kwargs):
        """`team`: the one that is chosen already, so that its places can be named."""
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(pk__in=report.outcome.placement)
        if team:
            self.fields["team"].widget = forms.HiddenInput()
            self.initial["team"] = team.pk
            self.offer(report, team)


class MoveForm(TeamForm):
    project = PlaceField(
        queryset=Project.objects.none(), required=False, label=pgettext_lazy("topic", "Project"),
        empty_label=gettext_lazy("no project"),
    )  # fmt: skip
    reason = reason_field(gettext_lazy("The team reads it."))

    def offer(self, report, team):
        if report.outcome.placement[team.pk] is None:
            self.fields["project"].empty_label = None
        self.fields["project"].offer(places_for(report, team), Project.objects.all())


class ExchangeForm(TeamForm):
    other = PlaceField(queryset=Team.objects.none(), label=gettext_lazy("Exchange with"))
    reason = reason_field(gettext_lazy("Both teams read it."))

    def offer(self, report, team):
        self.fields["other"].offer(partners_for(report, team), Team.objects.all())
