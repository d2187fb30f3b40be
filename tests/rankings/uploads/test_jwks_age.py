"""Lists of keys that lay in a cache on their way: a newer key is never refused for good because of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from camp.rankings.uploads import identity_tokens, jwks
from camp.rankings.uploads.identity_tokens import TokenError
from tests.rankings import keys
from tests.rankings.keys import AT

SECOND = timedelta(seconds=1)
NOW = datetime(2026, 7, 20, 12, 0, 30, tzinfo=UTC)


def token_of_the_new_key(issued_at):
    return keys.token(issued_at, key=keys.private_key("new"), headers={"kid": "new"}, iat=int(issued_at.timestamp()))


def answered(token, at):
    try:
        identity_tokens.verify(token, at=at)
    except TokenError as error:
        return error.status, error.retry_after
    return "accepted"


@pytest.mark.parametrize("seconds", [10, 45, 200])
def test_key_newer_than_the_list_that_a_cache_gave_503_until_the_list_is_newer(issuer, seconds):
    issuer.headers = {"Age": "300"}
    token = token_of_the_new_key(AT - seconds * SECOND)

    assert answered(token, AT) == (503, 60)
    assert answered(token, AT + 20 * SECOND) == (503, 40)
    issuer.publish(keys.jwk("new", keys.private_key("new")))
    assert answered(token, AT + 60 * SECOND) == "accepted"


def test_other_process_knows_how_old_the_list_was(issuer):
    issuer.headers = {"Age": "300"}
    token = token_of_the_new_key(AT - 45 * SECOND)
    answered(token, AT)
    shared = cache.get(jwks.SHARED)
    jwks.forget()
    cache.set(jwks.SHARED, shared)

    assert answered(token, AT + 20 * SECOND) == (503, 40)


def test_key_that_the_issuer_itself_does_not_know_is_refused(issuer):
    assert answered(token_of_the_new_key(AT - 45 * SECOND), AT)[0] == 401
    assert answered(token_of_the_new_key(AT - 45 * SECOND), AT + SECOND)[0] == 401


@pytest.mark.parametrize(
    ("headers", "age"),
    [
        ({}, 0),
        ({"Age": "0"}, 0),
        ({"Age": "42"}, 42),
        ({"Age": "-1"}, 0),
        ({"Age": "٤"}, 0),
        ({"Age": "1.5"}, 0),
        ({"Age": "9" * 5000}, 24 * 60 * 60),
        ({"Date": "Mon, 20 Jul 2026 12:00:10 GMT"}, 0),
        ({"Date": "Mon, 20 Jul 2026 11:59:30 GMT"}, 60),
        ({"Date": "Mon, 20 Jul 2026 11:59:30 GMT", "Age": "90"}, 90),
        ({"Date": "Mon, 20 Jul 2026 12:09:30 GMT"}, 0),
        ({"Date": "Mon, 20 Jul 1026 11:59:30 GMT"}, 24 * 60 * 60),
        ({"Date": "soon"}, 0),
        ({"Date": "Mon, 20 Jul 2026 11:59:30"}, 0),
        ({"Date": "Mon, 99 Jul 99999 99:59:30 GMT"}, 0),
    ],
)
def test_age_is_what_the_headers_say(headers, age):
    assert jwks.age_of(headers, NOW) == age * SECOND
