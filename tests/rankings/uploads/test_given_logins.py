"""Logins that staff give to the person whose they are: from a second account, or from nobody; and back."""

from datetime import timedelta

import pytest
from django.utils import translation

from camp.accounts import services as accounts
from camp.accounts.models import Identity, User
from camp.accounts.services import AccountError
from camp.rankings import corrections, rebuild
from camp.rankings.corrections import CorrectionError
from camp.rankings.ledger import lines_of
from camp.rankings.models import Correction, Standing
from camp.rankings.queries import unlinked_logins
from camp.stages.models import Course
from tests.concurrency import row_held, waits
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_stage,
    make_student,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOW + HOUR
WHY = {"by": None, "reason": "Two accounts of one person.", "at": LATER}
BACK = {"by": None, "reason": "Two people after all.", "at": LATER + HOUR}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


@pytest.fixture
def first(course):
    """A student whose login has scored."""
    enrollment = make_enrollment(course.camp, student=make_student(language="en"))
    make_identity(enrollment.student, login="octo")
    make_attempt(course, login="octo", points=20)
    rebuild.rebuild_standings(course.camp)
    return enrollment.student


@pytest.fixture
def second(course):
    return make_enrollment(course.camp, student=make_student(language="en")).student


def who_stands(course):
    return list(Standing.objects.filter(course=course).values_list("enrollment__student", "points"))


def notices(user):
    rows = user.notices.filter(kind__startswith="rankings/").order_by("id")
    return list(rows.values_list("kind", "title"))


def is_consistent(course):
    return rebuild.rebuild_standings(course.camp, repair=False) == []


def test_a_given_login_takes_its_scores_along(course, first, second):
    identity = first.identities.get()
    elsewhere = make_course(make_stage(make_camp("winter")))
    make_attempt(elsewhere, login="octo", points=7)
    make_enrollment(elsewhere.camp, student=second)

    line = corrections.give_login(identity, to=second, **WHY)

    assert who_stands(course) == [(second.pk, 20)]
    assert who_stands(elsewhere) == [(second.pk, 7)]
    assert (line.kind, line.identity, line.former_user, line.course) == ("merged", identity, first, None)
    assert is_consistent(course)
    assert is_consistent(elsewhere)


def test_both_people_are_told_once_each(first, second):
    corrections.give_login(first.identities.get(), to=second, **WHY)

    assert notices(second) == [("rankings/corrected", "The login octo (GitHub) counts for you now")]
    assert notices(first) == [("rankings/corrected", "The login octo (GitHub) no longer counts for you")]
    assert not first.notices.filter(kind__startswith="accounts/").exists()


def test_a_given_login_goes_back_with_its_scores(course, first, second):
    line = corrections.give_login(first.identities.get(), to=second, **WHY)

    corrections.revert(line, **BACK)

    assert who_stands(course) == [(first.pk, 20)]
    assert [len(notices(person)) for person in (first, second)] == [2, 2]
    assert is_consistent(course)


def test_an_unlinked_login_is_linked_again_where_it_is_given(course, first, second):
    identity = accounts.unlink_login(first.identities.get(), at=LATER)

    corrections.give_login(identity, to=second, **WHY)

    assert second.identities.linked().get() == identity
    assert who_stands(course) == [(second.pk, 20)]


def test_who_has_the_login_is_read_anew(course, first, second):
    """The caller holds the login as it was before somebody else gave it away."""
    stale, third = first.identities.get(), make_enrollment(course.camp).student
    corrections.give_login(first.identities.get(), to=second, **WHY)

    line = corrections.give_login(stale, to=third, **WHY)

    assert line.former_user == second
    assert who_stands(course) == [(third.pk, 20)]
    assert is_consistent(course)


def test_a_login_stays_with_its_account(first):
    with pytest.raises(CorrectionError, match="already"):
        corrections.give_login(first.identities.get(), to=first, **WHY)

    assert not Correction.objects.exists()


def test_a_renamed_login_stays(first, second):
    identity = first.identities.get()
    Identity.objects.filter(pk=identity.pk).update(proof="lost", unlinked_at=NOW)

    with pytest.raises(CorrectionError, match="renamed"):
        corrections.give_login(identity, to=second, **WHY)


def test_a_full_account_takes_no_login(first, second):
    for _each in range(accounts.MOST_LOGINS):
        make_identity(second)

    with pytest.raises(CorrectionError, match="as many logins"):
        corrections.give_login(first.identities.get(), to=second, **WHY)


