"""Forms about an account. Those of allauth are asked here in our words; they check, the services decide."""

from allauth.account import forms as account
from allauth.account.fields import EmailField
from allauth.account.internal.userkit import user_username
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.socialaccount import forms as social
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from camp.accounts.folding import fold, visible
from camp.accounts.logins import login_in
from camp.accounts.models import Identity, User
from camp.accounts.zones import zone_choices

EXAMPLES = {
    "github": "https://github.com/rowan",
    "gitee": "https://gitee.com/rowan",
    "cnb": "https://cnb.cool/u/rowan",
}


class VisibleField(forms.CharField):
    """Text on one line, as a reader sees it; what cannot be seen is dropped, not refused."""

    def to_python(self, value):
        return visible(super().to_python(value))


class AddressField(EmailField):
    """An e-mail address; full-width letters and invisible characters, as phones insert them, are put right."""

    def to_python(self, value):
        return visible(super().to_python(value)).lower()


class PlainMixin:
    """Fields without placeholders: their labels say what belongs there."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class NamesMixin(PlainMixin):
    """The two names that a sign-up asks for, in our words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email, handle = self.fields["email"], self.fields["username"]
        email.label = _("E-mail address")
        email.help_text = _("We send a link there to verify it, and later the news of your camps.")
        handle.label = _("Handle")
        handle.help_text = _(
            "Your short name here, 2 to 30 letters, digits, dots, hyphens or underscores. "
            "Others see it; it need not be your name on GitHub."
        )


class SignupForm(NamesMixin, account.SignupForm):
    """E-mail, handle and password; the rest of the profile is asked when it is needed."""

    email = AddressField()


class SocialSignupForm(NamesMixin, social.SignupForm):
    email = AddressField()


class LoginForm(PlainMixin, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address or handle")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["login"].validators.append(MaxLengthValidator(254))
        self.fields["password"].help_text = ""  # The page itself links to the reset.

    def clean_login(self):
        """The handle as it is stored, whatever its case, width or accents; an address in lower case."""
        login = visible(super().clean_login())
        user = User.objects.filter(handle_key=fold(login)).first()
        return user_username(user) if user else login.lower()


class AddEmailForm(PlainMixin, account.AddEmailForm):
    email = AddressField(label=_("New address"))


class ResetPasswordForm(PlainMixin, account.ResetPasswordForm):
    email = AddressField(label=_("E-mail address"))


class ResendForm(PlainMixin, forms.Form):
    email = AddressField(label=_("E-mail address"))


class ResetPasswordKeyForm(PlainMixin, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(PlainMixin, account.ChangePasswordForm):
    pass


class SetPasswordForm(PlainMixin, account.SetPasswordForm):
    pass


class ReauthenticateForm(PlainMixin, account.ReauthenticateForm):
    pass


class CodeForm(PlainMixin, mfa.AuthenticateForm):
    """Six digits of the app, or one recovery code."""


class CodeAgainForm(PlainMixin, mfa.ReauthenticateForm):
    pass


class ActivateForm(PlainMixin, ActivateTOTPForm):
    pass


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["display_name", "occupation", "affiliation", "major", "city", "language", "time_zone"]
        field_classes = dict.fromkeys(["display_name", "affiliation", "major", "city"], VisibleField)
        widgets = {"time_zone": forms.Select}
        help_texts = {
            "display_name": _("As it stands on boards and certificates. Without one, your handle is shown."),
            "language": _("Of the mails to you, and of the pages on a new device."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget.choices = lazy(zone_choices, list)(self.instance.time_zone)


class LinkForm(forms.Form):
    channel = forms.ChoiceField(label=_("Code host"), choices=Identity.Channel)
    login = VisibleField(
        label=_("Login"), max_length=300, help_text=_("Your login there, or the address of your profile page.")
    )

    def clean(self):
        """Bring the login out of what was pasted."""
        data = super().clean()
        channel, text = data.get("channel"), data.get("login")
        if not (channel and text):
            return data
        try:
            data["login"] = login_in(text, channel=channel)
        except ValueError:
            self.add_error("login", self._advice(channel))
        return data

    def _advice(self, channel):
        host, example = Identity.Channel(channel).label, EXAMPLES[channel]
        advice = _(
            "This is no login on %(host)s. Write the login alone, such as rowan, or its address, such as %(url)s."
        )
        return advice % {"host": host, "url": example}
