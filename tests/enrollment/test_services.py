"""Applying, deciding, leaving: each event, each refusal, and rows that somebody else has changed meanwhile."""

from datetime import timedelta

import pytest
from django.db import transaction

from camp.camps.models import Camp
from camp.enrollment import events, services
from camp.enrollment.models import Enrollment, Invitation
from camp.enrollment.services import EnrollmentError
from camp.notices.models import Mail, Notice
from tests.factories import NOW, make_camp, make_enrollment, make_student, make_superuser

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


def apply(camp, student=None, **fields):
    return services.apply(camp, student=student or make_student(), **{"at": NOW} | fields)


def seats(camp):
    return Camp.objects.get(pk=camp.pk).seats_taken


def states(*enrollments):
    return [Enrollment.objects.get(pk=enrollment.pk).status for enrollment in enrollments]


def kinds(enrollment):
    return list(Notice.objects.of(enrollment.student).order_by("id").values_list("kind", flat=True))


def refusal(call, *args, **kwargs):
    with pytest.raises(EnrollmentError) as refused:
        call(*args, **kwargs)
    return str(refused.value)


@pytest.fixture
def heard():
    """What enrollment announced, in order."""
    said = []

    def note(signal, enrollment, **kwargs):
        said.append(("activated" if signal is events.enrollment_activated else "ended", enrollment.pk))

    for signal in (events.enrollment_activated, events.enrollment_ended):
        signal.connect(note, dispatch_uid="heard")
    yield said
    for signal in (events.enrollment_activated, events.enrollment_ended):
        signal.disconnect(dispatch_uid="heard")


# Applying.


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
