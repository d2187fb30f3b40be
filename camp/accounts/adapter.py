"""How allauth behaves here: names that look alike collide, one address per account, mails greet by name."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold, visible
from camp.accounts.models import User, validate_handle

MAIL_WENT_TO = "mail_went_to"  # In the session: the address that the page after the sign-up names.


class AccountAdapter(DefaultAccountAdapter):
    def is_safe_url(self, url):
        """Whether one may be sent on to `url`. What is no address at all, such as `http://[`, is not safe."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_taken": _("This handle, or one that looks like it, is taken. Choose another."),
        "username_password_mismatch": _("The handle or the password is not right."),
        "email_password_mismatch": _("The address or the password is not right."),
    }

    def clean_username(self, username, shallow=False):
        """The handle as it is stored. Refuses one that a reader could take for another person's."""
        handle = visible(username)
        validate_handle(handle)
        if not shallow and User.objects.filter(handle_key=fold(handle)).exists():
            raise self.validation_error("username_taken")
        return handle

    def clean_email(self, email):
        """The address in plain lower-case letters: with accents refused, two that look alike cannot both exist."""
        email = visible(super().clean_email(email)).lower()
        if not email.isascii():
            raise ValidationError(_("Write the address in plain letters, without accents or special characters."))
        return email

    def new_user(self, request):
        """Mails come in the language in which somebody signs up."""
        user = super().new_user(request)
        languages = dict(User._meta.get_field("language").choices)
        user.language = get_language() if get_language() in languages else ""
        return user

    def save_user(self, request, user, form, commit=True):
        """Save in a savepoint: a collision in the database leaves the request usable for the form to say so."""
        user = super().save_user(request, user, form, commit=False)
        if commit:
            with transaction.atomic():
                user.save()
        return user

    def confirm_email(self, request, email_address):
        """Two accounts may wait for one address; the database lets the first have it, the second is told."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False

    def can_delete_email(self, email_address):
        """An account keeps its address; only one that it is changing to can be dropped."""
        return not email_address.primary

    def send_mail(self, template_prefix, email, context):
        """Remember for the next page where the mail went, whether an account has that address or not."""
        allauth_context.request.session[MAIL_WENT_TO] = email
        super().send_mail(template_prefix, email, {"user": None, "site_url": settings.SITE_URL} | context)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def get_user_search_fields(self):
        return ["handle", "display_name", "email"]


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        user.display_name = visible(data.get("name") or "")[:60]
        return user

    def save_user(self, request, sociallogin, form=None):
        """Keep of the addresses known over there only the one chosen here; it is verified if it was over there."""
        chosen = form.cleaned_data["email"] if form else None
        sociallogin.email_addresses = [
            address for address in sociallogin.email_addresses if address.email.lower() == chosen
        ]
        return super().save_user(request, sociallogin, form)

    def get_connect_redirect_url(self, request, socialaccount):
        return reverse("accounts:identities")

    def get_app(self, request, provider, client_id=None):
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404(f"{provider} is not configured") from None
