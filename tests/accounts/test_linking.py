"""Typed logins: linked unverified, once, by one account."""

import pytest
from django.utils import timezone

from camp.accounts import services
from camp.accounts.models import Identity
from tests.accounts.linking import type_in
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_identity, make_user

pytestmark = pytest.mark.django_db


def test_link_login_links_it_unverified(heard):
    user = make_user("ash")

    identity = type_in(user, "Rowan")

    assert (identity.user, identity.login, identity.login_key) == (user, "Rowan", "rowan")
    assert (identity.is_linked, identity.is_verified, identity.linked_at) == (True, False, NOW)
    assert heard == ["login_linked"]


def test_link_login_again_changes_nothing(heard):
    user = make_user()
    first = type_in(user)

    again = type_in(user, "ROWAN")

    assert again == first
    assert heard == ["login_linked"]


def test_link_login_of_somebody_else_is_refused_without_naming_them():
    holder = make_user("holder")
    type_in(holder)

    with pytest.raises(services.AccountError) as refusal:
        type_in(make_user("other"), "Rowan")

    assert str(refusal.value) == str(services.TAKEN)
    assert "holder" not in str(refusal.value)


def test_link_login_that_another_account_had_and_scored_with_is_refused():
    make_identity(login="rowan", first_scored_at=NOW, unlinked_at=NOW)

    with pytest.raises(services.AccountError, match="already linked"):
        type_in(make_user())


def test_link_login_takes_back_ones_own(heard):
    user = make_user()
    identity = make_identity(user, login="rowan", first_scored_at=NOW, unlinked_at=NOW)

    again = type_in(user)

    assert again == identity
    assert again.is_linked
    assert heard == ["login_linked"]


def test_link_login_with_an_older_owner_in_the_past_is_harmless():
    """The linked row counts, not an unlinked one, on every database."""
    user = make_user()
    make_identity(login="rowan", unlinked_at=NOW)
    mine = make_identity(user, login="rowan", owned_from=NOW)

    assert type_in(user) == mine


def test_link_login_by_the_older_owner_is_refused():
    before = make_user()
    make_identity(before, login="rowan", unlinked_at=NOW)
    make_identity(login="rowan", owned_from=NOW)

    with pytest.raises(services.AccountError, match="already linked"):
        type_in(before)


def test_link_login_that_was_lost_over_there_is_refused():
    user = make_user()
    make_identity(user, login="rowan", proof=Identity.Proof.LOST, verified_at=NOW, unlinked_at=NOW)

    with pytest.raises(services.AccountError, match="before it was renamed"):
        type_in(user)


def test_link_login_stops_at_the_most_an_account_can_hold():
    user = make_user()
    for number in range(services.MOST_LOGINS):
        type_in(user, f"login{number}")

    with pytest.raises(services.AccountError, match="as many logins"):
        type_in(user)

    assert user.identities.count() == services.MOST_LOGINS


def test_link_login_again_stops_at_the_most_an_account_can_hold():
    user = make_user()
    make_identity(user, login="rowan", first_scored_at=NOW, unlinked_at=NOW)
    for number in range(services.MOST_LOGINS):
        type_in(user, f"login{number}")

    with pytest.raises(services.AccountError, match="as many logins"):
        type_in(user)


def test_link_login_ignores_what_a_stale_user_says():
    user = make_user("ash")
    user.handle = "changed but not saved"

    identity = type_in(user)

    assert identity.user.handle == "ash"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_one_login_at_once_one_gets_it():
    users = [make_user() for _number in range(4)]

    outcomes = at_once([lambda user=user: type_in(user) for user in users])

    refusals = [outcome for outcome in outcomes if isinstance(outcome, services.AccountError)]
    assert [str(refusal) for refusal in refusals] == [str(services.TAKEN)] * 3
    assert Identity.objects.linked().count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_link_login_waits_for_the_user():
    user = make_user()

    with row_held(user):
        assert waits(lambda: type_in(user))


def test_now_is_the_default_moment():
    assert type_in(make_user(), at=None).linked_at <= timezone.now()
