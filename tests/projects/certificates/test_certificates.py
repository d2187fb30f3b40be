import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from camp.notices.models import Notice
from camp.projects import certificates
from camp.projects.errors import ProjectError
from camp.projects.models import Certificate, Evaluation
from camp.projects.work import grading
from tests.concurrency import row_held, waits
from tests.projects.working import Work


@pytest.fixture
def work(db):
    return Work()


@pytest.mark.parametrize(("grade", "kind"), [("excellent", "excellence"), ("pass", "completion")])
def test_issue_keeps_the_names_of_now(work, grade, kind):
    certificate = certificates.issue(work.published(grade), by=work.organizer, at=work.now)

    row = Certificate.objects.get()
    assert row == certificate
    assert (row.kind, row.grade, row.holder_name, row.camp_name) == (kind, grade, "Ada", "Summer camp")
    assert (row.organization_name, row.project_title) == (work.camp.organization.name, "Faster tiles")
    assert (row.issued_at, row.issued_by, row.is_revoked) == (work.now, work.organizer, False)
    assert (len(row.code), row.history.get().history_user) == (16, work.organizer)


def test_issue_tells_the_student_with_the_address_of_the_check(work):
    certificate = work.certificate()

    notice = Notice.objects.get(kind="projects/certificate_issued")
    assert (notice.recipient, notice.title) == (work.lead.student, "Your certificate of completion is ready")
    assert notice.body.splitlines()[-1].endswith(f"/verify/{certificate.code}/")
    assert notice.url == reverse("projects:work", args=work.camp.address)


def test_issue_before_the_publication_is_refused(work):
    with pytest.raises(ProjectError, match="not published yet"):
        certificates.issue(work.confirmed(), by=work.organizer)


def test_issue_for_a_failed_project_is_refused(work):
    with pytest.raises(ProjectError, match="no certificate for this grade"):
        certificates.issue(work.published("fail"), by=work.organizer)


def test_issue_while_one_is_valid_is_refused(work):
    stale = work.published()
    certificates.issue(stale, by=work.organizer)

    with pytest.raises(ProjectError, match="holds a valid certificate"):
        certificates.issue(stale, by=work.organizer)


def test_a_changed_grade_leaves_the_certificate_to_the_staff(work):
    former = work.certificate()
    evaluation = grading.change(former.evaluation, by=work.organizer, grade="excellent", reason="The merge came.")

    certificates.revoke(former, by=work.organizer, reason="The grade is better now.")
    reissued = certificates.issue(evaluation, by=work.organizer)

    former.refresh_from_db()
    assert (former.is_revoked, former.kind, reissued.kind) == (True, "completion", "excellence")
    assert former.code != reissued.code


def test_revoke_keeps_who_when_and_why_and_tells(work):
    certificate = certificates.revoke(work.certificate(), by=work.organizer, reason=" Copied. ", at=work.now)

    assert (certificate.revoked_by, certificate.revoked_at, certificate.revoked_reason) == (
        work.organizer, work.now, "Copied.",
    )  # fmt: skip
    assert certificate.history.first().history_change_reason == "Copied."
    assert "Copied." in Notice.objects.get(kind="projects/certificate_revoked").body


def test_revoke_without_a_reason_is_refused(work):
    with pytest.raises(ProjectError, match="Give a reason"):
        certificates.revoke(work.certificate(), by=work.organizer, reason="")


def test_revoke_twice_is_refused(work):
    stale = work.certificate()
    certificates.revoke(stale, by=work.organizer, reason="x")

    with pytest.raises(ProjectError, match="revoked already"):
        certificates.revoke(stale, by=work.organizer, reason="x")


def test_database_refuses_a_second_valid_certificate(work):
    certificate = work.certificate()
    certificate.pk, certificate.code = None, "x" * 16

    with transaction.atomic(), pytest.raises(IntegrityError, match="valid_certificate|enrollment_id"):
        certificate.save()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_issuing_and_revoking_wait_for_the_evaluation():
    work = Work()
    certificate = work.certificate()
    evaluation = Evaluation.objects.get(pk=certificate.evaluation_id)

    with row_held(evaluation):
        assert waits(lambda: certificates.issue(evaluation, by=work.organizer))
        assert waits(lambda: certificates.revoke(certificate, by=work.organizer, reason="x"))
