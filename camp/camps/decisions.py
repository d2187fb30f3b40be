"""Decisions of staff over many rows: a page that names them and asks, then one call of a service for each."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camp.camps.fields import TextField
from camp.camps.staff import ORGANIZING

MOST_ROWS = 1000  # One request; each row takes a transaction of its own.
MOST_SHOWN = 200
MOST_REFUSALS = 20


class ReasonForm(forms.Form):
    reason = TextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy("The student reads it."),
    )


class NoQuestions(forms.Form):
    """Only asks whether."""


def decide(model_admin, request, queryset, *, action, title, act, refusal, form_class=NoQuestions, roles=ORGANIZING):
    """Ask on a page of its own, then call `act(row, **answers)` for each row; `refusal` is what the service raises.

    Rows of camps in which the person has none of these roles are left out, however they came into the selection.
    """
    rows = list(queryset.filter(pk__in=model_admin.within(request, roles).order_by().values("pk"))[: MOST_ROWS + 1])
    if not rows or len(rows) > MOST_ROWS:
        model_admin.message_user(request, _why_not(rows), messages.ERROR)
        return None
    form = form_class(request.POST if "confirmed" in request.POST else None)
    prepare = getattr(form, "prepare", None)
    if prepare:
        prepare(rows)
    if form.is_valid():
        return carry_out(model_admin, request, rows, act=act, refusal=refusal, answers=form.cleaned_data)
    return ask(model_admin, request, rows, form=form, action=action, title=title)


def _why_not(rows):
    if rows:
        return _("Select at most %(most)d at a time.") % {"most": MOST_ROWS}
    return _("None of these are yours to decide.")


def ask(model_admin, request, rows, *, title, form=None, action=""):
    """The page that names the rows and asks. Without an action, its POST goes to the address of the page."""
    form = form or NoQuestions()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "media": model_admin.media + form.media,
        "form": form,
        "action": action,
        "rows": rows,
        "shown": rows[:MOST_SHOWN],
        "count": len(rows),
        "not_shown": max(len(rows) - MOST_SHOWN, 0),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "back_url": request.get_full_path() if action else "../change/",
    }
    return TemplateResponse(request, "admin/decide.html", context)


def carry_out(model_admin, request, rows, *, act, refusal, answers):
    """Each row on its own: one that is refused takes nobody else's decision back."""
    refusals = []
    for row in rows:
        try:
            act(row, **answers)
        except refusal as error:
            refusals.append(f"{row}: {error}")
    _tell(model_admin, request, done=len(rows) - len(refusals), refusals=refusals)


def _tell(model_admin, request, *, done, refusals):
    if done:
        text = ngettext("Done for %(count)d.", "Done for %(count)d.", done) % {"count": done}
        model_admin.message_user(request, text, messages.SUCCESS)
    for refusal in refusals[:MOST_REFUSALS]:
        model_admin.message_user(request, refusal, messages.WARNING)
    if more := len(refusals[MOST_REFUSALS:]):
        text = ngettext("%(count)d more was refused.", "%(count)d more were refused.", more) % {"count": more}
        model_admin.message_user(request, text, messages.WARNING)
