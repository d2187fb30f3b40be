"""Deciding on applications, leaving, and free seats: each event, each refusal, and rows changed by others meanwhile."""

from datetime import timedelta

import pytest

from camp.camps.models import Camp
from camp.enrollment import services
from camp.enrollment.models import Enrollment
from tests.enrollment.steps import apply, kinds, refusal, seats, states
from tests.factories import NOW, make_camp, make_enrollment, make_superuser

pytestmark = pytest.mark.django_db
Status = Enrollment.Status

# Deciding.


@pytest.mark.parametrize("status", [Status.APPLIED, Status.WAITING])
def test_admit_gives_a_seat(status, heard):
    staff, camp = make_superuser(), make_camp(capacity=1)
    enrollment = make_enrollment(camp, status=status)

    services.admit(enrollment, by=staff, at=NOW)

    stored = Enrollment.objects.get(pk=enrollment.pk)
    assert (stored.status, stored.decided_by, stored.decided_at) == (Status.ACTIVE, staff, NOW)
    assert stored.waiting_since is None
    assert seats(camp) == 1
    assert heard == [("activated", enrollment.pk)]


def test_admit_to_a_full_camp_is_refused():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    enrollment = make_enrollment(camp, status=Status.APPLIED)

    words = refusal(services.admit, enrollment, by=make_superuser())

    assert words == "The camp is full. Raise its capacity or put the applicant on the waiting list."
    assert (states(enrollment), seats(camp)) == ([Status.APPLIED], 1)


@pytest.mark.parametrize("decide", [services.admit, services.put_on_waiting_list])
def test_decisions_look_at_the_stored_state(decide):
    stale = make_enrollment(status=Status.APPLIED)
    services.admit(stale, by=make_superuser())

    assert refusal(decide, stale, by=make_superuser()) == "This application is already decided."
    assert seats(stale.camp) == 1


def test_put_on_waiting_list_waits_where_the_camp_is_full():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    enrollment = make_enrollment(camp, status=Status.APPLIED)

    services.put_on_waiting_list(enrollment, by=make_superuser(), at=NOW)

    stored = Enrollment.objects.get(pk=enrollment.pk)
    assert (stored.status, stored.waiting_since) == (Status.WAITING, NOW)
    assert kinds(enrollment) == ["enrollment/waiting"]


def test_put_on_waiting_list_gives_a_seat_that_is_free():
    enrollment = make_enrollment(make_camp(capacity=1), status=Status.APPLIED)

    services.put_on_waiting_list(enrollment, by=make_superuser())

    assert states(enrollment) == [Status.ACTIVE]


def test_decline_says_why(heard):
    staff = make_superuser()
    enrollment = make_enrollment(status=Status.APPLIED)

    services.decline(enrollment, by=staff, reason="  The camp is for beginners. ", at=NOW)

    stored = Enrollment.objects.get(pk=enrollment.pk)
    assert (stored.status, stored.reason, stored.decided_by) == (Status.DECLINED, "The camp is for beginners.", staff)
    assert kinds(enrollment) == ["enrollment/declined"]
    assert heard == []


@pytest.mark.parametrize(("decide", "status"), [(services.decline, Status.APPLIED), (services.remove, Status.ACTIVE)])
def test_decisions_against_a_student_need_a_reason(decide, status):
    enrollment = make_enrollment(status=status)

    assert refusal(decide, enrollment, by=make_superuser(), reason=" ") == "Give a reason; the student reads it."
    assert states(enrollment) == [status]


def test_decline_of_a_student_is_refused():
    enrollment = make_enrollment()

    words = refusal(services.decline, enrollment, by=make_superuser(), reason="No.")

    assert words == "This application is already decided."


# Leaving.


def test_withdraw_frees_the_seat_for_the_first_who_waits(heard):
    camp = make_camp(capacity=1)
    leaver = make_enrollment(camp)
    second, first = apply(camp, at=NOW + timedelta(minutes=2)), apply(camp, at=NOW + timedelta(minutes=1))
    heard.clear()

    services.withdraw(leaver, by=leaver.student, at=NOW + timedelta(hours=1))

    assert states(leaver, first, second) == [Status.WITHDRAWN, Status.ACTIVE, Status.WAITING]
    assert seats(camp) == 1
    assert kinds(leaver) == ["enrollment/admitted", "enrollment/withdrawn"]
    assert kinds(first) == ["enrollment/waiting", "enrollment/admitted"]
    assert heard == [("ended", leaver.pk), ("activated", first.pk)]


