"""How a student stands to their certificate: what they hold, whether it is still of their grade, what was revoked."""

from dataclasses import dataclass

from camp.projects.models import Certificate


@dataclass(frozen=True)
class CertificateState:
    """`valid`: what the student holds. `revoked`: the last one, while they hold none. `grade`: as published now."""

    valid: Certificate | None
    revoked: Certificate | None
    grade: str

    @property
    def is_outdated(self):
        """The grade was changed since: the staff revoke it and issue another."""
        return self.valid is not None and self.valid.grade != self.grade

    @property
    def needs_a_word(self):
        """The student must not go on as if nothing had happened."""
        return self.is_outdated or self.revoked is not None


def certificate_state(evaluation):
    """How the student of a published grade stands to their certificate."""
    rows = list(Certificate.objects.filter(enrollment=evaluation.enrollment_id).order_by("-issued_at", "-pk"))
    valid = next((one for one in rows if not one.is_revoked), None)
    return CertificateState(valid, None if valid or not rows else rows[0], evaluation.grade)
