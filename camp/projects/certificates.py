"""What happens to certificates: the staff issue them for published grades, and revoke them with a reason.

The evaluation is locked first. A certificate that was issued is never changed: another is issued after a revocation.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.notices import services as notices
from camp.projects.errors import ProjectError
from camp.projects.models import Certificate, Grade
from camp.projects.work.grading import kept, locked_evaluation, required

KINDS = {Grade.EXCELLENT: Certificate.Kind.EXCELLENCE, Grade.PASS: Certificate.Kind.COMPLETION}


@transaction.atomic
def issue(evaluation, *, by, at=None):
    """Give the student the certificate of their published grade, with the names as they are now."""
    evaluation = locked_evaluation(evaluation)
    _require_worthy(evaluation)
    camp, student = evaluation.enrollment.camp, evaluation.enrollment.student
    certificate = Certificate(
        enrollment=evaluation.enrollment, evaluation=evaluation, kind=KINDS[evaluation.grade], grade=evaluation.grade,
        holder_name=str(student), camp_name=camp.name, organization_name=camp.organization.name,
        project_title=evaluation.placement.project.title, issued_at=at or timezone.now(), issued_by=by,
    )  # fmt: skip
    kept(certificate, by=by)
    _tell(certificate, "certificate_issued", at=certificate.issued_at)
    return certificate


def _require_worthy(evaluation):
    if not evaluation.is_published:
        raise ProjectError(_("The grade is not published yet. Publish it first."))
    if evaluation.grade not in KINDS:
        raise ProjectError(_("There is no certificate for this grade."))
    if Certificate.objects.valid().filter(enrollment=evaluation.enrollment_id).exists():
        raise ProjectError(_("This student holds a valid certificate. Revoke it before you issue another."))


@transaction.atomic
def revoke(certificate, *, by, reason, at=None):
    """Take a certificate back: its code stays known, and says so. The student reads the reason, nobody else does."""
    locked_evaluation(certificate.evaluation)
    certificate = Certificate.objects.select_related("enrollment__student", "enrollment__camp__organization").get(
        pk=certificate.pk
    )
    if certificate.is_revoked:
        raise ProjectError(_("This certificate is revoked already."))
    reason = required(reason)
    certificate.revoked_at, certificate.revoked_by, certificate.revoked_reason = at or timezone.now(), by, reason
    kept(certificate, by=by, reason=reason)
    _tell(certificate, "certificate_revoked", at=certificate.revoked_at)
    return certificate


def _tell(certificate, kind, *, at):
    camp = certificate.enrollment.camp
    work_url = reverse("projects:work", args=camp.address)
    words = {"certificate": certificate, "work_url": work_url, "url": work_url, "at": at}
    notices.queue(f"projects/{kind}", to=certificate.enrollment.student, camp=camp, **words)
