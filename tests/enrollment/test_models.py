from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from camp.camps.models import Camp
from camp.enrollment.models import CODE_ALPHABET, ApplicationQuestion, Enrollment, Invitation, new_code
from tests.factories import NOW, make_camp, make_enrollment, make_student

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


def refuses(change):
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def test_enrollment_is_once_per_camp():
    enrollment = make_enrollment()

    assert refuses(lambda: Enrollment.objects.create(camp=enrollment.camp, student=enrollment.student))


def test_waiting_enrollment_needs_its_place_in_the_list():
    camp, student = make_camp(), make_student()

    assert refuses(lambda: Enrollment.objects.create(camp=camp, student=student, status=Status.WAITING))


def test_invitation_code_names_one_inviter_in_any_case():
    camp = make_camp()
    Invitation.objects.create(camp=camp, inviter=make_student(), code="Abc")

    assert refuses(lambda: Invitation.objects.create(camp=camp, inviter=make_student(), code="aBC"))


def test_invitation_is_once_per_inviter():
    invitation = Invitation.objects.create(camp=make_camp(), inviter=make_student())

    assert refuses(lambda: Invitation.objects.create(camp=invitation.camp, inviter=invitation.inviter))


def test_question_key_is_once_per_camp():
    question = ApplicationQuestion.objects.create(camp=make_camp(), key="why", label="Why?")

    assert refuses(lambda: ApplicationQuestion.objects.create(camp=question.camp, key="why", label="Why not?"))


def test_capacity_cannot_fall_below_the_seats_taken():
    camp = make_camp(capacity=2)
    make_enrollment(camp)
    make_enrollment(camp)

    assert refuses(lambda: Camp.objects.filter(pk=camp.pk).update(capacity=1))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("choice", []),
        ("choices", []),
        ("text", ["Yes"]),
        ("choice", "Yes"),
        ("choice", [1]),
        ("choice", [""]),
        ("choice", {"Yes": 1}),
    ],
)
def test_question_refuses_options_that_do_not_fit(kind, options):
    question = ApplicationQuestion(camp=make_camp(), key="why", label="Why?", kind=kind, options=options)

    with pytest.raises(ValidationError) as refusal:
        question.full_clean()

    assert list(refusal.value.message_dict) == ["options"]


def test_new_codes_are_readable_and_differ():
    codes = {new_code() for _ in range(100)}

    assert len(codes) == 100
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(CODE_ALPHABET)


def test_place_in_list_counts_from_the_longest_waiting():
    camp = make_camp()
    last = make_enrollment(camp, status=Status.WAITING, at=NOW)
    first = make_enrollment(camp, status=Status.WAITING, at=NOW - timedelta(hours=1))
    make_enrollment(status=Status.WAITING, at=NOW - timedelta(hours=2))

    assert [first.place_in_list, last.place_in_list] == [1, 2]


def test_place_in_list_is_by_id_for_those_of_one_moment():
    camp = make_camp()
    places = [make_enrollment(camp, status=Status.WAITING).place_in_list for _ in range(3)]

    assert places == [1, 2, 3]


def test_place_in_list_is_none_off_the_list():
    assert make_enrollment().place_in_list is None


def test_waiting_list_is_in_the_order_of_its_places():
    camp = make_camp()
    rows = [make_enrollment(camp, status=Status.WAITING, at=NOW - timedelta(hours=hour)) for hour in (1, 3, 2)]

    waiting = Enrollment.objects.in_camp(camp).waiting()

    assert list(waiting) == [rows[1], rows[2], rows[0]]
    assert [row.place_in_list for row in waiting] == [1, 2, 3]


def test_invitation_is_found_in_any_case_and_never_for_its_inviter():
    invitation = Invitation.objects.create(camp=make_camp(), inviter=make_student(), code="abcd")
    invitations = Invitation.objects.in_camp(invitation.camp)

    assert invitations.coded("ABCD") == invitation
    assert invitations.coded("") is None
    assert invitations.usable_by(invitation.inviter).coded("abcd") is None
    assert Invitation.objects.in_camp(make_camp()).coded("abcd") is None


def test_invitation_address_names_the_camp_and_the_code(settings):
    settings.SITE_URL = "https://camp.example.org"
    camp = make_camp("summer")
    invitation = Invitation.objects.create(camp=camp, inviter=make_student(), code="abcd")

    expected = f"https://camp.example.org/{camp.organization.slug}/camp/summer/register/?code=abcd"
    assert invitation.url == expected
