import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.camps.models import Camp, slug_of

CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # Without letters that are mistaken for others.


def new_code():
    return "".join(secrets.choice(CODE_ALPHABET) for _position in range(8))


class ApplicationQuestion(models.Model):
    """A question of the camp's own on its application form."""

    class Kind(models.TextChoices):
        TEXT = "text", _("one line")
        LONG_TEXT = "long_text", _("several lines")
        CHOICE = "choice", _("one choice")
        CHOICES = "choices", _("several choices")

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="questions", verbose_name=_("camp"))
    key = models.CharField(_("key"), max_length=40, validators=[slug_of])
    label = models.CharField(_("question"), max_length=240)
    help_text = models.CharField(_("help"), max_length=240, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TEXT)
    options = models.JSONField(
        _("options"), default=list, blank=True, help_text=_("A list of texts, for choices only.")
    )
    is_required = models.BooleanField(_("required"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("application question")
        verbose_name_plural = _("application questions")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["camp", "key"], name="question_key_once_per_camp")]

    def __str__(self):
        return self.label

    def clean(self):
        texts = isinstance(self.options, list) and all(isinstance(option, str) and option for option in self.options)
        if not texts:
            raise ValidationError({"options": _('Write a list of texts, such as ["Yes", "No"].')})
        if self.offers_choices != bool(self.options):
            raise ValidationError({"options": _("A question with choices needs options; another has none.")})

    @property
    def offers_choices(self):
        return self.kind in (self.Kind.CHOICE, self.Kind.CHOICES)


class InvitationQuerySet(models.QuerySet):
    def in_camp(self, camp):
        return self.filter(camp=camp)

    def usable_by(self, user):
        """Nobody invites themselves."""
        return self.exclude(inviter=user)

    def coded(self, code):
        """The invitation with this code, typed in any case; None when there is none."""
        return self.filter(code__iexact=code).select_related("inviter").first() if code else None


class Invitation(models.Model):
    """A code that names who invited; an application that carries it remembers the inviter."""

    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("camp"))
    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("inviter")
    )
    code = models.CharField(_("code"), max_length=20, default=new_code, validators=[slug_of])
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint("camp", Lower("code"), name="invitation_code_names_one_inviter"),
            models.UniqueConstraint(fields=["camp", "inviter"], name="invitation_once_per_inviter"),
        ]

    def __str__(self):
        return f"{self.code} · {self.inviter}"

    @property
    def path(self):
        return f"{reverse('enrollment:register', args=self.camp.address)}?code={self.code}"

    @property
    def url(self):
        """The whole address, to be passed on outside of the site."""
        return f"{settings.SITE_URL}{self.path}"


class EnrollmentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=Enrollment.Status.ACTIVE)

    def awaiting_decision(self):
        return self.filter(status=Enrollment.Status.APPLIED)

    def waiting(self):
        """The waiting list in its order: first in, first out."""
        return self.filter(status=Enrollment.Status.WAITING).order_by("waiting_since", "id")

    def ahead_of(self, enrollment):
        """Who waits in the same camp and gets a seat before this enrollment."""
        since, earlier = enrollment.waiting_since, models.Q(pk__lt=enrollment.pk)
        return self.waiting().filter(
            models.Q(waiting_since__lt=since) | models.Q(waiting_since=since) & earlier, camp=enrollment.camp_id
        )

    def of(self, user):
        return self.filter(student=user)

    def in_camp(self, camp):
        return self.filter(camp=camp)

    def for_my_page(self):
        return self.select_related("camp__organization").order_by("-camp__starts_at")


class Enrollment(models.Model):
    """A student's place in a camp, from the application on. One row per person and camp, however often they apply."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("applied")
        WAITING = "waiting", _("on the waiting list")
        ACTIVE = "active", _("enrolled")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REMOVED = "removed", _("removed")

    OPEN = (Status.APPLIED, Status.WAITING, Status.ACTIVE)

    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("camp"))
    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("student")
    )
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.APPLIED)
    heard_from = models.CharField(_("how they heard of the camp"), max_length=200, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    invitation = models.ForeignKey(
        Invitation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrollments",
        verbose_name=_("invitation"),
    )
    applied_at = models.DateTimeField(_("applied at"), default=timezone.now)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = EnrollmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["camp", "student"],
                name="enrollment_once_per_camp",
                violation_error_message=_("You have already applied to this camp."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="waiting") | models.Q(waiting_since__isnull=False),
                name="waiting_enrollment_has_its_place_in_the_list",
            ),
        ]
        indexes = [
            models.Index(fields=["camp", "status", "waiting_since"], name="enrollment_by_status"),
        ]

    def __str__(self):
        return f"{self.student} · {self.camp}"

    @property
    def is_active(self):
        return self.status == self.Status.ACTIVE

    @property
    def awaits_decision(self):
        return self.status == self.Status.APPLIED

    @property
    def is_waiting(self):
        return self.status == self.Status.WAITING

    @property
    def is_declined(self):
        return self.status == self.Status.DECLINED

    @property
    def is_removed(self):
        return self.status == self.Status.REMOVED

    @property
    def place_in_list(self):
        """The number on the waiting list, from 1; None off the list. Asks the database."""
        return Enrollment.objects.ahead_of(self).count() + 1 if self.is_waiting else None

    @property
    def can_be_admitted(self):
        return self.status in (self.Status.APPLIED, self.Status.WAITING)

    @property
    def can_be_withdrawn(self):
        return self.status in self.OPEN

    @property
    def can_apply_again(self):
        return self.status in (self.Status.WITHDRAWN, self.Status.DECLINED)

    def decide(self, status, *, by, at, reason=""):
        """Move to `status`; who, when and why change with it. `by` is None when a rule decided."""
        self.status, self.decided_by, self.decided_at, self.reason = status, by, at, reason
        self.waiting_since = at if status == self.Status.WAITING else None
