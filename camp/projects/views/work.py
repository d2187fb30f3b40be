"""A student's work: handing it in, reading the grade, asking for a second look, and the files that were handed in."""

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from camp.projects.access import access_to
from camp.projects.errors import ProjectError
from camp.projects.forms.work import HandInForm, ReviewForm
from camp.projects.models import HandIn, Placement
from camp.projects.pages import page, placement_of
from camp.projects.work import handing_in, reviews, work_pages
from camp.projects.work.graders import is_mentor_of

REFUSED = 409


@require_http_methods(["GET", "HEAD", "POST"])
def work(request, **address):
    access = access_to(request, **address)
    access.require_student()
    placement = placement_of(access.team)
    if request.method == "POST":
        return _handed_in(request, access, placement)
    return _page(request, access, placement)


@require_POST
def review(request, **address):
    """The student asks for a second look at the grade that they see."""
    access = access_to(request, **address)
    access.require_student()
    graded, form = work_pages.graded(access.enrollment, access.project_stage), ReviewForm(request.POST)
    if graded is None:
        raise access.denied(_("There is no published grade of yours, so there is nothing to review."))
    made, status = attempt(form, lambda **said: reviews.ask_review(graded.evaluation, by=request.user, **said))
    if made:
        messages.success(request, _("Your request is with the organizers. A mail tells you what they answer."))
        return redirect("projects:work", *access.camp.address)
    return _page(request, access, placement_of(access.team), review_form=form, status=status)


@never_cache
@require_safe
def report(request, pk, number, **address):
    """A report as a download: for the team, the mentors of its project and the organizers."""
    access = access_to(request, **address)
    placement = placement_or_404(access, pk)
    is_member = access.is_student and placement.team.members.filter(enrollment=access.enrollment).exists()
    if not is_member:
        require_grader(request.user, access, placement)
    row = get_object_or_404(placement.hand_ins.exclude(report=""), number=number)
    return _download(row)


def _handed_in(request, access, placement):
    if placement is None:
        raise access.denied(_("Your team has no project, so there is nothing to hand in."))
    last = handing_in.last_of(placement)
    form = HandInForm(request.POST, request.FILES, last=last)
    made, status = attempt(form, lambda **said: handing_in.hand_in(placement, by=request.user, **said))
    if made:
        said = _("Hand-in no. %(number)d has arrived. Every member gets a receipt by mail.")
        messages.success(request, said % {"number": made.number})
        return redirect("projects:work", *access.camp.address)
    if not access.project_stage.takes_hand_ins():
        status = handing_in.HandInClosedError.status
    elif status == handing_in.StaleError.status and last:
        form.go_on_from(last)
    return _page(request, access, placement, form=form, status=status)


def attempt(form, act):
    """What a service made of a sent form. Else None and the HTTP status; a refusal then stands on the form."""
    if not form.is_valid():
        return None, 400
    try:
        return act(**form.cleaned_data), 200
    except ProjectError as error:
        form.add_error(None, str(error))
        return None, getattr(error, "status", REFUSED)


def _page(request, access, placement, *, form=None, review_form=None, status=200):
    handed = work_pages.handed_in(placement) if placement else []
    context = {
        "placement": placement,
        "form": form or HandInForm(last=handed[0].row if handed else None),
        "review_form": review_form or ReviewForm(),
        "handed_in": work_pages.folded(handed),
        "graded": work_pages.graded(access.enrollment, access.project_stage),
        **work_pages.deadline(access.project_stage, timezone.now()),
    }
    return page(request, access, "projects/work.html", tab="work", status=status, **context)


def placement_or_404(access, pk):
    """A placed team of this stage; to strangers to the camp there is nothing."""
    access.require_known()
    placed = Placement.objects.placed().filter(team__project_stage=access.project_stage)
    return get_object_or_404(placed.for_page(), pk=pk)


def require_grader(user, access, placement):
    if not access.is_organizer and not is_mentor_of(user, placement.project):
        raise access.denied(_("This is for the team, the mentors of its project and the organizers."))


def _download(row: HandIn):
    """The stored file to be saved, never to be shown: whatever it holds, no browser takes it for a page of ours."""
    name = "".join(char for char in row.report_name if char.isprintable()) or PurePath(row.report.name).name
    try:
        stored = row.report.open("rb")
    except OSError:
        raise Http404 from None
    kind = "application/pdf" if name.lower().endswith(".pdf") else "application/octet-stream"
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(stored, as_attachment=True, filename=name, content_type=kind, headers=headers)
