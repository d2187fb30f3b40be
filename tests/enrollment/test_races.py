"""The last seat goes once, whoever comes at the same time; and what waits for whom."""

import time

import pytest
from django.db.models import F

from camp.camps.models import Camp
from camp.enrollment import services
from camp.enrollment.models import Enrollment
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_camp, make_enrollment, make_student, make_superuser

pytestmark = pytest.mark.django_db(transaction=True)
Status = Enrollment.Status


def take_seat_without_guard(camp_id):
    """What `take_seat` would be without its condition: look first, take afterwards."""
    if Camp.objects.get(pk=camp_id).is_full:
        return False
    time.sleep(0.05)
    return bool(Camp.objects.filter(pk=camp_id).update(seats_taken=F("seats_taken") + 1, capacity=None))


def winners(take, camp):
    return at_once([lambda: take(camp.pk)] * 6).count(True)


def test_the_last_seat_is_taken_once():
    camp = make_camp(capacity=1)

    assert winners(Camp.objects.take_seat, camp) == 1


def test_the_race_for_the_last_seat_shows_a_missing_guard():
    camp = make_camp(capacity=1)

    assert winners(take_seat_without_guard, camp) > 1


def test_students_who_apply_at_once_get_the_seats_there_are():
    camp, students = make_camp(capacity=3), [make_student() for _ in range(8)]

    at_once([lambda student=student: services.apply(camp, student=student, at=NOW) for student in students])

    rows = Enrollment.objects.in_camp(camp)
    assert (rows.active().count(), rows.waiting().count()) == (3, 5)
    assert Camp.objects.get(pk=camp.pk).seats_taken == 3
    assert [row.place_in_list for row in rows.waiting()] == [1, 2, 3, 4, 5]


def test_one_student_who_applies_many_times_at_once_is_enrolled_once():
    camp, student = make_camp(capacity=5), make_student()

    outcomes = at_once([lambda: services.apply(camp, student=student, at=NOW)] * 6)

    assert sum(isinstance(outcome, services.EnrollmentError) for outcome in outcomes) == 5
    assert Camp.objects.get(pk=camp.pk).seats_taken == 1


def test_leaving_and_applying_at_once_loses_no_seat():
    camp = make_camp(capacity=3)
    leavers, students = [make_enrollment(camp) for _ in range(3)], [make_student() for _ in range(3)]

    leave = [lambda row=row: services.withdraw(row, by=row.student, at=NOW) for row in leavers]
    come = [lambda student=student: services.apply(camp, student=student, at=NOW) for student in students]
    outcomes = at_once([*leave, *come])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Camp.objects.get(pk=camp.pk).seats_taken == 3
    assert Enrollment.objects.in_camp(camp).active().count() == 3


@pytest.mark.postgres
def test_apply_waits_for_whoever_decides_in_the_camp():
    camp, student = make_camp(), make_student()

    with row_held(camp):
        assert waits(lambda: services.apply(camp, student=student, at=NOW))

    assert services.apply(camp, student=student, at=NOW).is_active


@pytest.mark.postgres
@pytest.mark.parametrize("call", ["admit", "decline", "withdraw", "remove", "put_on_waiting_list", "fill_seats"])
def test_every_decision_waits_for_the_camp(call):
    status = Status.ACTIVE if call in ("withdraw", "remove") else Status.APPLIED
    enrollment, staff = make_enrollment(status=status), make_superuser()
    calls = {
        "admit": lambda: services.admit(enrollment, by=staff),
        "decline": lambda: services.decline(enrollment, by=staff, reason="No."),
        "withdraw": lambda: services.withdraw(enrollment, by=staff),
        "remove": lambda: services.remove(enrollment, by=staff, reason="No."),
        "put_on_waiting_list": lambda: services.put_on_waiting_list(enrollment, by=staff),
        "fill_seats": lambda: services.fill_seats(enrollment.camp),
    }

    with row_held(enrollment.camp):
        assert waits(calls[call])


@pytest.mark.postgres
def test_a_decision_waits_for_whoever_holds_the_enrollment():
    enrollment, staff = make_enrollment(status=Status.APPLIED), make_superuser()

    with row_held(enrollment):
        assert waits(lambda: services.admit(enrollment, by=staff))


@pytest.mark.postgres
def test_apply_does_not_wait_for_those_who_write_about_the_camp():
    """A notice of the camp, being written by somebody else, holds the camp's key; so do reveals."""
    camp, student = make_camp(), make_student()

    with row_held(camp, "KEY SHARE"), row_held(student, "KEY SHARE"):
        assert not waits(lambda: services.apply(camp, student=student, at=NOW))
