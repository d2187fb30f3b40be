"""Logins unlinked, verified by staff, and remembered for their first score; addresses trusted."""

from datetime import timedelta

import pytest

from camp.accounts import events, services
from camp.accounts.models import Identity
from tests.accounts.linking import type_in
from tests.factories import NOW, make_identity, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
PROOF = Identity.Proof


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
