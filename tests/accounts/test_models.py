import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from camp.accounts.models import Identity, User, validate_handle, validate_time_zone
from tests.factories import make_identity, make_user

pytestmark = pytest.mark.django_db


def refused(name, make):
    """The database refuses, and the constraint that it names is the one meant (SQLite names only its columns)."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return name in str(caught.value) or "UNIQUE constraint failed" in str(caught.value)


@pytest.mark.parametrize("other", ["ROWAN", "Ｒｏｗａｎ", "rówan", "ro\u200bwan", "ro\u3164wan"])
def test_the_database_refuses_a_handle_that_looks_like_another(other):
    User.objects.create_user("rowan", "one@example.org")

    assert refused("handle_is_unlike_every_other", lambda: User(handle=other, email="two@example.org").save())


def test_the_database_refuses_an_address_in_other_case():
    User.objects.create_user("rowan", "rowan@example.org")

    assert refused("email_belongs_to_one_user", lambda: User(handle="ash", email="Rowan@Example.org").save())


def test_the_database_refuses_a_login_for_two_accounts():
    make_identity(login="rowan")

    assert refused("login_belongs_to_one_account", lambda: make_identity(login="ROWAN"))


def test_the_database_allows_an_unlinked_login_beside_a_linked_one():
    make_identity(login="rowan", unlinked_at=timezone.now())
    make_identity(login="rowan", unlinked_at=timezone.now())
    make_identity(login="rowan")

    assert Identity.objects.named("github", "Rowan").count() == 3


def test_one_name_on_two_code_hosts_is_two_logins():
    make_identity(login="rowan", channel="github")
    make_identity(login="rowan", channel="gitee")

    assert Identity.objects.count() == 2


def test_the_database_refuses_a_numeric_id_for_two_logins():
    make_identity(login="rowan", uid="7")

    assert refused("numeric_id_belongs_to_one_account", lambda: make_identity(login="ash", uid="7"))


def test_the_database_refuses_a_key_that_is_not_the_login():
    with pytest.raises(IntegrityError, match="login_key_is_the_login_in_lower_case"), transaction.atomic():
        Identity.objects.create(user=make_user(), channel="github", login="Rowan", login_key="ash")


@pytest.mark.parametrize("handle", ["ro", "rowan", "Rowan.Ash-1_2", "李雷", "a" * 30])
def test_a_plain_word_is_a_handle(handle):
    assert validate_handle(handle) is None


@pytest.mark.parametrize(
    "handle", ["", "r", "ro wan", ".rowan", "rowan@x", "<b>", "ｒｏｗａｎ", "ro\u200bwan", "a" * 31]
)
def test_anything_else_is_no_handle(handle):
    with pytest.raises(ValidationError):
        validate_handle(handle)


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../etc/passwd", "x" * 200, "UTC\x00"])
def test_an_unknown_time_zone_is_refused(zone):
    with pytest.raises(ValidationError):
        validate_time_zone(zone)


def test_a_user_is_found_by_any_spelling_of_the_handle():
    user = make_user("Émile")

    assert User.objects.get_by_natural_key("ÉMILE") == user


def test_a_person_is_addressed_by_name_or_handle():
    assert str(make_user("rowan", display_name="Rowan Ash")) == "Rowan Ash"
    assert str(make_user("ash", display_name="")) == "ash"


def test_newest_first_puts_the_linked_login_before_the_unlinked_ones():
    now = timezone.now()
    older = make_identity(login="rowan", unlinked_at=now - timezone.timedelta(days=2))
    newer = make_identity(login="rowan", unlinked_at=now)
    linked = make_identity(login="rowan")

    assert list(Identity.objects.named("github", "rowan").newest_first()) == [linked, newer, older]
