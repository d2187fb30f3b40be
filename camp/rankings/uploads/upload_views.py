"""Pages on which a student finds out what became of an upload, and what would become of one."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from camp.camps.errors import NotHere
from camp.rankings.forms.uploads import CheckForm, FilterForm, LoginForm
from camp.rankings.services import RankingError
from camp.rankings.uploads import diagnostics, limits
from camp.rankings.uploads.check_up import check_up, courses_for


@never_cache
def uploads(request):
    """Every upload of the last 30 days by one's own logins."""
    at = timezone.now()
    form = FilterForm(request.GET, courses=diagnostics.courses_of(request.user, at=at))
    form.is_valid()
    found = diagnostics.narrowed(diagnostics.recent_of(request.user, at=at), **form.cleaned_data)
    context = {
        "form": form,
        "page": diagnostics.page_of(found, reader=request.user, before=_before(request)),
        "is_narrowed": any(form.cleaned_data.values()),
        "identities": request.user.identities.linked(),
        "login_form": LoginForm(),
    }
    return render(request, "rankings/uploads.html", context)


def _before(request):
    cursor = request.GET.get("before")
    try:
        return diagnostics.key_in(cursor) if cursor else None
    except ValueError:
        raise NotHere(_("There is no such page of uploads."), back=reverse("rankings:uploads")) from None


@never_cache
def uploads_of_login(request):
    """What came under a login that is not linked yet."""
    form = LoginForm(request.GET or None)
    found = _found(request, form) if form.is_valid() else None
    page = None if found is None else diagnostics.page_of(
        found, reader=request.user, before=_before(request), is_linked=False
    )  # fmt: skip
    context = {"login_form": form, "page": page}
    return render(request, "rankings/uploads_of_login.html", context, status=_status_of(form))


def _found(request, form):
    """The uploads that the form asks for; None when they are not shown, and then the form says why."""
    if not _may_look(request, form):
        return None
    try:
        return diagnostics.recent_under(request.user, at=timezone.now(), **form.cleaned_data)
    except RankingError as refusal:
        form.add_error("login", str(refusal))
        return None


def _may_look(request, form):
    if limits.lets_look(request.user):
        return True
    form.add_error(None, _("You have asked very often in this minute. Wait a minute, then ask again."))
    form.is_too_often = True
    return False


def _status_of(form):
    return 429 if getattr(form, "is_too_often", False) else 200


@never_cache
@sensitive_post_parameters("token")
def check(request):
    """Check a set-up with the checks of an upload; nothing is stored, and the token is never shown again."""
    form = CheckForm(request.POST or None, courses=courses_for(request.user), initial=_initial(request))
    done = None
    if form.is_valid() and _may_look(request, form):
        done = check_up(request.user, typed=form.data["login"], at=timezone.now(), **form.cleaned_data)
    context = {
        "form": form,
        "done": done,
        "upload_check_url": settings.SITE_URL + reverse("rankings:check_upload"),
        "proven_check_url": settings.SITE_URL + reverse("rankings:check_proven_scores"),
        "audience": settings.CI_AUDIENCE,
    }
    return render(request, "rankings/check.html", context, status=_status_of(form))


def _initial(request):
    """The course that the link came from, and a login of one's own."""
    identity = request.user.identities.linked().first()
    login = {"channel": identity.channel, "login": identity.login} if identity else {}
    return {"course": request.GET.get("course")} | login
