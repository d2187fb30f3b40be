"""Which answers of the issuer are a list of keys."""

import pytest

from camp.rankings.uploads import jwks
from camp.rankings.uploads.jwks import AnswerError
from tests.rankings import keys
from tests.rankings.keys import KID


def test_keys_of_other_kinds_are_passed_over():
    others = [
        {"kty": "EC", "kid": "ec", "crv": "P-256", "x": "AQ", "y": "AQ"},
        keys.jwk("for-encryption", use="enc"),
        keys.jwk("rs512", alg="RS512"),
    ]

    assert list(jwks.keys_in(keys.jwks(*others, keys.jwk()))) == [KID]


def test_a_key_may_leave_out_its_use_and_algorithm():
    entry = keys.jwk()
    del entry["use"], entry["alg"]

    assert list(jwks.keys_in(keys.jwks(entry))) == [KID]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"kid": ""}, {"kid": None}, {"kid": 7}, {"kid": ["a"]}, {"n": ""}, {"n": "!!"}, {"n": 7}, {"n": None},
        {"n": ["AQ"]}, {"n": "AQAB"}, {"e": ""}, {"e": "AA"}, {"e": "AQ"}, {"e": "Ag"}, {"e": None}, {"n": "é"},
        {"n": keys.encoded(b"\xff" * 2048)},
    ],
)  # fmt: skip
def test_a_key_that_is_none_spoils_the_answer(spoiled):
    with pytest.raises(AnswerError):
        jwks.keys_in(keys.jwks(keys.jwk("good"), keys.jwk(**spoiled)))


@pytest.mark.parametrize(
    "body",
    [
        b"\xff", b"[" * 100_000, b'{"keys": {"a": 1}}', b'{"keys": [7]}', b'{"keys": [null]}', b'{"keys": "abc"}',
        b'{"keys": 7}', b'{"keys": [{}]}', b'{"keys": [[]]}',
    ],
)  # fmt: skip
def test_an_answer_that_is_no_list_of_keys(body):
    with pytest.raises(AnswerError):
        jwks.keys_in(body)


def test_two_keys_of_one_name_spoil_the_answer():
    with pytest.raises(AnswerError):
        jwks.keys_in(keys.jwks(keys.jwk(), keys.jwk(key=keys.private_key("new"))))
