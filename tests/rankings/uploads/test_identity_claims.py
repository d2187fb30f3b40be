"""The claims of a well-signed token, one by one: what is missing or of another kind is 401, never an exception."""

import pytest

from tests.rankings import keys
from tests.rankings.keys import refusal_of

REQUIRED = (
    "iss", "aud", "jti", "exp", "nbf", "iat", "actor", "actor_id", "repository", "repository_id",
    "repository_owner_id", "ref", "event_name", "runner_environment", "job_workflow_ref", "job_workflow_sha",
    "run_id", "run_attempt", "sha",
)  # fmt: skip
CODES = {"iss": "token_issuer", "aud": "token_audience"}  # Of a missing claim; else token_claims.
IDS = ("actor_id", "repository_id", "repository_owner_id", "run_id")
NO_IDS = {
    "boolean": True,
    "float": 1001.0,
    "negative": -1,
    "negative text": "-1",
    "Unicode digits": "١٠٠١",
    "2^64": 2**64,
    "2^64 as text": str(2**64),
    "2^63 as text": str(2**63),
    "empty": "",
    "in spaces": " 1001",
    "with a line end": "1001\n",
    "with a sign": "+1001",
    "with underscores": "1_001",
    "hexadecimal": "0x3e9",
    "very long": "1" * 5000,
    "null": None,
    "list": ["1001"],
    "object": {"id": "1001"},
}

pytestmark = pytest.mark.usefixtures("issuer")


@pytest.mark.parametrize("claim", REQUIRED)
def test_each_required_claim_missing(claim):
    assert refusal_of(keys.token(**{claim: ...})) == (401, CODES.get(claim, "token_claims"))


@pytest.mark.parametrize("value", NO_IDS.values(), ids=NO_IDS.keys())
@pytest.mark.parametrize("claim", IDS)
def test_each_id_claim_as_boolean_float_negative_unicode_digits_2_64(claim, value):
    assert refusal_of(keys.token(**{claim: value})) == (401, "token_claims")


@pytest.mark.parametrize("value", [True, 1.0, -1, "-1", "١", 2**31, str(2**31), "", None])
def test_a_run_attempt_that_is_no_count(value):
    assert refusal_of(keys.token(run_attempt=value)) == (401, "token_claims")


TEXTS = ("jti", "actor", "repository", "ref", "event_name", "runner_environment", "job_workflow_ref")


@pytest.mark.parametrize("value", [True, 7, None, [], {}, "", "a\nb", "a\x7f", "x" * 501])
@pytest.mark.parametrize("claim", TEXTS)
def test_a_text_claim_that_is_no_line_of_text(claim, value):
    assert refusal_of(keys.token(**{claim: value})) == (401, "token_claims")


@pytest.mark.parametrize(("claim", "length"), [("jti", 201), ("actor", 101)])
def test_a_text_longer_than_the_database_holds(claim, length):
    assert refusal_of(keys.token(**{claim: "x" * length})) == (401, "token_claims")


@pytest.mark.parametrize("value", ["", "c" * 39, "c" * 41, "C" * 40, "g" * 40, "c" * 40 + "\n", "٣" * 40, 7, None])
@pytest.mark.parametrize("claim", ["sha", "job_workflow_sha"])
def test_a_commit_that_is_no_40_hexadecimal_digits(claim, value):
    assert refusal_of(keys.token(**{claim: value})) == (401, "token_claims")


@pytest.mark.parametrize("value", [True, 1.5, "1784548800", -1, 2**63, 253402300800, 10**4000, None, []])
@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
def test_times_that_are_no_seconds(claim, value):
    assert refusal_of(keys.token(**{claim: value})) == (401, "token_claims")
