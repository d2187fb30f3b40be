import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from camp.enrollment.models import CODE_ALPHABET, Enrollment
from camp.projects.models.work import Evaluation, Grade


def new_certificate_code():
    """Sixteen characters, printed and typed: nobody finds another one by trying."""
    return "".join(secrets.choice(CODE_ALPHABET) for _position in range(16))


class CertificateQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None)

    def outdated(self):
        """Valid ones whose grade was changed since: to be revoked and issued anew."""
        return self.valid().exclude(grade=F("evaluation__grade"))


class Certificate(models.Model):
    """What a student takes home, as it was issued: names and grade do not change with the rows that they came from."""

    class Kind(models.TextChoices):
        COMPLETION = "completion", _("certificate of completion")
        EXCELLENCE = "excellence", _("certificate of excellence")

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("student")
    )
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("evaluation")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(
        pgettext_lazy("certificate", "code"), max_length=20, default=new_certificate_code, unique=True
    )
    holder_name = models.CharField(pgettext_lazy("certificate", "name"), max_length=120)
    camp_name = models.CharField(_("camp"), max_length=120)
    organization_name = models.CharField(_("organization"), max_length=120)
    project_title = models.CharField(_("project"), max_length=120)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    revoked_at = models.DateTimeField(pgettext_lazy("certificate", "revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("certificate", "revoked by"),
    )  # fmt: skip
    revoked_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(revoked_at=None), name="one_valid_certificate_per_student"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | (Q(revoked_by__isnull=False) & ~Q(revoked_reason="")),
                name="revoked_certificate_says_who_and_why",
            ),
        ]

    def __str__(self):
        return f"{self.holder_name} · {self.camp_name}"

    def get_absolute_url(self):
        """The public check, without a camp in the address: the code alone leads there."""
        return reverse("projects:verify", args=[self.code])

    @property
    def is_revoked(self):
        return self.revoked_at is not None
