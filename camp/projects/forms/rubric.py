"""The rubric as the staff edit it: what grades hang on keeps its measure, its words may always be corrected."""

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camp.camps.scoped_admin import LabelledFormSet, ScopedForm
from camp.projects.models import ProjectStage
from camp.projects.work.rubric_use import Use, use_of

PUBLISHED = _("Grades by this rubric are published, so this stays as it is. Name and description can be corrected.")
NONE_ADDED = _("Grades by this rubric are published, so no criterion is added: it would have no points.")


class CriterionForm(ScopedForm):
    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is None:
            self._require_unpublished(cleaned.get("project_stage") or self._stored_stage)
        else:
            self._require_kept(cleaned)
        return cleaned

    @cached_property
    def _stored_stage(self):
        """The stage whose page this is; a new one is not stored yet."""
        return ProjectStage.objects.filter(pk=self.instance.project_stage_id).first()

    def _require_unpublished(self, stage):
        if stage and self.has_changed() and use_of(stage).is_published:
            raise ValidationError(NONE_ADDED)

    def _require_kept(self, cleaned):
        """By the key the points are known. Nobody has more than all, and nobody reads another share than before."""
        changed = {"key", "weight", "max_points"}.intersection(self.changed_data, cleaned)
        use = use_of(self._stored_stage) if changed else Use()
        key = self.initial.get("key")
        if "key" in changed and use.given[key]:
            self.add_error("key", _given(use.given[key]))
        if use.is_published:
            for name in sorted(changed & {"weight", "max_points"}):
                self.add_error(name, PUBLISHED)
        elif "max_points" in changed and cleaned["max_points"] < use.most[key]:
            sentence = _("A student has %(points)s points by this criterion. Write at least that many.")
            self.add_error("max_points", ValidationError(sentence, params={"points": use.most[key]}))


class RubricFormSet(LabelledFormSet):
    def clean(self):
        super().clean()
        for form in self.initial_forms:
            why = why_it_stays(form.instance) if self._should_delete_form(form) else ""
            if why:
                raise ValidationError(f"{form.instance}: {why}")


def why_it_stays(criterion):
    """Why a criterion is not deleted; empty where nobody has points by it."""
    given = use_of(criterion.project_stage).given[criterion.key]
    return _given(given) if given else ""


def _given(count):
    sentence = ngettext(
        "%(count)d student has points by this criterion, so it stays, with its key.",
        "%(count)d students have points by this criterion, so it stays, with its key.",
        count,
    )
    return sentence % {"count": count}
