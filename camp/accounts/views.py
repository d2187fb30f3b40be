"""One's own account: profile, linked logins, sessions; and sign-ups that survive two people wanting one handle."""

from allauth.account.views import SignupView
from allauth.decorators import rate_limit
from allauth.socialaccount.internal.flows.signup import redirect_to_signup
from allauth.socialaccount.views import SignupView as SocialSignupView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from camp.accounts import link_codes, services
from camp.accounts.adapter import MAIL_WENT_TO
from camp.accounts.forms import LinkForm, ProfileForm, ResendForm
from camp.accounts.verification import send_again


class AgainMixin:
    """Where the database refuses a sign-up because another one was quicker, the form is asked again: now it sees it."""

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except IntegrityError:
            self._cached_form = None
            return super().post(request, *args, **kwargs)


class SignUpView(AgainMixin, SignupView):
    pass


class SocialSignUpView(AgainMixin, SocialSignupView):
    def form_invalid(self, form):
        redirect_to_signup(self.request, self.sociallogin)  # Remembers who comes from GitHub for the next try.
        return super().form_invalid(form)


sign_up = SignUpView.as_view()
social_sign_up = SocialSignUpView.as_view()


@login_not_required
@rate_limit(action="resend")
def resend(request):
    """Ask for the verification link again. The answer is the same whether the address is known or not."""
    form = ResendForm(request.POST or None, initial={"email": request.session.get(MAIL_WENT_TO, "")})
    if form.is_valid():
        send_again(request, form.cleaned_data["email"])
        messages.info(request, _("A new mail is on its way, unless one was sent in the last three minutes."))
        return redirect("account_email_verification_sent")
    return render(request, "accounts/resend.html", {"form": form})


def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Your profile is saved."))
        return remember_language(redirect("accounts:profile"), user.language)
    return render(request, "accounts/profile.html", {"form": form})


def remember_language(response, language):
    """What is chosen in the profile counts in this browser at once."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip
    return response


@never_cache  # A code to link by may stand on it.
def identities(request):
    """The logins that score for this person, and the ways to link another."""
    form = LinkForm(request.POST or None)
    if form.is_valid() and link(request, form):
        return redirect("accounts:identities")
    context = {
        "form": form,
        "identities": request.user.identities.linked(),
        "former": request.user.identities.unlinked().ever_owned(),
        "github_is_configured": bool(settings.GITHUB_CLIENT_ID),
        "link_code": request.user.link_codes.active_at(timezone.now()).first(),
    }
    return render(request, "accounts/identities.html", context)


def link(request, form):
    """Link what the form names; a refusal goes to its field."""
    try:
        identity = services.link_login(request.user, **form.cleaned_data)
    except services.AccountError as refusal:
        form.add_error("login", str(refusal))
        return None
    messages.success(request, _("%(login)s is linked to your account.") % {"login": identity})
    return identity


@require_POST
def new_link_code(request):
    """Show a code on the page of logins, in place of the one before."""
    try:
        link_codes.issue(request.user)
    except services.AccountError as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("accounts:identities") + "#run")


def unlink(request, pk):
    """Ask first, naming the login and what becomes of its scores."""
    identity = get_object_or_404(request.user.identities.linked(), pk=pk)
    if request.method != "POST":
        return render(request, "accounts/unlink.html", {"identity": identity})
    try:
        services.unlink_login(identity)
        messages.success(request, _("%(login)s is no longer linked.") % {"login": identity})
    except services.AccountError as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:identities")


@require_POST
def end_sessions(request):
    """Sign out everywhere, here too."""
    for session in UserSession.objects.filter(user=request.user):
        session.end()
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")
