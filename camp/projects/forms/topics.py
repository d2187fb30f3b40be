"""What people write about proposals. Forms check the shape; the services decide."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from camp.camps.fields import LineField
from camp.camps.models import SupportProject
from camp.classrooms.question_forms import WrittenField
from camp.projects.models import Difficulty, Mentor, Proposal
from camp.projects.models.stage import MOST_SEATS

LONGEST_DESCRIPTION = 10_000
MOST_SKILLS, LONGEST_SKILL = 10, 40
COMMAS = re.compile("[,;\n，、；]")


def length(name):
    return Proposal._meta.get_field(name).max_length


class SkillsField(LineField):
    """Short texts with commas between them, as people write lists in English and in Chinese. Each is kept once."""

    def __init__(self, **options):
        super().__init__(max_length=MOST_SKILLS * (LONGEST_SKILL + 2), required=False, **options)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        named = {}
        for skill in filter(None, (part.strip() for part in COMMAS.split(super().clean(value)))):
            named.setdefault(skill.casefold(), skill)
        if len(named) > MOST_SKILLS or any(len(skill) > LONGEST_SKILL for skill in named.values()):
            raise forms.ValidationError(
                _("Name at most %(most)d skills of at most %(longest)d letters each."),
                params={"most": MOST_SKILLS, "longest": LONGEST_SKILL},
            )
        return list(named.values())


class ProposalForm(forms.Form):
    """A topic. `seen`: the version that is changed, None for a new one."""

    title = LineField(label=_("Title"), max_length=length("title"))
    summary = LineField(
        label=_("Summary"), max_length=length("summary"), help_text=_("One sentence: what is better afterwards?")
    )
    description = WrittenField(
        label=_("Description"), rows=12, max_length=LONGEST_DESCRIPTION,
        help_text=_("What you want to build, how, and what you hand in. Markdown."),
    )  # fmt: skip
    difficulty = forms.ChoiceField(label=_("Difficulty"), choices=Difficulty.choices, initial=Difficulty.INTERMEDIATE)
    skills = SkillsField(label=_("Skills"), help_text=_("With commas between them, such as: Rust, CUDA"))
    support_project = forms.ModelChoiceField(
        label=_("Open-source project"), queryset=SupportProject.objects.none(), required=False, empty_label=_("none")
    )
    wished_mentor = forms.ModelChoiceField(
        label=_("Mentor you wish for"), queryset=Mentor.objects.none(), required=False, empty_label=_("anybody")
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, project_stage, is_new, **options):
        super().__init__(*args, **options)
        camp = project_stage.camp
        self.fields["support_project"].queryset = SupportProject.objects.filter(organization=camp.organization_id)
        self.fields["wished_mentor"].queryset = Mentor.objects.filter(project_stage=project_stage).select_related(
            "user"
        )
        if is_new:
            del self.fields["seen"]


class DecisionForm(forms.Form):
    """What a mentor or an organizer decides on a proposal."""

    ACCEPT, ASK, DECLINE = "accept", "ask", "decline"
    CHOICES = ((ACCEPT, _("Accept it")), (ASK, _("Ask for changes")), (DECLINE, _("Decline it")))

    decision = forms.ChoiceField(label=_("Decision"), choices=CHOICES, widget=forms.RadioSelect)
    reason = LineField(
        label=_("Reason"), max_length=length("reason"), required=False,
        help_text=_("The team reads it. Needed unless you accept."),
    )  # fmt: skip
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=1, required=False,
        help_text=_("How many teams may take it, if you accept. One is reserved for the team that proposed it."),
    )  # fmt: skip
    mentor = forms.ModelChoiceField(
        label=_("Mentor"), queryset=Mentor.objects.none(), required=False,
        help_text=_("Who supervises it, if you accept. The mentor must have time for one more team."),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, project_stage, **options):
        super().__init__(*args, **options)
        mentors = Mentor.objects.filter(project_stage=project_stage).select_related("user")
        self.fields["mentor"].queryset = mentors
        self.fields["mentor"].empty_label = _("the one the team wishes for, else you if you are a mentor")
