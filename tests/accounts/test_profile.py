import pytest
from django.utils import translation

from camp.accounts.models import User
from tests.accounts.test_sign_up import errors
from tests.factories import make_student, make_user

pytestmark = pytest.mark.django_db
PAGE = "/my/edit/"
FIELDS = {
    "display_name": "Rowan Ash",
    "occupation": "studying",
    "affiliation": "Harbour University",
    "major": "Rivers",
    "city": "Harbour",
    "language": "en",
    "time_zone": "Asia/Shanghai",
}


def save(client, **fields):
    return client.post(PAGE, FIELDS | fields)


def test_the_page_shows_what_is_stored(sign_in):
    page = sign_in(make_student(affiliation="Harbour University")).get(PAGE).content.decode()

    assert 'value="Harbour University"' in page


def test_a_profile_is_saved(sign_in):
    user = make_user()

    response = save(sign_in(user))

    assert response.url == PAGE
    assert User.objects.filter(pk=user.pk, **FIELDS).exists()


def test_the_language_counts_at_once(sign_in):
    response = save(sign_in(make_user()), language="zh-hans")

    assert response.cookies["django_language"].value == "zh-hans"


def test_every_field_may_be_empty(sign_in):
    user = make_student()

    save(sign_in(user), **dict.fromkeys(FIELDS, ""))

    user.refresh_from_db()
    assert [getattr(user, name) for name in FIELDS] == [""] * len(FIELDS)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Rowan \t Ash\r\n", "Rowan Ash"),
        ("Ro\u202ewan\u200b\x00\x07 Ash", "Rowan Ash"),
        ("Ｒｏｗａｎ　Ａｓｈ", "Rowan Ash"),
        ("李雷", "李雷"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("{{ user.password }}", "{{ user.password }}"),
    ],
)
def test_hostile_text_is_kept_as_the_text_that_it_is(sign_in, typed, stored):
    user = make_user()
    client = sign_in(user)

    save(client, display_name=typed)

    user.refresh_from_db()
    assert user.display_name == stored
    assert "<script>alert" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", "a" * 61),
        ("affiliation", "a" * 121),
        ("major", "a" * 121),
        ("city", "a" * 61),
        ("occupation", "ruling"),
        ("language", "tlh"),
        ("time_zone", "Asia/Nowhere"),
        ("time_zone", "../../etc/passwd"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(sign_in, field, value):
    user = make_user(display_name="Before")

    response = save(sign_in(user), **{field: value})

    assert list(errors(response)) == [field]
    user.refresh_from_db()
    assert user.display_name == "Before"


@pytest.mark.parametrize("field", ["handle", "email", "is_superuser", "password", "is_active"])
def test_only_the_profile_can_be_changed(sign_in, field):
    user = make_user("rowan")
    before = getattr(user, field)

    save(sign_in(user), **{field: "1"})

    user.refresh_from_db()
    assert getattr(user, field) == before


# What the profile does on other pages


def test_pages_are_in_the_language_of_the_profile(sign_in):
    response = sign_in(make_user(language="zh-hans")).get(PAGE)

    assert response.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans">' in response.content.decode()


def test_the_choice_in_this_browser_beats_the_profile(sign_in):
    client = sign_in(make_user(language="zh-hans"))
    client.cookies["django_language"] = "en"

    assert client.get(PAGE).headers["Content-Language"] == "en"


def test_the_language_of_one_request_does_not_stay(sign_in):
    sign_in(make_user(language="zh-hans")).get(PAGE)

    assert translation.get_language() == "en"