@pytest.mark.parametrize("status", [Status.APPLIED, Status.WAITING])
def test_withdraw_of_an_applicant_frees_no_seat_and_promotes_nobody(status, heard):
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    applicant, waiting = make_enrollment(camp, status=status), make_enrollment(camp, status=Status.WAITING)
    heard.clear()

    services.withdraw(applicant, by=applicant.student, at=NOW)

    assert states(applicant, waiting) == [Status.WITHDRAWN, Status.WAITING]
    assert seats(camp) == 1
    assert heard == []


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DECLINED, Status.REMOVED])
def test_withdraw_where_nothing_is_held_is_refused(status):
    enrollment = make_enrollment(status=status)

    words = refusal(services.withdraw, enrollment, by=enrollment.student)

    assert words == "There is nothing to withdraw: you are not enrolled in this camp."


def test_withdraw_twice_from_stale_rows_frees_one_seat():
    camp = make_camp(capacity=2)
    make_enrollment(camp)
    stale = make_enrollment(camp)
    services.withdraw(Enrollment.objects.get(pk=stale.pk), by=stale.student)

    refusal(services.withdraw, stale, by=stale.student)

    assert seats(camp) == 1


def test_remove_frees_the_seat_and_says_why(heard):
    camp, staff = make_camp(capacity=1), make_superuser()
    removed = make_enrollment(camp)
    waiting = apply(camp)
    heard.clear()

    services.remove(removed, by=staff, reason="Copied homework.", at=NOW)

    stored = Enrollment.objects.get(pk=removed.pk)
    assert (stored.status, stored.reason, stored.decided_by) == (Status.REMOVED, "Copied homework.", staff)
    assert states(waiting) == [Status.ACTIVE]
    assert heard == [("ended", removed.pk), ("activated", waiting.pk)]


@pytest.mark.parametrize("status", [Status.APPLIED, Status.WAITING, Status.WITHDRAWN, Status.REMOVED])
def test_remove_of_somebody_without_a_seat_is_refused(status):
    enrollment = make_enrollment(status=status)

    words = refusal(services.remove, enrollment, by=make_superuser(), reason="No.")

    assert words == "Only an enrolled student can be removed."


def test_reinstate_takes_a_removal_back(heard):
    enrollment = make_enrollment(make_camp(capacity=1))
    services.remove(enrollment, by=make_superuser(), reason="A mistake.", at=NOW)
    heard.clear()

    services.reinstate(enrollment, by=make_superuser(), at=NOW)

    assert (states(enrollment), seats(enrollment.camp)) == ([Status.ACTIVE], 1)
    assert heard == [("activated", enrollment.pk)]


def test_reinstate_of_others_is_refused():
    enrollment = make_enrollment(status=Status.WITHDRAWN)

    assert refusal(services.reinstate, enrollment, by=make_superuser()) == "Only a removed student can be reinstated."


def test_reinstate_needs_a_free_seat():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    removed = make_enrollment(camp, status=Status.REMOVED)

    refusal(services.reinstate, removed, by=make_superuser())

    assert (states(removed), seats(camp)) == ([Status.REMOVED], 1)


# Free seats.


def test_fill_seats_after_the_capacity_was_raised():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    waiting = [apply(camp, at=NOW + timedelta(minutes=minute)) for minute in range(3)]
    Camp.objects.filter(pk=camp.pk).update(capacity=3)

    filled = services.fill_seats(camp, at=NOW)

    assert filled == waiting[:2]
    assert states(*waiting) == [Status.ACTIVE, Status.ACTIVE, Status.WAITING]
    assert seats(camp) == 3


def test_fill_seats_seats_everybody_once_there_is_no_limit():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    waiting = [apply(camp) for _ in range(2)]
    Camp.objects.filter(pk=camp.pk).update(capacity=None)

    assert services.fill_seats(camp, at=NOW) == waiting


def test_fill_seats_of_a_full_camp_changes_nothing():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    apply(camp)

    assert services.fill_seats(camp, at=NOW) == []


def test_fill_seats_leaves_applicants_to_the_staff():
    camp = make_camp(capacity=5)
    applicant = make_enrollment(camp, status=Status.APPLIED)

    services.fill_seats(camp, at=NOW)

    assert states(applicant) == [Status.APPLIED]


def test_fill_seats_stops_when_the_camp_is_over():
    camp = make_camp(capacity=1)
    leaver = make_enrollment(camp)
    waiting = apply(camp)

    services.withdraw(leaver, by=leaver.student, at=camp.ends_at)

    assert states(leaver, waiting) == [Status.WITHDRAWN, Status.WAITING]


def test_decisions_stand_in_the_history():
    camp = make_camp()
    enrollment = apply(camp)
    services.withdraw(enrollment, by=enrollment.student, at=NOW)
    apply(camp, enrollment.student)

    statuses = list(enrollment.history.order_by("history_id").values_list("status", flat=True))

    assert statuses == [Status.ACTIVE, Status.WITHDRAWN, Status.ACTIVE]
