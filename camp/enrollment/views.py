"""Applying to a camp, leaving it, and its group chat."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from camp.camps.groups import group_page, group_picture
from camp.camps.views import camp_or_404
from camp.enrollment import services
from camp.enrollment.access import only_for
from camp.enrollment.forms import ApplicationForm
from camp.enrollment.queries import enrollment_of, is_active_in, would_wait

SECRET = "group chat"  # noqa: S105 - the name under which its reveals are recorded


@login_not_required
def register(request, organization, slug):
    """The application to a camp, or why this reader cannot apply now."""
    camp = camp_or_404(organization, slug, user=request.user)
    if not request.user.is_authenticated:
        messages.info(request, _("Sign in or create an account to apply to %(camp)s.") % {"camp": camp})
        return redirect_to_login(request.get_full_path())
    enrollment = enrollment_of(request.user, camp)
    if enrollment and not enrollment.can_apply_again:
        return _already(request, enrollment)
    if not camp.registration_is_open():
        context = {"camp": camp, "registration_is_coming": camp.registration_is_coming()}
        return render(request, "enrollment/closed.html", context, status=403)
    return _application(request, camp, enrollment)


def _already(request, enrollment):
    status = 403 if enrollment.is_removed or request.method == "POST" else 200
    context = {"camp": enrollment.camp, "enrollment": enrollment}
    return render(request, "enrollment/already.html", context, status=status)


def _application(request, camp, enrollment):
    data = request.POST if request.method == "POST" else None
    code = request.GET.get("code", "")
    form = ApplicationForm(data, camp=camp, student=request.user, enrollment=enrollment, code=code)
    if form.is_valid() and (made := submit(form)):
        messages.success(request, _greeting(made))
        return redirect(camp)
    context = {"camp": camp, "form": form, "enrollment": enrollment, "would_wait": would_wait(camp)}
    return render(request, "enrollment/register.html", context, status=400 if form.errors else 200)


def submit(form):
    """Save the profile and apply, both or neither. A refusal stands on the form."""
    try:
        with transaction.atomic():
            form.save_profile()
            return services.apply(form.camp, student=form.instance, **form.application)
    except services.EnrollmentError as error:
        form.add_error(None, str(error))
        return None


def _greeting(enrollment):
    words = {"camp": enrollment.camp, "number": enrollment.place_in_list}
    if enrollment.is_active:
        return _("Welcome! You are enrolled in %(camp)s.") % words
    if enrollment.is_waiting:
        return (
            _("You are number %(number)s on the waiting list of %(camp)s. A mail tells you when you have a seat.")
            % words
        )
    return _("Your application to %(camp)s has arrived. Its staff decide, and a mail tells you.") % words


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, organization, slug):
    """Ask before, then give the place back. A stranger to the camp has none: 404."""
    camp = camp_or_404(organization, slug, user=request.user)
    enrollment = enrollment_of(request.user, camp)
    if enrollment is None:
        raise Http404
    if request.method == "POST":
        return _withdraw(request, enrollment)
    if not enrollment.can_be_withdrawn:
        raise PermissionDenied(services.NOTHING_TO_WITHDRAW)
    context = {"camp": camp, "enrollment": enrollment, "registration_is_open": camp.registration_is_open()}
    return render(request, "enrollment/withdraw.html", context)


def _withdraw(request, enrollment):
    try:
        services.withdraw(enrollment, by=request.user)
    except services.EnrollmentError as error:
        raise PermissionDenied(str(error)) from None
    messages.success(request, _("You have left %(camp)s.") % {"camp": enrollment.camp})
    return redirect(enrollment.camp)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request, organization, slug):
    """The group chat of the camp, for its students and staff: GET shows the button, POST what it opens."""
    camp = _camp_of_group(request, organization, slug)
    picture_url = reverse("enrollment:group_picture", args=camp.address)
    return group_page(request, camp, camp=camp, secret=SECRET, picture_url=picture_url)


@never_cache
@require_safe
def group_qr(request, organization, slug):
    camp = _camp_of_group(request, organization, slug)
    page_url = reverse("enrollment:group", args=camp.address)
    return group_picture(request, camp, camp=camp, secret=SECRET, page_url=page_url)


def _camp_of_group(request, organization, slug):
    camp = camp_or_404(organization, slug, user=request.user)
    refusal = _("The group chat is for enrolled students of this camp.")
    only_for(is_active_in(request.user, camp), user=request.user, camp=camp, refusal=refusal)
    return camp
