"""Codes to link a login by a CI run: one open at a time, for half an hour, for one login."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from camp.accounts import events, link_codes, services
from camp.accounts.link_codes import ALPHABET, LinkCodeError
from camp.accounts.models import Identity, LinkCode
from camp.notices.models import Mail, Notice
from tests.accounts.linking import prove, rows, type_in
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
UNIQUE = "ABCDEFGHJK"


def use(code, *, login="rowan", uid="1", at=NOW + MINUTE):
    return link_codes.use(str(code), channel="github", login=login, uid=uid, at=at)


def refused(code, **run):
    with pytest.raises(LinkCodeError) as caught:
        use(code, **run)
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_a_code_is_of_letters_and_digits_that_are_not_taken_for_each_other():
    code = link_codes.issue(make_user(), at=NOW)

    assert len(code.code) == 10
    assert set(code.code) <= set(ALPHABET)
    assert set(ALPHABET) & set("01OIL") == set()
    assert str(code) == f"{code.code[:5]}-{code.code[5:]}"


def test_issue_gives_a_code_for_half_an_hour():
    user = make_user()

    code = link_codes.issue(user, at=NOW)

    assert (code.user, code.issued_at, code.expires_at) == (user, NOW, NOW + 30 * MINUTE)
    assert list(LinkCode.objects.active_at(NOW + 29 * MINUTE)) == [code]
    assert list(LinkCode.objects.active_at(NOW + 30 * MINUTE)) == []


def test_issue_replaces_the_code_that_was_open():
    user = make_user()
    first = link_codes.issue(user, at=NOW)

    second = link_codes.issue(user, at=NOW + MINUTE)

    assert list(user.link_codes.open()) == [second]
    assert refused(first) == "code_unknown"
    assert use(second).user == user


def test_issue_leaves_the_codes_of_others():
    mine = link_codes.issue(make_user(), at=NOW)

    link_codes.issue(make_user(), at=NOW)

    assert list(mine.user.link_codes.open()) == [mine]


def test_issue_stops_at_the_most_an_account_gets_in_an_hour():
    user = make_user()
    for minute in range(link_codes.MOST_ISSUED):
        link_codes.issue(user, at=NOW + minute * MINUTE)

    with pytest.raises(services.AccountError, match="as many codes"):
        link_codes.issue(user, at=NOW + 59 * MINUTE)

    assert link_codes.issue(user, at=NOW + 60 * MINUTE).user == user


def test_use_links_the_login_as_proven_by_the_run(heard):
    code = link_codes.issue(make_user("ash"), at=NOW)

    identity = use(code)

    assert rows() == [("ash", "rowan", "1", True)]
    assert (identity.proof, identity.verified_at) == (Identity.Proof.CI, NOW + MINUTE)
    assert heard == ["login_linked"]
    code.refresh_from_db()
    assert (code.used_at, code.identity) == (NOW + MINUTE, identity)
    assert list(LinkCode.objects.open()) == []


@pytest.mark.parametrize("typed", ["abcde-fghjk", " ABCDE FGHJK ", "ABCDEFGHJK", "A-B-C-D-E-FGHJK"])
def test_use_takes_a_code_however_it_is_typed(typed):
    code = link_codes.issue(make_user(), at=NOW)
    LinkCode.objects.filter(pk=code.pk).update(code=UNIQUE)

    assert use(typed).user == code.user


def test_use_tells_whose_code_it_was_with_a_mail():
    code = link_codes.issue(make_user("ash", language="en"), at=NOW)

    use(code)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (code.user, "accounts/login_linked_by_run")
    assert (notice.title, notice.url) == ("rowan (GitHub) is linked to your account", "/my/identities/")
    assert "If you did not start that run, somebody else used your code" in notice.body
    assert Mail.objects.get().to == "ash@example.org"


def test_use_verifies_ones_own_typed_login():
    code = link_codes.issue(make_user("ash"), at=NOW)
    typed = type_in(code.user)

    assert use(code) == typed
    assert Identity.objects.get().proof == Identity.Proof.CI


def test_use_takes_a_login_that_somebody_else_only_typed(heard):
    type_in(make_user("typist"))

    use(link_codes.issue(make_user("owner"), at=NOW))

    assert rows() == [("owner", "rowan", "1", True)]
    assert heard == ["login_linked", "login_reassigned"]


def test_use_follows_a_renamed_login():
    code = link_codes.issue(make_user("ash"), at=NOW)
    prove(code.user, "rowan")

    use(code, login="rowan-ash")

    assert rows() == [("ash", "rowan", "", False), ("ash", "rowan-ash", "1", True)]


def test_use_for_an_id_that_another_account_proved_is_refused_and_leaves_the_code():
    prove(make_user("owner"))
    code = link_codes.issue(make_user("other"), at=NOW)

    with pytest.raises(services.AccountError, match="already belongs to another account"):
        use(code)

    assert rows() == [("owner", "rowan", "1", True)]
    assert Notice.objects.count() == 0
    assert use(code, login="second", uid="2").user == code.user


@pytest.mark.parametrize("text", ["ZZZZZ-ZZZZZ", "", "\u00df", "x" * 500])
def test_use_of_a_code_that_never_was_is_refused(text):
    link_codes.issue(make_user(), at=NOW)

    assert refused(text) == "code_unknown"
    assert Identity.objects.count() == 0


def test_use_of_an_expired_code_is_refused():
    code = link_codes.issue(make_user(), at=NOW)

    assert refused(code, at=NOW + 30 * MINUTE) == "code_expired"
    assert Identity.objects.count() == 0


def test_use_of_a_code_whose_user_may_not_sign_in_is_refused():
    code = link_codes.issue(make_user(is_active=False), at=NOW)

    assert refused(code) == "code_unknown"


def test_a_used_code_links_nobody_else():
    code = link_codes.issue(make_user("ash"), at=NOW)
    use(code)

    assert refused(code, login="other", uid="2") == "code_used"
    assert rows() == [("ash", "rowan", "1", True)]


def test_the_run_that_used_a_code_may_say_so_again_and_changes_nothing(heard):
    code = link_codes.issue(make_user("ash"), at=NOW)
    first = use(code)

    again = use(code, at=NOW + 40 * MINUTE)

    assert (again, again.verified_at) == (first, NOW + MINUTE)
    assert heard == ["login_linked"]
    assert Notice.objects.count() == 1


def test_a_used_code_does_not_link_again_what_was_unlinked():
    code = link_codes.issue(make_user(), at=NOW)
    services.unlink_login(use(code))

    assert refused(code) == "code_used"
    assert Identity.objects.linked().count() == 0


def test_a_used_code_does_not_vouch_for_a_login_that_staff_gave_to_another_account():
    code = link_codes.issue(make_user(), at=NOW)
    services.give_login(use(code), to=make_user())

    assert refused(code) == "code_used"


def test_codes_cannot_be_guessed_one_after_the_other():
    code = link_codes.issue(make_user(), at=NOW)
    for _guess in range(link_codes.MOST_WRONG):
        refused("ZZZZZ-ZZZZZ")

    assert refused(code) == "too_many_codes"
    assert use(code, login="other", uid="2").user == code.user


def test_a_failing_listener_leaves_the_code_and_the_login_as_they_were():
    code = link_codes.issue(make_user(), at=NOW)

    def fail(sender, **kwargs):
        raise RuntimeError

    events.login_linked_by_run.connect(fail)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            use(code)
    finally:
        events.login_linked_by_run.disconnect(fail)

    assert (Identity.objects.count(), LinkCode.objects.open().count()) == (0, 1)


# The database.


def test_an_account_has_one_open_code():
    code = link_codes.issue(make_user(), at=NOW)

    with pytest.raises(IntegrityError, match=r"one_open_link_code_per_account|user_id"):
        LinkCode.objects.create(user=code.user, code=UNIQUE, issued_at=NOW, expires_at=NOW + MINUTE)


def test_a_code_is_one_accounts_alone():
    code = link_codes.issue(make_user(), at=NOW)

    with pytest.raises(IntegrityError):
        LinkCode.objects.create(user=make_user(), code=code.code, issued_at=NOW, expires_at=NOW + MINUTE)


def test_a_code_expires_after_its_issue():
    with pytest.raises(IntegrityError, match="link_code_expires_after_its_issue"):
        LinkCode.objects.create(user=make_user(), code=UNIQUE, issued_at=NOW, expires_at=NOW)


# Locks and races.


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_use_and_issue_wait_for_the_account_and_the_code():
    code = link_codes.issue(make_user(), at=NOW)

    with row_held(code.user):
        assert waits(lambda: use(code))
        assert waits(lambda: link_codes.issue(code.user, at=NOW))
    with row_held(code):
        assert waits(lambda: use(code))
        assert waits(lambda: link_codes.issue(code.user, at=NOW))

    assert (Identity.objects.count(), LinkCode.objects.count()) == (0, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_logins_that_use_one_code_at_once_one_is_linked():
    code = link_codes.issue(make_user(), at=NOW)

    outcomes = at_once([lambda uid=uid: use(code, login=f"login{uid}", uid=uid) for uid in ("1", "2", "3")])

    assert sorted(getattr(outcome, "code", "linked") for outcome in outcomes) == ["code_used", "code_used", "linked"]
    assert Identity.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_account_that_asks_twice_at_once_has_one_open_code():
    user = make_user()

    at_once([lambda: link_codes.issue(user, at=NOW)] * 3)

    assert (user.link_codes.count(), user.link_codes.open().count()) == (3, 1)
