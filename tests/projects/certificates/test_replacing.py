"""A certificate on which something is of the past gives way to one of now: both happen, or neither."""

import pytest

from camp.projects import certificates
from camp.projects.errors import ProjectError
from camp.projects.models import Certificate
from camp.projects.work import grading
from tests.projects.working import Work, kinds


@pytest.fixture
def work(db):
    return Work()


def replace(work, certificate, **words):
    return certificates.replace(certificate, by=work.organizer, **{"reason": "A new name."} | words)


def rename(work, name):
    work.lead.student.display_name = name
    work.lead.student.save()


def refusal(act, *args, **words):
    with pytest.raises(ProjectError) as caught:
        act(*args, **words)
    return str(caught.value)


def test_another_name_is_on_the_new_one(work):
    former = work.certificate()
    rename(work, "Ada Lovelace")

    made = replace(work, former)

    former.refresh_from_db()
    assert (former.holder_name, former.revoked_reason) == ("Ada", "A new name.")
    assert (made.holder_name, made.code != former.code) == ("Ada Lovelace", True)
    assert list(Certificate.objects.valid()) == [made]
    told = kinds(work.lead.student)
    assert [told.count(f"projects/certificate_{kind}") for kind in ("issued", "revoked")] == [2, 1]


def test_what_says_what_holds_now_is_not_replaced(work):
    certificate = work.certificate()

    assert refusal(replace, work, certificate) == (
        "Names and grade on this certificate are those of now, so there is nothing to replace."
    )
    assert list(Certificate.objects.valid()) == [certificate]
    assert "projects/certificate_revoked" not in kinds(work.lead.student)


def test_a_revoked_one_is_not_replaced(work):
    certificate = work.certificate()
    certificates.revoke(certificate, by=work.organizer, reason="x")

    assert refusal(replace, work, certificate) == "This certificate is revoked already."


def test_a_grade_without_a_certificate_leaves_the_former_one(work):
    certificate = work.certificate()
    grading.change(certificate.evaluation, by=work.organizer, grade="fail", reason="Copied.")

    assert refusal(replace, work, certificate) == "There is no certificate for this grade."
    assert list(Certificate.objects.valid()) == [certificate]


def test_replacing_needs_a_reason(work):
    certificate = work.certificate()
    rename(work, "Ada Lovelace")

    assert refusal(replace, work, certificate, reason=" ") == "Give a reason; the student may read it."
    assert list(Certificate.objects.valid()) == [certificate]


def test_who_holds_none_has_none_to_replace(work):
    evaluation = work.published()

    assert refusal(certificates.replace_held, evaluation, by=work.organizer, reason="x") == (
        "This student holds no valid certificate. Issue one instead."
    )
