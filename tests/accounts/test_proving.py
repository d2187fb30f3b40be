"""Proven logins: the numeric id beats the name, the owner beats who typed it, renames are followed."""

from datetime import timedelta

import pytest

from camp.accounts import services
from camp.accounts.models import Identity
from tests.accounts.linking import prove, rows, type_in
from tests.concurrency import at_once
from tests.factories import NOW, make_identity, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
PROOF = Identity.Proof


def test_link_proven_login_links_it_verified(heard):
    user = make_user("ash")

    identity = prove(user)

    assert (identity.proof, identity.uid, identity.verified_at) == (PROOF.OAUTH, "1", NOW)
    assert identity.owned_from is None
    assert heard == ["login_linked"]


def test_link_proven_login_verifies_ones_own_typed_login(heard):
    user = make_user("ash")
    typed = type_in(user)

    proven = prove(user, "Rowan", at=LATER)

    assert proven == typed
    assert (proven.login, proven.proof, proven.verified_at) == ("Rowan", PROOF.OAUTH, LATER)
    assert heard == ["login_linked"]


def test_link_proven_login_takes_a_typed_one_from_another_account(heard):
    typed = type_in(make_user("typist"))

    proven = prove(make_user("owner"))

    assert proven == typed
    assert rows() == [("owner", "rowan", "1", True)]
    assert heard == ["login_linked", "login_reassigned"]


def test_link_proven_login_takes_a_typed_one_that_was_unlinked():
    make_identity(make_user("typist"), login="rowan", first_scored_at=NOW, unlinked_at=NOW)

    prove(make_user("owner"))

    assert rows() == [("owner", "rowan", "1", True)]


def test_link_proven_login_leaves_what_staff_verified_up_to_now(heard):
    typist, staff = make_user("typist"), make_user("staff")
    services.verify_login(type_in(typist), by=staff, at=NOW)
    heard.clear()

    proven = prove(make_user("owner"), at=LATER)

    assert rows() == [("typist", "rowan", "", False), ("owner", "rowan", "1", True)]
    assert proven.owned_from == LATER
    assert heard == ["login_unlinked", "login_retired", "login_linked"]


def test_link_proven_login_of_an_id_proven_by_another_account_is_refused():
    prove(make_user("owner"))

    with pytest.raises(services.AccountError, match="already belongs to another account"):
        prove(make_user("other"), "renamed")

    assert rows() == [("owner", "rowan", "1", True)]


def test_link_proven_login_follows_a_rename(heard):
    user = make_user("ash")
    prove(user, "rowan")
    heard.clear()

    renamed = prove(user, "rowan-ash", at=LATER)

    assert rows() == [("ash", "rowan", "", False), ("ash", "rowan-ash", "1", True)]
    assert Identity.objects.get(login="rowan").unlinked_at == LATER
    assert renamed.owned_from is None
    assert heard == ["login_unlinked", "login_retired", "login_linked"]


def test_link_proven_login_of_a_recycled_name_leaves_the_scores_of_the_former_owner():
    prove(make_user("former"), uid="1")

    recycled = prove(make_user("latter"), uid="2", at=LATER)

    assert rows() == [("former", "rowan", "", False), ("latter", "rowan", "2", True)]
    assert (Identity.objects.get(uid="").unlinked_at, recycled.owned_from) == (LATER, LATER)


def test_a_recycled_name_that_its_former_owner_had_unlinked_starts_when_it_was_unlinked():
    former = prove(make_user("former"), uid="1")
    Identity.objects.filter(pk=former.pk).update(first_scored_at=NOW, unlinked_at=NOW)

    recycled = prove(make_user("latter"), uid="2", at=LATER)

    assert rows() == [("former", "rowan", "1", False), ("latter", "rowan", "2", True)]
    assert recycled.owned_from == NOW


def test_a_name_comes_back_to_its_first_owner():
    """The first owner renames, somebody takes the name and gives it up, the first owner takes it back."""
    first, second = make_user("first"), make_user("second")
    prove(first, "rowan", uid="1", at=NOW)
    prove(second, "rowan", uid="2", at=NOW + timedelta(days=1))
    prove(first, "other", uid="1", at=NOW + timedelta(days=2))

    back = prove(first, "rowan", uid="1", at=NOW + timedelta(days=3))

    linked = [row for row in rows() if row[3]]
    assert linked == [("first", "rowan", "1", True)]
    assert back.owned_from == NOW + timedelta(days=3)


def test_an_unlinked_proven_name_that_another_proved_comes_back():
    """The row that still carries the numeric id is not the one that has the name."""
    first, second = make_user("first"), make_user("second")
    mine = prove(first, uid="1")
    Identity.objects.filter(pk=mine.pk).update(first_scored_at=NOW, unlinked_at=NOW)
    prove(second, uid="2")

    prove(first, uid="1", at=LATER)

    assert [row for row in rows() if row[3]] == [("first", "rowan", "1", True)]


def test_link_proven_login_takes_back_ones_own_unlinked_login(heard):
    user = make_user("ash")
    mine = prove(user)
    Identity.objects.filter(pk=mine.pk).update(first_scored_at=NOW, unlinked_at=NOW)
    heard.clear()

    again = prove(user, at=LATER)

    assert again == mine
    assert again.is_linked
    assert heard == ["login_linked"]


def test_link_proven_login_stops_at_the_most_an_account_can_hold():
    user = make_user()
    for number in range(services.MOST_LOGINS):
        type_in(user, f"login{number}")

    with pytest.raises(services.AccountError, match="as many logins"):
        prove(user)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_that_prove_one_id_at_once_one_gets_it():
    users = [make_user() for _number in range(3)]

    outcomes = at_once([lambda user=user: prove(user) for user in users])

    assert [isinstance(outcome, services.AccountError) for outcome in outcomes].count(True) == 2
    assert Identity.objects.linked().count() == 1


def test_refresh_links_a_login_never_seen():
    identity = services.refresh_proven_login(make_user(), channel="github", login="rowan", uid="1")

    assert identity.is_verified


def test_refresh_of_an_unchanged_login_writes_nothing(heard):
    user = make_user()
    mine = prove(user)
    before = Identity.history.count()

    again = services.refresh_proven_login(user, channel="github", login="rowan", uid="1", at=LATER)

    assert (again, again.verified_at, Identity.history.count()) == (mine, NOW, before)
    assert heard == ["login_linked"]


def test_refresh_follows_a_rename():
    user = make_user("ash")
    prove(user)

    services.refresh_proven_login(user, channel="github", login="rowan-ash", uid="1")

    assert rows() == [("ash", "rowan", "", False), ("ash", "rowan-ash", "1", True)]


@pytest.mark.parametrize("first_scored_at", [None, NOW])
def test_refresh_leaves_unlinked_what_its_person_unlinked(first_scored_at):
    user = make_user("ash")
    mine = prove(user)
    Identity.objects.filter(pk=mine.pk).update(first_scored_at=first_scored_at)
    services.unlink_login(mine)

    assert services.refresh_proven_login(user, channel="github", login="rowan", uid="1") is None
    assert user.identities.linked().count() == 0
