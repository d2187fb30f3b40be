"""The issuer's keys: fetching, checking and keeping them, against a https server on this machine."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache

from camp import settings as file_of_settings
from camp.rankings.uploads import identity_tokens, jwks
from camp.rankings.uploads.identity_tokens import TokenError
from camp.rankings.uploads.jwks import KeysUnavailableError
from tests.rankings import keys
from tests.rankings.keys import AT, KID

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def numbers(key):
    return key.public_numbers() if key else None


def held(kid=KID, at=AT):
    return numbers(jwks.key_for(kid, at=at))


OURS = keys.private_key().public_key().public_numbers()


def answered(token, at):
    """What the poster of a token is told: accepted, or status and seconds to wait."""
    try:
        identity_tokens.verify(token, at=at)
    except TokenError as error:
        return error.status, error.retry_after
    return "accepted"


# Fetching.


def test_the_address_is_constant_and_https():
    assert file_of_settings.CI_ISSUER == "https://token.actions.githubusercontent.com"
    assert file_of_settings.CI_JWKS_URL == "https://token.actions.githubusercontent.com/.well-known/jwks"
    assert file_of_settings.CI_AUDIENCE == file_of_settings.SITE_URL


def test_a_key_is_fetched_once(issuer):
    found = [held(at=AT + number * SECOND) for number in range(3)]

    assert found == [OURS] * 3
    assert issuer.asked == 1


def test_an_address_without_tls_is_not_asked(issuer, settings, caplog):
    settings.CI_JWKS_URL = issuer.address.replace("https://", "http://")

    with pytest.raises(KeysUnavailableError):
        jwks.key_for(KID, at=AT)

    assert caplog.messages == [f"The keys of {settings.CI_JWKS_URL} were not taken: the address is not https"]


def test_a_server_with_a_foreign_certificate_is_not_believed(issuer, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    with pytest.raises(KeysUnavailableError):
        jwks.key_for(KID, at=AT)

    assert issuer.asked == 0


def test_50_posts_at_a_cold_start_fetch_once(issuer):
    issuer.delay = 0.2

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda number: held(at=AT + timedelta(milliseconds=number)), range(50)))

    assert found == [OURS] * 50
    assert issuer.asked == 1


def test_another_process_takes_the_keys_from_the_cache(issuer):
    held()
    shared = cache.get(jwks.SHARED)
    jwks.forget()
    cache.set(jwks.SHARED, shared)

    assert held(at=AT + 2 * MINUTE) == OURS
    assert issuer.asked == 1


def test_a_cache_that_drops_its_entries_does_not_lose_the_keys(issuer):
    held()
    cache.clear()
    issuer.is_down = True

    assert held(at=AT + 2 * HOUR) == OURS


# Keeping.


def test_jwks_down_with_warm_cache_accepted(issuer):
    held()
    issuer.is_down = True
    moments = [AT + MINUTE, AT + 2 * HOUR, AT + 24 * HOUR]

    assert [answered(keys.token(at), at) for at in moments] == ["accepted"] * 3


def test_jwks_down_for_more_than_24_hours_503(issuer):
    held()
    issuer.is_down = True
    later = AT + 24 * HOUR + SECOND

    assert answered(keys.token(later), later) == (503, 60)


def test_jwks_down_with_cold_cache_503(issuer):
    issuer.is_down = True

    assert answered(keys.token(), AT) == (503, 60)
    assert answered(keys.token(), AT + 20 * SECOND) == (503, 40)
    assert issuer.asked == 1


def test_jwks_up_again_after_a_minute(issuer):
    issuer.is_down = True
    answered(keys.token(), AT)
    issuer.is_down = False

    assert answered(keys.token(), AT + MINUTE) == "accepted"


def test_jwks_that_does_not_answer_in_time_503(issuer, monkeypatch):
    monkeypatch.setattr(jwks, "TIMEOUT", 0.2)
    issuer.delay = 1

    assert answered(keys.token(), AT) == (503, 60)


def test_keys_are_fetched_anew_after_an_hour(issuer):
    held()

    assert held(at=AT + HOUR) == OURS
    assert issuer.asked == 1
    assert held(at=AT + HOUR + SECOND) == OURS
    assert issuer.asked == 2


def test_a_key_that_the_issuer_withdrew_is_gone_after_an_hour(issuer):
    held()
    issuer.publish(keys.jwk("new", keys.private_key("new")))

    assert held(at=AT + HOUR + SECOND) is None


# Unknown keys and rotation.


def test_10_000_random_kids_at_most_one_fetch_a_minute(issuer):
    moments = [AT + number * timedelta(milliseconds=18) for number in range(10_000)]  # Three minutes.

    found = {jwks.key_for(secrets.token_hex(20), at=at) for at in moments}

    assert found == {None}
    assert issuer.asked == 3


def test_10_000_random_kids_while_the_issuer_is_down_ask_it_once_a_minute(issuer):
    held()
    issuer.is_down = True
    moments = [AT + MINUTE + number * timedelta(milliseconds=18) for number in range(10_000)]

    assert {jwks.key_for(secrets.token_hex(20), at=at) for at in moments} == {None}
    assert issuer.asked == 1 + 3


def test_an_unknown_kid_in_a_token_older_than_the_keys_is_refused_at_once(issuer):
    held()

    assert answered(keys.token(headers={"kid": "another"}), AT + SECOND) == (401, None)
    assert issuer.asked == 1


def test_an_unknown_kid_that_the_issuer_has_just_denied_is_refused(issuer):
    now = int(AT.timestamp())

    assert answered(keys.token(headers={"kid": "another"}, iat=now), AT) == (401, None)


def rotate(issuer):
    issuer.publish(keys.jwk("new", keys.private_key("new")))


def token_of_the_new_key(at):
    return keys.token(at, key=keys.private_key("new"), headers={"kid": "new"}, iat=int(at.timestamp()))


def test_key_rotation_the_first_post_after_it_succeeds(issuer):
    held()
    rotate(issuer)
    later = AT + MINUTE

    assert answered(token_of_the_new_key(later), later) == "accepted"


@pytest.mark.parametrize("seconds", [0, 1, 59])
def test_key_rotation_within_a_minute_of_a_fetch_503_with_retry_after(issuer, seconds):
    held()
    rotate(issuer)
    at = AT + seconds * SECOND
    token = token_of_the_new_key(at)

    assert answered(token, at) == (503, 60 - seconds)
    assert answered(token, AT + MINUTE) == "accepted"


def test_key_rotation_under_a_flood_of_random_kids(issuer):
    held()
    at = AT + 3 * MINUTE
    answered(keys.token(headers={"kid": "random"}), at)
    rotate(issuer)
    token = token_of_the_new_key(at + SECOND)

    assert answered(token, at + SECOND) == (503, 59)
    assert answered(token, at + MINUTE) == "accepted"


def test_key_rotation_while_the_issuer_is_down_503(issuer):
    held()
    issuer.is_down = True
    later = AT + 5 * HOUR

    assert answered(token_of_the_new_key(later), later) == (503, 60)


# Answers that are not taken: the old keys stay.


@pytest.fixture
def asked_again(issuer):
    """Asks the issuer a second time, two hours later, and gives what serves then."""
    held()

    def ask():
        found = held(at=AT + 2 * HOUR)
        assert issuer.asked == 2
        return found

    return ask


def test_jwks_answering_a_redirect_old_keys_kept(issuer, asked_again):
    issuer.status, issuer.headers = 302, {"Location": f"{issuer.address}?elsewhere"}
    rotate(issuer)

    assert asked_again() == OURS


def test_jwks_answering_10_mb_old_keys_kept(issuer, asked_again):
    issuer.body = keys.jwks(keys.jwk("new", keys.private_key("new"))).ljust(10 * 1024 * 1024)

    assert asked_again() == OURS


def test_jwks_answering_html_old_keys_kept(issuer, asked_again):
    issuer.body = b"<!doctype html><title>Sorry</title>"

    assert asked_again() == OURS


@pytest.mark.parametrize("body", [b'{"keys":[]}', b"{}", b"[]", b"", b"null"])
def test_jwks_answering_no_keys_old_keys_kept(issuer, asked_again, body):
    issuer.body = body

    assert asked_again() == OURS


def test_jwks_answering_a_1024_bit_key_old_keys_kept(issuer, asked_again):
    issuer.publish(keys.jwk("new", keys.private_key("new")), keys.jwk("weak", keys.private_key("weak", 1024)))

    assert asked_again() == OURS


@pytest.mark.parametrize("status", [201, 204, 403, 404, 500, 503])
def test_jwks_answering_another_status_old_keys_kept(issuer, asked_again, status):
    issuer.status = status
    rotate(issuer)

    assert asked_again() == OURS


def test_jwks_answering_too_slowly_old_keys_kept(issuer, asked_again, monkeypatch):
    monkeypatch.setattr(jwks, "DEADLINE", -1)
    rotate(issuer)

    assert asked_again() == OURS
