"""The form of a course: what a lower maximum, or another rule of what counts, does is said before it is saved."""

from copy import copy

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from camp.camps.scoped_admin import ScopedForm
from camp.rankings import course_changes
from camp.stages.models import Course

SENTENCES = {
    "lowered": ngettext_lazy(
        "%(count)d student has more points than that and will have fewer.",
        "%(count)d students have more points than that and will have fewer.",
        "count",
    ),
    "completed": ngettext_lazy(
        "%(count)d student will have full marks who has not now.",
        "%(count)d students will have full marks who have not now.",
        "count",
    ),
    "discounted": ngettext_lazy(
        "%(count)d student has points that will no longer count for promotion.",
        "%(count)d students have points that will no longer count for promotion.",
        "count",
    ),
    "promoted": ngettext_lazy(
        "%(count)d student is promoted by it at once.", "%(count)d students are promoted by it at once.", "count"
    ),
}


class Agreement(forms.MultipleChoiceField):
    """A box to tick for a change that was explained. Its value names the change, so another one is asked anew."""

    widget = forms.MultipleHiddenInput

    def has_changed(self, initial, data):
        return False

    def valid_value(self, value):
        return True

    def offer(self, value):
        self.widget = forms.CheckboxSelectMultiple()
        self.choices = [(value, _("Yes, change it all the same"))]


class RankedCourseForm(ScopedForm):
    """`before` is the stored course, locked until the form is saved, where a rule changes; None where none does."""

    agreed = Agreement(label=_("Agreed"), required=False)
    before = None

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and not self.errors and set(self.changed_data) & set(course_changes.RULES):
            self.before = Course.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            self._ask(cleaned)
        return cleaned

    def _ask(self, cleaned):
        after = copy(self.instance)
        for name in set(course_changes.RULES) & cleaned.keys():
            setattr(after, name, cleaned[name])
        mark = f"{after.max_points.normalize():f} {after.counts} {after.proof_from and after.proof_from.isoformat()}"
        effects = None if mark in cleaned["agreed"] else course_changes.foresee(after, self.before)
        if effects and effects.must_be_agreed:
            self.fields["agreed"].offer(mark)
            self.add_error("agreed", [*told(effects), _("Tick the box and save again if that is meant.")])


def told(effects):
    """What a change would do, in sentences."""
    if effects.is_partial:
        text = _("%(concerned)d students are concerned. These are the numbers for the first %(looked_at)d of them:")
        yield text % {"concerned": effects.concerned, "looked_at": effects.looked_at}
    for name, sentence in SENTENCES.items():
        if count := getattr(effects, name):
            yield sentence % {"count": count}
    for requirement in effects.unreachable:
        text = _("The stage %(stage)s asks for %(points)s points in it, which nobody could reach.")
        yield text % {"stage": requirement.group.stage, "points": f"{requirement.points.normalize():f}"}


def done(followed):
    """What a change did, in a sentence."""
    if followed.changed is None:
        return _(
            "Too many students are concerned for this page. Run “manage.py rebuild_standings” now, "
            "and ask the rules again for everybody."
        )
    changed = ngettext(
        "The points of %(count)d student have changed.", "The points of %(count)d students have changed.",
        followed.changed,
    )  # fmt: skip
    promoted = ngettext(
        "%(count)d student was promoted.", "%(count)d students were promoted.", followed.promoted
    )  # fmt: skip
    return f"{changed % {'count': followed.changed}} {promoted % {'count': followed.promoted}}"
