"""The public check of a certificate, and the document itself for its holder and the organizers of the camp."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from camp.camps.staff import ORGANIZING, scope_of
from camp.projects.certificate_pdf import stored_pdf
from camp.projects.certificate_words import LANGUAGES, grouped
from camp.projects.forms.work import CodeForm
from camp.projects.models import Certificate
from camp.rankings.uploads import limits

NO_INDEX = {"X-Robots-Tag": "noindex, nofollow"}


@login_not_required
@require_safe
def check(request):
    """Where the code of a printed certificate is typed."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("projects:verify", form.cleaned_data["code"])
    return _page(request, "projects/verify.html", status=400 if form.is_bound else 200, form=form)


@login_not_required
@never_cache
@require_safe
def verify(request, code):
    """What a code stands for. It is read in any case, with the hyphens of the print or without."""
    address = limits.address_of(request)
    if not limits.lets_guess(address):
        return _page(request, "429.html", status=429)
    certificate = _certificates().filter(code=code.replace("-", "").lower()).first()
    if certificate is None:
        limits.note_guess(address)
        return _page(
            request, "projects/verify.html", status=404, form=CodeForm(initial={"code": code[:60]}), is_unknown=True
        )
    camp = certificate.enrollment.camp
    shown = {"certificate": certificate, "code": grouped(certificate.code), "camp": camp if camp.is_published else None}
    return _page(request, "projects/certificate.html", **shown)


@never_cache
@require_safe
def document(request, code, language):
    """The PDF, for the holder and the organizers of the camp: to everybody else there is nothing here."""
    certificate = get_object_or_404(_certificates(), code=code)
    camp, is_holder = certificate.enrollment.camp, certificate.enrollment.student_id == request.user.pk
    scope = scope_of(request)
    if language not in LANGUAGES or not (is_holder or scope.is_superuser or camp.pk in scope.camps(ORGANIZING)):
        raise Http404
    if certificate.is_revoked:
        raise PermissionDenied(_("This certificate is revoked, so it cannot be printed any more."))
    name = f'attachment; filename="certificate-{certificate.code}-{language}.pdf"'
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"} | NO_INDEX
    return HttpResponse(stored_pdf(certificate, language), content_type="application/pdf", headers=headers)


def _certificates():
    return Certificate.objects.select_related("enrollment__camp__organization")


def _page(request, template, *, status=200, **context):
    """A page that search engines leave alone."""
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = NO_INDEX["X-Robots-Tag"]
    return response
