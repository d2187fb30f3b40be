"""Applying to a camp: the event, each refusal, and applying again."""

from datetime import timedelta

import pytest
from django.db import transaction

from camp.camps.models import Camp
from camp.enrollment import services
from camp.enrollment.models import Enrollment, Invitation
from camp.notices.models import Mail, Notice
from tests.enrollment.steps import apply, kinds, refusal, seats, states
from tests.factories import NOW, make_camp, make_enrollment, make_student

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


def test_apply_takes_a_free_seat(heard):
    camp = make_camp(capacity=1)

    enrollment = apply(camp, heard_from="A friend", answers={"why": "Because"})

    stored = Enrollment.objects.get(pk=enrollment.pk)
    assert (stored.status, stored.heard_from, stored.answers) == (Status.ACTIVE, "A friend", {"why": "Because"})
    assert (stored.applied_at, stored.decided_at, stored.decided_by) == (NOW, NOW, None)
    assert seats(camp) == 1
    assert kinds(enrollment) == ["enrollment/admitted"]
    assert Mail.objects.filter(to=enrollment.student.email).count() == 1
    assert heard == [("activated", enrollment.pk)]


def test_apply_gives_the_student_an_invitation():
    enrollment = apply(make_camp())

    assert Invitation.objects.filter(camp=enrollment.camp, inviter=enrollment.student).count() == 1


def test_apply_without_capacity_always_finds_a_seat():
    camp = make_camp(capacity=None)

    assert states(apply(camp), apply(camp)) == [Status.ACTIVE, Status.ACTIVE]


def test_apply_to_a_full_camp_waits(heard):
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    heard.clear()

    enrollment = apply(camp)

    assert (enrollment.status, enrollment.waiting_since, enrollment.place_in_list) == (Status.WAITING, NOW, 1)
    assert seats(camp) == 1
    assert kinds(enrollment) == ["enrollment/waiting"]
    assert heard == []


def test_apply_never_overtakes_those_who_wait():
    """A seat that is free while others wait (the capacity was raised without telling) goes to the first of them."""
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    first, second = apply(camp), apply(camp, at=NOW + timedelta(minutes=1))
    Camp.objects.filter(pk=camp.pk).update(capacity=2)

    newcomer = apply(camp, at=NOW + timedelta(minutes=2))

    assert states(first, second, newcomer) == [Status.ACTIVE, Status.WAITING, Status.WAITING]
    assert seats(camp) == 2


def test_apply_where_staff_decide_waits_for_them(heard):
    camp = make_camp(capacity=5, needs_approval=True)

    enrollment = apply(camp)

    assert (enrollment.status, enrollment.decided_at) == (Status.APPLIED, None)
    assert seats(camp) == 0
    assert kinds(enrollment) == ["enrollment/applied"]
    assert heard == []


def test_apply_remembers_who_invited():
    camp = make_camp()
    invitation = Invitation.objects.get(inviter=make_enrollment(camp).student)

    assert apply(camp, code=invitation.code.upper()).invitation == invitation


def test_apply_ignores_codes_that_name_nobody_here():
    camp = make_camp()
    elsewhere = Invitation.objects.get(inviter=make_enrollment(make_camp()).student)

    assert apply(camp, code="nobody").invitation is None
    assert apply(camp, code=elsewhere.code).invitation is None


@pytest.mark.parametrize("days", [-31, 10, 40])
def test_apply_outside_the_window_is_refused(days):
    camp = make_camp()

    words = refusal(apply, camp, at=NOW + timedelta(days=days))

    assert words == "Registration for this camp is closed."
    assert Enrollment.objects.count() == 0


def test_apply_looks_at_the_stored_window():
    stale = make_camp()
    Camp.objects.filter(pk=stale.pk).update(registration_closes_at=NOW)

    assert refusal(apply, stale) == "Registration for this camp is closed."


@pytest.mark.parametrize("status", [Status.APPLIED, Status.WAITING, Status.ACTIVE])
def test_apply_twice_is_refused(status):
    enrollment = make_enrollment(status=status)

    assert refusal(apply, enrollment.camp, enrollment.student) == "You have already applied to this camp."


def test_apply_after_a_removal_is_refused():
    enrollment = make_enrollment(status=Status.REMOVED)

    words = refusal(apply, enrollment.camp, enrollment.student)

    assert (
        words == "The staff ended your place in this camp, so you cannot apply again. Write to them if that is wrong."
    )


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DECLINED])
def test_apply_again_renews_the_same_row(status):
    earlier = make_enrollment(status=status, at=NOW - timedelta(days=3))

    enrollment = apply(earlier.camp, earlier.student, answers={"why": "Again"})

    assert (enrollment.pk, enrollment.applied_at, enrollment.answers) == (earlier.pk, NOW, {"why": "Again"})
    assert states(enrollment) == [Status.ACTIVE]


def test_apply_again_joins_the_end_of_the_waiting_list():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    leaver, patient = apply(camp, at=NOW), apply(camp, at=NOW + timedelta(minutes=1))
    services.withdraw(leaver, by=leaver.student, at=NOW + timedelta(minutes=2))

    again = apply(camp, leaver.student, at=NOW + timedelta(minutes=3))

    assert [patient.place_in_list, again.place_in_list] == [1, 2]


def test_apply_again_keeps_the_inviter_and_the_own_code():
    camp = make_camp()
    invitation = Invitation.objects.get(inviter=make_enrollment(camp).student)
    enrollment = apply(camp, code=invitation.code)
    own = Invitation.objects.get(inviter=enrollment.student).code
    services.withdraw(enrollment, by=enrollment.student, at=NOW)

    again = apply(camp, enrollment.student)

    assert again.invitation == invitation
    assert Invitation.objects.get(inviter=enrollment.student).code == own


def test_apply_rolled_back_leaves_nothing():
    camp, student = make_camp(capacity=1), make_student()

    with transaction.atomic():
        apply(camp, student)
        transaction.set_rollback(True)

    assert (seats(camp), Enrollment.objects.count(), Notice.objects.count(), Mail.objects.count()) == (0, 0, 0, 0)
