"""What organizers fill in when they decide about grades and reviews, with what they should have before their eyes."""

from collections import defaultdict

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from camp.accounts.folding import visible
from camp.camps.decisions import MOST_SHOWN, ReasonForm
from camp.camps.fields import TextField
from camp.projects.forms.work import LONGEST_TEXT
from camp.projects.models import Certificate, Criterion, Grade
from camp.projects.work import grading, rubric

AS_IT_IS = [("", gettext_lazy("as it is")), *Grade.choices]


class ConfirmForm(forms.Form):
    """`facts` stand above the fields: (label, text) of what each student is proposed, with points and comment."""

    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"), required=False, choices=[("", gettext_lazy("as proposed")), *Grade.choices]
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy(
            "Needed when the grade differs from the proposed or confirmed one. The student may read it."
        ),
    )  # fmt: skip

    def prepare(self, evaluations):
        self.evaluations, points = evaluations, points_of(evaluations)
        self.facts = [(str(row), proposed_now(row, points[row.pk])) for row in evaluations[:MOST_SHOWN]]

    def clean(self):
        """What lacks its reason is asked again, with what was typed."""
        cleaned = super().clean()
        lacks = not self.errors and not visible(cleaned["reason"])
        if lacks and any(self._needs_reason(row, cleaned["grade"]) for row in self.evaluations):
            self.add_error("reason", _("Give a reason; the student may read it."))
        return cleaned

    def _needs_reason(self, row, grade):
        grade = grade or row.proposed_grade
        is_decided = bool(row.proposed_grade) and not row.is_published and row.grade != grade
        return is_decided and grading.needs_reason(row, grade)


class ChangeForm(ReasonForm):
    """`facts` stand above the fields: (label, text) of each student's grade and certificate as they are now."""

    grade = forms.ChoiceField(
        label=gettext_lazy("New grade"), choices=[("", gettext_lazy("choose a grade")), *Grade.choices]
    )
    field_order = ["grade", "reason"]

    def prepare(self, evaluations):
        """Nothing is chosen but what all of them have already, which changes nothing."""
        self.grades, held = {row.grade for row in evaluations}, certificates_of(evaluations)
        self.fields["grade"].initial = next(iter(self.grades)) if len(self.grades) == 1 else ""
        self.facts = [(str(row), grade_now(row, held.get(row.enrollment_id))) for row in evaluations[:MOST_SHOWN]]

    def clean_grade(self):
        grade = self.cleaned_data["grade"]
        if self.grades == {grade}:
            raise forms.ValidationError(_("This is the grade that it has already."))
        return grade


class AnswerForm(forms.Form):
    answer = TextField(
        label=pgettext_lazy("review", "Answer"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("The student reads it."),
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"), required=False, choices=AS_IT_IS,
        help_text=gettext_lazy(
            "Another grade is published at once. A certificate of the former grade stays valid until you revoke it and "
            "issue another."
        ),
    )  # fmt: skip

    def prepare(self, requests):
        """What the student asks, and what they ask about."""
        request = requests[0]
        evaluation = request.evaluation
        held = certificates_of([evaluation]).get(evaluation.enrollment_id)
        self.facts = [
            (_("What the student asks"), request.text),
            (pgettext("of a grade", "Grade now"), grade_now(evaluation, held)),
            (_("Points"), points_of([evaluation])[evaluation.pk]),
            (_("Comment"), evaluation.comment or "–"),
        ]


def certificates_of(evaluations):
    """{enrollment: its valid certificate}."""
    valid = Certificate.objects.valid().filter(enrollment__in=[row.enrollment_id for row in evaluations])
    return {certificate.enrollment_id: certificate for certificate in valid}


def grade_now(evaluation, certificate):
    grade = evaluation.get_grade_display() or _("not confirmed yet")
    return f"{grade} · {certificate_in_words(certificate)}"


def certificate_in_words(certificate):
    if certificate is None:
        return _("no valid certificate")
    words = {"code": certificate.code, "grade": certificate.get_grade_display()}
    return _("valid certificate %(code)s of the grade “%(grade)s”") % words


def proposed_now(evaluation, points):
    """The proposed grade with its points and its comment, a paragraph each; and the grade it has already."""
    if not evaluation.proposed_grade:
        return _("no grade proposed yet")
    words = {"grade": evaluation.get_proposed_grade_display(), "mentor": evaluation.proposed_by}
    parts = [_("%(grade)s, proposed by %(mentor)s") % words]
    if evaluation.grade:
        parts.append(_("confirmed already: %(grade)s") % {"grade": evaluation.get_grade_display()})
    return "\n".join([*parts, points, evaluation.comment or _("no comment")])


def points_of(evaluations):
    """{id of the evaluation: the points of every criterion, a line each}."""
    criteria = defaultdict(list)
    stages = {row.placement.team.project_stage_id for row in evaluations}
    for criterion in Criterion.objects.filter(project_stage__in=stages):
        criteria[criterion.project_stage_id].append(criterion)
    return {row.pk: _in_words(criteria[row.placement.team.project_stage_id], row.points) for row in evaluations}


def _in_words(criteria, points):
    given = [row for row in rubric.rows(criteria, points) if row.points is not None]
    words = _("%(criterion)s: %(points)d of %(most)d")
    lines = [words % {"criterion": row.name, "points": row.points, "most": row.max_points} for row in given]
    return "\n".join(lines) or "–"