def test_giving_needs_a_reason(course, first, second):
    with pytest.raises(CorrectionError, match="reason"):
        corrections.give_login(first.identities.get(), to=second, by=None, reason=" ")

    assert who_stands(course) == [(first.pk, 20)]


def test_the_later_of_two_gifts_goes_back_first(course, first, second):
    third = make_enrollment(course.camp).student
    line = corrections.give_login(first.identities.get(), to=second, **WHY)
    later = corrections.give_login(second.identities.get(), to=third, **WHY)

    with pytest.raises(CorrectionError, match="another account since"):
        corrections.revert(line, **BACK)
    corrections.revert(later, **BACK)
    corrections.revert(line, **BACK)

    assert who_stands(course) == [(first.pk, 20)]


def test_a_login_that_was_proven_since_stays(course, first, second):
    line = corrections.give_login(first.identities.get(), to=second, **WHY)
    accounts.link_proven_login(second, channel="github", login="octo", uid="77", at=LATER + HOUR)

    with pytest.raises(CorrectionError, match="proven"):
        corrections.revert(line, **BACK)

    assert who_stands(course) == [(second.pk, 20)]
    assert Correction.objects.in_force().count() == 1


@pytest.fixture
def found(course, second):
    """A login of nobody that scored, given to the second student."""
    make_attempt(course, login="Nobody", points=12)
    return corrections.give_unlinked_login("github", "nobody", to=second, **WHY)


def test_a_login_of_nobody_counts_for_who_gets_it(course, second, found):
    assert who_stands(course) == [(second.pk, 12)]
    assert (found.kind, found.former_user, found.identity.user) == ("merged", None, second)
    assert notices(second) == [("rankings/corrected", "The login nobody (GitHub) counts for you now")]
    assert is_consistent(course)


def test_a_login_that_somebody_linked_meanwhile_is_refused(first, second):
    with pytest.raises(CorrectionError, match="meanwhile"):
        corrections.give_unlinked_login("github", "Octo", to=second, **WHY)


def test_a_full_account_takes_no_login_of_nobody(course, second):
    for _each in range(accounts.MOST_LOGINS):
        make_identity(second)

    with pytest.raises(CorrectionError, match="as many logins"):
        corrections.give_unlinked_login("github", "nobody", to=second, **WHY)


def test_a_login_that_goes_back_to_nobody_leaves_nothing(course, second, found):
    corrections.revert(found, **BACK)

    assert who_stands(course) == []
    assert [row["login_key"] for row in unlinked_logins(Course.objects.all())] == ["nobody"]
    assert not second.identities.linked().exists()
    assert [kind for kind, _title in notices(second)] == ["rankings/corrected", "rankings/correction_reverted"]
    assert is_consistent(course)


def test_a_login_that_went_back_to_nobody_is_free(course, first, second, found):
    corrections.revert(found, **BACK)

    accounts.link_login(first, channel="github", login="nobody", at=LATER)
    with pytest.raises(AccountError):
        accounts.link_login(second, channel="github", login="nobody", at=LATER)

    assert who_stands(course) == [(first.pk, 20)]
    assert first.identities.linked().count() == 2
    assert is_consistent(course)


def test_what_went_back_to_nobody_can_be_given_again(course, first, second, found):
    corrections.revert(found, **BACK)

    with pytest.raises(CorrectionError):
        corrections.give_login(found.identity, to=first, **WHY)
    corrections.give_unlinked_login("github", "nobody", to=second, **WHY)

    assert who_stands(course) == [(first.pk, 20), (second.pk, 12)]


def test_an_unlinked_gift_goes_back_too(course, second, found):
    accounts.unlink_login(second.identities.get(), at=LATER)

    corrections.revert(found, **BACK)

    assert who_stands(course) == []
    assert is_consistent(course)


def test_both_people_read_the_line(course, first, second):
    line = corrections.give_login(first.identities.get(), to=second, **WHY)
    shared = [list(lines_of(person, course)) for person in (first, second)]

    corrections.revert(line, **BACK)

    assert shared == [[line], [line]]
    assert list(lines_of(make_student(), course)) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_giving_waits_for_the_accounts_and_the_login(first, second):
    identity = first.identities.get()

    for row in (User.objects.get(pk=first.pk), identity):
        with row_held(row, "UPDATE"):
            assert waits(lambda: corrections.give_login(identity, to=second, **WHY))

    assert not Correction.objects.exists()
