"""Forms about an account. Those of allauth are asked here in our words; they check, the services decide."""

from allauth.account import forms as account
from allauth.account.fields import EmailField
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.socialaccount import forms as social
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from camp.accounts.events import tell_of_profile
from camp.accounts.folding import fold, visible
from camp.accounts.logins import login_in
from camp.accounts.models import Identity, User
from camp.accounts.text_fields import LineField, NameField
from camp.accounts.zones import zone_choices

EXAMPLES = {
    "github": "https://github.com/rowan",
    "gitee": "https://gitee.com/rowan",
    "cnb": "https://cnb.cool/u/rowan",
}


class AddressField(EmailField):
    """An e-mail address; full-width letters and invisible characters, as phones insert them, are put right."""

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)  # What the database holds; Django's own limit is longer.

    def to_python(self, value):
        return visible(super().to_python(value)).lower()


class PlainMixin:
    """Fields named in our words, without placeholders: a label says what belongs there and stays."""

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = self.words.get(name, (field.label, field.help_text))


PASSWORD_RULES = _("At least 10 characters, not only digits, no common password, and unlike your name and address.")
NEW_PASSWORD = {
    "password1": (_("New password"), PASSWORD_RULES),
    "password2": (_("New password again"), ""),
}
SIGN_UP = {
    "email": (_("E-mail address"), _("We send a link there to verify it, and later the news of your camps.")),
    "username": (
        _("Handle"),
        _(
            "Your short name here, 2 to 30 letters, digits, dots, hyphens or underscores. "
            "Others see it; it need not be your name on GitHub."
        ),
    ),
    "password1": (_("Password"), PASSWORD_RULES),
}


class SignupForm(PlainMixin, account.SignupForm):
    """E-mail, handle and password; the rest of the profile is asked when it is needed."""

    email = AddressField()
    words = SIGN_UP


class SocialSignupForm(PlainMixin, social.SignupForm):
    email = AddressField()
    words = SIGN_UP


class LoginForm(PlainMixin, account.LoginForm):
    words = {"login": (_("E-mail address or handle"), ""), "password": (_("Password"), "")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["login"].validators.append(MaxLengthValidator(254))

    def clean_login(self):
        """The handle as it is stored, whatever its case, width or accents; an address in lower case."""
        login = visible(super().clean_login())
        user = User.objects.filter(handle_key=fold(login)).first()
        return user.handle if user else login.lower()


class AddEmailForm(PlainMixin, account.AddEmailForm):
    email = AddressField()
    words = {"email": (_("New address"), "")}


class ResetPasswordForm(PlainMixin, account.ResetPasswordForm):
    email = AddressField()
    words = {"email": (_("E-mail address"), "")}


class ResendForm(PlainMixin, forms.Form):
    email = AddressField()
    words = {"email": (_("E-mail address"), "")}


class ResetPasswordKeyForm(PlainMixin, account.ResetPasswordKeyForm):
    words = NEW_PASSWORD


class ChangePasswordForm(PlainMixin, account.ChangePasswordForm):
    words = NEW_PASSWORD | {"oldpassword": (_("Current password"), "")}


class SetPasswordForm(PlainMixin, account.SetPasswordForm):
    words = NEW_PASSWORD


class ReauthenticateForm(PlainMixin, account.ReauthenticateForm):
    words = {"password": (_("Password"), "")}


class CodeForm(PlainMixin, mfa.AuthenticateForm):
    """Six digits of the app, or one recovery code."""

    words = {"code": (_("Code"), "")}


class CodeAgainForm(PlainMixin, mfa.ReauthenticateForm):
    words = {"code": (_("Code"), "")}


class ActivateForm(PlainMixin, ActivateTOTPForm):
    words = {"code": (_("Six digits from the app"), "")}


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["display_name", "occupation", "affiliation", "major", "city", "language", "time_zone"]
        field_classes = {"display_name": NameField} | dict.fromkeys(["affiliation", "major", "city"], LineField)
        widgets = {"time_zone": forms.Select}
        help_texts = {
            "display_name": _("As it stands on boards and certificates. Without one, your handle is shown."),
            "language": _("Of the mails to you, and of the pages on a new device."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        languages = User._meta.get_field("language").choices
        self.fields["language"].choices = [("", _("As my browser says")), *languages]
        self.fields["time_zone"].widget.choices = lazy(zone_choices, list)(self.instance.time_zone)

    def save(self, commit=True):
        user = super().save(commit)
        tell_of_profile(user, self.changed_data)
        return user


class LinkForm(forms.Form):
    channel = forms.ChoiceField(label=_("Code host"), choices=Identity.Channel)
    login = NameField(
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
