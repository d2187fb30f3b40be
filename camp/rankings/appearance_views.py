"""The page on which a student chooses how to stand on the boards of a camp."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.accounts.text_fields import NameField
from camp.camps.views import camp_or_404
from camp.enrollment.models import Enrollment
from camp.rankings import appearances
from camp.rankings.models import Appearance
from camp.rankings.naming import appearance_of


class AppearanceForm(forms.Form):
    mode = forms.ChoiceField(
        label=gettext_lazy("On the boards I stand"), choices=Appearance.Mode, widget=forms.RadioSelect
    )
    nickname = NameField(
        label=gettext_lazy("Nickname"), max_length=200, required=False,
        help_text=gettext_lazy(
            "2 to 30 characters, unlike every other nickname and name in the camp. Used where you chose it above."
        ),
    )  # fmt: skip


def appearance(request, organization, slug):
    """Choose a name, a nickname or neither; the form says how it is at the moment."""
    camp = camp_or_404(organization, slug, user=request.user)
    enrollment = get_object_or_404(Enrollment.objects.of(request.user).in_camp(camp).select_related("student"))
    if not enrollment.is_active:
        raise PermissionDenied(_("Only students of the camp stand on its boards."))
    form = AppearanceForm(request.POST if request.method == "POST" else None, initial=_chosen(enrollment))
    if form.is_valid() and _choose(enrollment, form):
        messages.success(request, _("Saved. The boards show it from now on."))
        return redirect("rankings:appearance", *camp.address)
    context = {"camp": camp, "form": form, "enrollment": enrollment}
    return render(request, "rankings/appearance.html", context, status=400 if form.errors else 200)


def _chosen(enrollment):
    chosen = appearance_of(enrollment) or Appearance(enrollment=enrollment)
    return {"mode": chosen.mode, "nickname": chosen.nickname}


def _choose(enrollment, form):
    """Save the choice; a refusal stands at its field."""
    try:
        return appearances.choose(enrollment, **form.cleaned_data)
    except appearances.AppearanceError as refusal:
        form.add_error(refusal.field, str(refusal))
        return None
