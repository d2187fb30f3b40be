from datetime import timedelta

import pytest
from django.utils import timezone

from camp.accounts import events, services
from camp.accounts.models import Identity
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_identity, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
PROOF = Identity.Proof


@pytest.fixture
def heard():
    """The names of the events that accounts sends, in their order."""
    names, listeners = [], []
    for name in ("login_linked", "login_unlinked", "login_retired", "login_reassigned"):

        def listen(sender, name=name, **kwargs):
            names.append(name)

        listeners.append((getattr(events, name), listen))
        getattr(events, name).connect(listen)
    yield names
    for signal, listen in listeners:
        signal.disconnect(listen)


def prove(user, login="rowan", *, uid="1", at=NOW):
    return services.link_proven_login(user, channel="github", login=login, uid=uid, at=at)


def type_in(user, login="rowan", *, channel="github", at=NOW):
    return services.link_login(user, channel=channel, login=login, at=at)


def rows():
    """Who has which login, in the order of linking: user, login, uid, linked."""
    found = Identity.objects.order_by("pk")
    return [(row.user.handle, row.login, row.uid, row.is_linked) for row in found]


# Typed logins


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
    make_identity(user, login="rowan", proof=PROOF.LOST, verified_at=NOW, unlinked_at=NOW)

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


# Proven logins


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


# Signing in again


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


# Unlinking


def test_unlink_login_frees_one_that_never_scored(heard):
    identity = type_in(make_user())

    services.unlink_login(identity)

    assert Identity.objects.count() == 0
    assert heard == ["login_linked", "login_unlinked"]
    assert type_in(make_user("other")).is_linked


def test_unlink_login_keeps_one_that_has_scored():
    identity = make_identity(login="rowan", first_scored_at=NOW)

    services.unlink_login(identity, at=LATER)

    identity.refresh_from_db()
    assert identity.unlinked_at == LATER


def test_unlink_login_keeps_one_whose_score_is_found_while_unlinking():
    identity = type_in(make_user())

    def find_score(sender, identity, **kwargs):
        services.mark_scored(Identity.objects.filter(pk=identity.pk), at=NOW)

    events.login_unlinked.connect(find_score)
    try:
        services.unlink_login(identity)
    finally:
        events.login_unlinked.disconnect(find_score)

    assert Identity.objects.get().first_scored_at == NOW


def test_unlink_login_twice_is_refused_to_the_stale_second():
    identity = make_identity(first_scored_at=NOW)
    stale = Identity.objects.get(pk=identity.pk)
    services.unlink_login(identity)

    with pytest.raises(services.AccountError, match="not linked any more"):
        services.unlink_login(stale)


def test_unlink_login_that_is_gone_is_refused():
    identity = make_identity()
    stale = Identity.objects.get(pk=identity.pk)
    services.unlink_login(identity)

    with pytest.raises(services.AccountError, match="not linked any more"):
        services.unlink_login(stale)


# Staff and scores


def test_verify_login_says_who_and_when():
    identity, staff = make_identity(), make_user("staff")

    verified = services.verify_login(identity, by=staff, at=NOW)

    assert (verified.proof, verified.verified_by, verified.verified_at) == (PROOF.STAFF, staff, NOW)


def test_verify_login_twice_is_refused_to_the_stale_second():
    identity, staff = make_identity(), make_user("staff")
    stale = Identity.objects.get(pk=identity.pk)
    services.verify_login(identity, by=staff)

    with pytest.raises(services.AccountError, match="already verified"):
        services.verify_login(stale, by=staff)


def test_verify_login_that_is_unlinked_is_refused():
    identity = make_identity(unlinked_at=NOW)

    with pytest.raises(services.AccountError, match="not linked any more"):
        services.verify_login(identity, by=make_user("staff"))


def test_mark_scored_keeps_the_first_score():
    identity = make_identity(first_scored_at=NOW)
    fresh = make_identity()

    services.mark_scored(Identity.objects.all(), at=LATER)

    identity.refresh_from_db()
    fresh.refresh_from_db()
    assert (identity.first_scored_at, fresh.first_scored_at) == (NOW, LATER)


def test_trust_email_verifies_the_address():
    user = make_user(verified=False)

    services.trust_email(user)

    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [(user.email, True, True)]


def test_now_is_the_default_moment():
    assert type_in(make_user(), at=None).linked_at <= timezone.now()
