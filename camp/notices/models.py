from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.camps.models import Camp


class MailQuerySet(models.QuerySet):
    def due_at(self, now):
        """Mails to hand on now, oldest first."""
        return self.filter(status=Mail.Status.QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")

    def stuck_at(self, moment):
        """Mails whose sender died between taking them and hearing the answer: nobody knows whether they went out."""
        return self.filter(status=Mail.Status.SENDING, claimed_at__lt=moment)


class Mail(models.Model):
    """A mail in the outbox. It is a row before it is sent, and sent at most once."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")
        UNCERTAIN = "uncertain", _("interrupted, perhaps sent")

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("body"), blank=True)
    html = models.TextField(_("HTML body"), blank=True)
    camp = models.ForeignKey(
        Camp, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails", verbose_name=_("camp")
    )
    is_private = models.BooleanField(
        _("private"),
        default=False,
        help_text=_("Holds a link that signs somebody in: hidden from staff, emptied when sent."),
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.QUEUED)
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-queued_at", "-id"]
        indexes = [models.Index(fields=["next_try_at", "id"], condition=Q(status="queued"), name="mail_due")]

    def __str__(self):
        return f"{self.to}: {self.subject}"


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def of(self, user):
        return self.filter(recipient=user)

    def for_list(self):
        """Load everything one notice of the list shows."""
        return self.select_related("camp")


class Notice(models.Model):
    """A message to one person in the site, in that person's language, with the mail that carries it, if one does."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("recipient")
    )
    camp = models.ForeignKey(
        Camp, on_delete=models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("camp")
    )
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    mail = models.OneToOneField(
        Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notice", verbose_name=_("mail")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="notice_of_recipient")]

    def __str__(self):
        return self.title

    @property
    def is_unread(self):
        return self.read_at is None
