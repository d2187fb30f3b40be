"""What happens to certificates: the staff issue them for published grades, and revoke them with a reason.

The evaluation is locked first. A certificate that was issued is never changed: another takes its place.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.notices import services as notices
from camp.projects.errors import ProjectError
from camp.projects.models import Certificate, Grade
from camp.projects.work.grading import kept, locked_evaluation, required

KINDS = {Grade.EXCELLENT: Certificate.Kind.EXCELLENCE, Grade.PASS: Certificate.Kind.COMPLETION}


def lacking(evaluations):
    """Those whose students have earned a certificate by a published grade and hold none."""
    held = Certificate.objects.valid().filter(enrollment=OuterRef("enrollment"))
    return evaluations.published().filter(~Exists(held), grade__in=KINDS)


@transaction.atomic
def issue(evaluation, *, by, at=None):
    """Give the student the certificate of their published grade, with the names as they are now."""
    evaluation = locked_evaluation(evaluation)
    _require_worthy(evaluation)
    if Certificate.objects.valid().filter(enrollment=evaluation.enrollment_id).exists():
        raise ProjectError(_("This student holds a valid certificate. Revoke it before you issue another."))
    certificate = Certificate(
        enrollment=evaluation.enrollment, evaluation=evaluation, issued_at=at or timezone.now(), issued_by=by,
        **_words_of(evaluation),
    )  # fmt: skip
    kept(certificate, by=by)
    _tell(certificate, "certificate_issued", at=certificate.issued_at)
    return certificate


def _require_worthy(evaluation):
    if not evaluation.is_published:
        raise ProjectError(_("The grade is not published yet. Publish it first."))
    if evaluation.grade not in KINDS:
        raise ProjectError(_("There is no certificate for this grade."))


def _words_of(evaluation):
    """What a certificate says, as it is now."""
    camp = evaluation.enrollment.camp
    return {
        "kind": KINDS[evaluation.grade],
        "grade": evaluation.grade,
        "holder_name": str(evaluation.enrollment.student),
        "camp_name": camp.name,
        "organization_name": camp.organization.name,
        "project_title": evaluation.placement.project.title,
    }


@transaction.atomic
def replace(certificate, *, by, reason, at=None):
    """Revoke a certificate on which a name or the grade is of the past, and issue the one of now: both, or neither."""
    evaluation, at = locked_evaluation(certificate.evaluation), at or timezone.now()
    _require_worthy(evaluation)
    former = revoke(certificate, by=by, reason=reason, at=at)
    if all(getattr(former, name) == value for name, value in _words_of(evaluation).items()):
        raise ProjectError(_("Names and grade on this certificate are those of now, so there is nothing to replace."))
    return issue(evaluation, by=by, at=at)


@transaction.atomic
def replace_held(evaluation, *, by, reason, at=None):
    """The same, found by the evaluation of the student who holds it."""
    evaluation = locked_evaluation(evaluation)
    held = Certificate.objects.valid().filter(enrollment=evaluation.enrollment_id).first()
    if held is None:
        raise ProjectError(_("This student holds no valid certificate. Issue one instead."))
    return replace(held, by=by, reason=reason, at=at)


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
