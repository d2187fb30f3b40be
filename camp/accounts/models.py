import re
import zoneinfo
from datetime import UTC, datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.accounts.fields import FoldedField
from camp.accounts.folding import fold, visible
from camp.accounts.logins import HOSTS

HANDLE = re.compile(r"\w[\w.-]{1,29}")
DISOWNED_AT = datetime(1970, 1, 1, tzinfo=UTC)  # `unlinked_at` of a login that its account is as if it had never had.


def name_of(user):
    """How a person is addressed, everywhere."""
    return user.display_name or user.handle


def validate_handle(value):
    """Refuses what is not a plain word. The adapter unifies width and the like before it asks."""
    if value != visible(value) or not HANDLE.fullmatch(value):
        raise ValidationError(_("Use 2 to 30 letters, digits, dots, hyphens or underscores."))


def validate_time_zone(value):
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone we know. Write one like Asia/Shanghai."), params={"zone": value}
        )


class UserManager(BaseUserManager):
    def create_user(self, handle, email, password=None, **fields):
        user = self.model(handle=visible(handle), email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, handle, email, password=None, **fields):
        return self.create_user(handle, email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, handle):
        """The user whose handle this is, however it is written: case, width and accents do not count."""
        return self.get(handle_key=fold(handle))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: student, mentor or staff."""

    class Occupation(models.TextChoices):
        STUDYING = "studying", _("Studying")
        WORKING = "working", _("Working")
        TEACHING = "teaching", _("Teaching or researching")
        OTHER = "other", _("Something else")

    handle = models.CharField(_("handle"), max_length=30, validators=[validate_handle])
    handle_key = FoldedField(source="handle", max_length=60)
    email = models.EmailField(_("e-mail address"))
    display_name = models.CharField(_("name"), max_length=60, blank=True)
    occupation = models.CharField(_("study or work"), max_length=20, choices=Occupation, blank=True)
    affiliation = models.CharField(_("school or employer"), max_length=120, blank=True)
    major = models.CharField(_("major or field of work"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=[("en", "English"), ("zh-hans", "简体中文")], blank=True
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(fields=["handle_key"], name="handle_is_unlike_every_other"),
            models.UniqueConstraint(Lower("email"), name="email_belongs_to_one_user"),
        ]

    def __str__(self):
        return name_of(self)

    def get_full_name(self):
        return name_of(self)


class IdentityQuerySet(models.QuerySet):
    def linked(self):
        """Logins that count for their person now; the others were unlinked and are kept as history."""
        return self.filter(unlinked_at=None)

    def unlinked(self):
        return self.exclude(unlinked_at=None)

    def ever_owned(self):
        """Without those that staff gave to somebody by mistake and took back: nothing belongs to these."""
        return self.exclude(unlinked_at=DISOWNED_AT)

    def named(self, channel, login):
        return self.filter(channel=channel, login_key=login.lower())

    def newest_first(self):
        """The one that is linked, then the others by when they were unlinked, the latest first."""
        return self.order_by(F("unlinked_at").desc(nulls_first=True), "-pk")

    def proven(self, channel, uid):
        """The login, linked or not, whose numeric id over there is `uid`; a login that lost its name has none."""
        return self.filter(channel=channel, uid=uid)

    def unverified(self):
        return self.linked().filter(verified_at=None)


class Identity(models.Model):
    """A login on a code host that belongs to one account, for the time from `owned_from` to `unlinked_at`.

    Both ends are open when null. An unlinked login that has scored is kept: what it scored until then stays with its
    account, later uploads do not count, and nobody else can take the login by typing it.
    """

    class Channel(models.TextChoices):
        GITHUB = "github", "GitHub"
        GITEE = "gitee", "Gitee"
        CNB = "cnb", "CNB"

    class Proof(models.TextChoices):
        NONE = "", _("typed, not verified")
        OAUTH = "oauth", _("signed in there")
        CI = "ci", _("proven by a CI run")
        STAFF = "staff", _("checked by staff")
        LOST = "lost", _("somebody else's there by now")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identities", verbose_name=_("user"))
    channel = models.CharField(_("code host"), max_length=10, choices=Channel)
    login = models.CharField(_("login"), max_length=100)
    login_key = models.CharField(max_length=100, editable=False)
    uid = models.CharField(_("numeric id"), max_length=20, blank=True)
    proof = models.CharField(_("proof"), max_length=10, choices=Proof, blank=True, default=Proof.NONE)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    linked_at = models.DateTimeField(_("linked at"), default=timezone.now)
    first_scored_at = models.DateTimeField(_("first scored at"), null=True, blank=True)
    owned_from = models.DateTimeField(_("owned from"), null=True, blank=True)
    unlinked_at = models.DateTimeField(_("unlinked at"), null=True, blank=True)

    objects = IdentityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("linked login")
        verbose_name_plural = _("linked logins")
        ordering = ["channel", "login_key"]
        indexes = [models.Index(fields=["channel", "login_key"], name="identity_by_login")]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "login_key"], condition=Q(unlinked_at=None), name="login_belongs_to_one_account"
            ),
            models.UniqueConstraint(
                fields=["channel", "uid"], condition=~Q(uid=""), name="numeric_id_belongs_to_one_account"
            ),
            models.CheckConstraint(condition=Q(login_key=Lower("login")), name="login_key_is_the_login_in_lower_case"),
        ]

    def __str__(self):
        return f"{self.login} ({self.get_channel_display()})"

    @property
    def is_linked(self):
        return self.unlinked_at is None

    @property
    def is_verified(self):
        return self.verified_at is not None

    @property
    def is_disowned(self):
        return self.unlinked_at == DISOWNED_AT

    @property
    def is_retired(self):
        """Its name went to another account over there, or was renamed; the row keeps what was scored until then."""
        return self.proof == self.Proof.LOST

    @property
    def is_provable(self):
        """Whether its owner can prove it: by a CI run, and where it is set up, by signing in at the code host."""
        return self.channel == self.Channel.GITHUB

    @property
    def profile_url(self):
        return f"https://{HOSTS[self.channel]}/{self.login}"

    def mark_verified(self, proof, *, by, at):
        self.proof, self.verified_by, self.verified_at = proof, by, at


class LinkCodeQuerySet(models.QuerySet):
    def open(self):
        """Neither used nor replaced by a newer one, but perhaps expired."""
        return self.filter(used_at=None, replaced_at=None)

    def active_at(self, now):
        return self.open().filter(expires_at__gt=now)

    def issued_since(self, moment):
        return self.filter(issued_at__gt=moment)


class LinkCode(models.Model):
    """A short code with which a CI run links the login that started it to the account that asked for the code.

    Kept as it is written, for it is shown again: whoever could read it here could read the sessions too.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="link_codes", verbose_name=_("user"))
    code = models.CharField(_("code"), max_length=10, unique=True)
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    identity = models.ForeignKey(
        Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("linked login")
    )

    objects = LinkCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code to link a login")
        verbose_name_plural = _("codes to link a login")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, replaced_at=None), name="one_open_link_code_per_account"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="link_code_expires_after_its_issue"
            ),
        ]

    def __str__(self):
        """In two halves, as it is read and typed."""
        return f"{self.code[:5]}-{self.code[5:]}"
