"""What the database itself refuses of hand-ins, evaluations and certificates."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from camp.projects.models import Certificate, Evaluation, HandIn, ReviewRequest
from tests.projects.working import LINK, Work


@pytest.fixture
def work(db):
    return Work()


def refuses(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    return True


def test_two_hand_ins_have_no_number_in_common(work):
    words = {"placement": work.placement, "repository_url": LINK, "handed_in_by": work.lead.student}
    HandIn.objects.create(number=1, **words)

    assert refuses(lambda: HandIn.objects.create(number=1, **words))


def test_a_hand_in_holds_something(work):
    words = {"placement": work.placement, "number": 1, "handed_in_by": work.lead.student}

    assert refuses(lambda: HandIn.objects.create(commit="0123abc", note="x", **words))


def test_a_student_is_evaluated_once_for_a_placement(work):
    work.propose()

    assert refuses(lambda: Evaluation.objects.create(placement=work.placement, enrollment=work.lead))


@pytest.mark.parametrize("fields", [{"grade": "pass"}, {"published_at": timezone.now()}])
def test_a_grade_is_confirmed_by_somebody_before_it_is_published(work, fields):
    words = {"placement": work.placement, "enrollment": work.lead}

    assert refuses(lambda: Evaluation.objects.create(**words, **fields))


def test_a_review_is_asked_for_once(work):
    evaluation = work.published()
    ReviewRequest.objects.create(evaluation=evaluation, text="Please.")

    assert refuses(lambda: ReviewRequest.objects.create(evaluation=evaluation, text="Again."))


@pytest.mark.parametrize("reason", ["", "Copied."])
def test_a_revoked_certificate_says_who_and_why(work, reason):
    work.certificate()

    assert refuses(lambda: Certificate.objects.update(revoked_at=timezone.now(), revoked_reason=reason))


def test_two_certificates_have_no_code_in_common(work):
    former = work.certificate()
    Certificate.objects.update(revoked_at=timezone.now(), revoked_by=work.organizer, revoked_reason="x")
    another = Certificate.objects.get()
    another.pk, another.revoked_at = None, None

    assert another.code == former.code
    assert refuses(another.save)
