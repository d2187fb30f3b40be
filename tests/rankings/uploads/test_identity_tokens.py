"""Identity tokens, by the test list of contracts/proven-scores.md. What needs the database is tested with the API."""

import hashlib
import hmac
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from camp.rankings.uploads import identity_tokens
from camp.rankings.uploads.identity_tokens import TokenError
from tests.rankings import keys
from tests.rankings.keys import AT, refusal_of

IDS = ("actor_id", "repository_id", "repository_owner_id", "run_id")

pytestmark = pytest.mark.usefixtures("issuer")


# Valid ones.


def test_valid():
    claims = identity_tokens.verify(keys.token(), at=AT)

    assert asdict(claims) == {
        "issuer": "https://token.actions.githubusercontent.com",
        "audience": "http://127.0.0.1:8000",
        "jti": "5e6d6bd2-0d8b-4d2c-9ac6-3a7f3f5b2d10",
        "actor": "lin",
        "actor_id": "1001",
        "repository": "lin/learning-cxx",
        "repository_id": "424242",
        "repository_owner_id": "1001",
        "ref": "refs/heads/main",
        "event_name": "push",
        "runner_environment": "github-hosted",
        "job_workflow_ref": keys.WORKFLOW,
        "job_workflow_sha": keys.REVIEWED,
        "run_id": "22259804324",
        "run_attempt": 1,
        "sha": keys.COMMIT,
        "issued_at": datetime(2026, 7, 20, 11, 59, tzinfo=UTC),
        "expires_at": datetime(2026, 7, 20, 12, 4, tzinfo=UTC),
        "raw": keys.claims(),
    }


def test_valid_of_a_run_started_by_hand():
    claims = identity_tokens.verify(keys.token(event_name="workflow_dispatch"), at=AT)

    assert claims.event_name == "workflow_dispatch"


@pytest.mark.parametrize("claim", IDS)
def test_valid_with_ids_as_numbers(claim):
    claims = identity_tokens.verify(keys.token(**{claim: 2**63 - 1}), at=AT)

    assert getattr(claims, claim) == "9223372036854775807"


def test_an_id_is_given_in_its_canonical_form():
    assert identity_tokens.verify(keys.token(actor_id="001001"), at=AT).actor_id == "1001"


def test_sub_is_not_read():
    assert identity_tokens.verify(keys.token(sub=["anything"]), at=AT).actor_id == "1001"


# Step 1: the form.


@pytest.mark.parametrize("signature", ["", "AAAA"])
def test_alg_none(signature):
    text = f"{keys.part(keys.header(alg='none'))}.{keys.part(keys.claims())}.{signature}"

    assert refusal_of(text) == (401, "token_malformed")


def test_alg_hs256_with_the_public_key_as_secret():
    text = keys.part(keys.header(alg="HS256")) + "." + keys.part(keys.claims())
    code = hmac.new(keys.public_pem(), text.encode(), hashlib.sha256).digest()

    assert refusal_of(f"{text}.{keys.encoded(code)}") == (401, "token_malformed")


@pytest.mark.parametrize("algorithm", ["RS384", "PS256"])
def test_alg_rs384_and_ps256(algorithm):
    assert refusal_of(keys.by_algorithm(algorithm, keys.private_key())) == (401, "token_malformed")


@pytest.mark.parametrize("alg", [..., None, "", "rs256", "RS256 ", ["RS256"], {"RS256": 1}, True])
def test_alg_in_any_other_writing(alg):
    assert refusal_of(keys.token(headers={"alg": alg})) == (401, "token_malformed")


@pytest.mark.parametrize("kid", [..., None, "", 7, "\ud800", ["key-of-the-day"]])
def test_no_kid(kid):
    assert refusal_of(keys.token(headers={"kid": kid})) == (401, "token_malformed")


@pytest.mark.parametrize("kid", ["another", "KEY-OF-THE-DAY", "../key-of-the-day", "k" * 3000])
def test_unknown_kid(kid):
    assert refusal_of(keys.token(headers={"kid": kid})) == (401, "token_signature")


@pytest.mark.parametrize("value", ["https://evil.example/jwks", None, [], {}])
@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "crit"])
def test_forbidden_headers(name, value):
    assert refusal_of(keys.token(headers={name: value})) == (401, "token_malformed")


def test_a_payload_outside_of_the_token_is_refused():
    assert refusal_of(keys.token(headers={"b64": False})) == (401, "token_signature")


def test_larger_than_8_kib():
    text = keys.token(filler="x" * 6000)

    assert len(text) > 8 * 1024
    assert refusal_of(text) == (401, "token_malformed")


def test_as_large_as_8_kib_is_read():
    text = keys.token(filler="x" * 4700)

    assert 7 * 1024 < len(text) <= 8 * 1024
    assert identity_tokens.verify(text, at=AT).actor_id == "1001"


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "abc", "é.é.é", "a" * 8000, None, b"a.b.c", 7])
def test_no_token_at_all(text):
    assert refusal_of(text) == (401, "token_malformed")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + ".",
        lambda text: text + ".AAAA",
        lambda text: text + "==",
        lambda text: text + "\n",
        lambda text: " " + text,
        lambda text: "Bearer " + text,
        lambda text: text.replace(".", "=.", 1),
    ],
)
def test_another_writing_of_a_valid_token(spoil):
    assert refusal_of(spoil(keys.token())) == (401, "token_malformed")


def test_unused_bits_at_the_end_of_the_signature_are_no_second_writing():
    text = keys.token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet[alphabet.index(text[-1]) ^ 1]

    assert refusal_of(text[:-1] + last) == (401, "token_signature")


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"null", b"[]", b"7", b'"text"', b"{", b"\xff\xfe", b"[" * 5000, b'{"exp":' + b"9" * 5000 + b"}",
        b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}',
        b'{"iss": "x", "iss": "x"}', '{"a": 1}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_a_payload_that_is_no_object_or_cannot_be_stored(payload):
    text = keys.signed(keys.part(keys.header()) + "." + keys.encoded(payload))

    assert refusal_of(text) == (401, "token_malformed")


# Step 2: the signature.


def test_signed_with_another_key():
    assert refusal_of(keys.token(key=keys.private_key("other"))) == (401, "token_signature")


def test_claims_changed_after_signing():
    head, _claims, signature = keys.token().split(".")

    assert refusal_of(f"{head}.{keys.part(keys.claims(actor_id='1002'))}.{signature}") == (401, "token_signature")


def test_a_forged_signature_is_refused_before_the_claims_are_looked_at():
    assert refusal_of(keys.token(key=keys.private_key("other"), iat=...)) == (401, "token_signature")


def test_no_key_and_the_issuer_down(issuer):
    issuer.is_down = True

    with pytest.raises(TokenError) as caught:
        identity_tokens.verify(keys.token(), at=AT)

    assert (caught.value.status, caught.value.code, caught.value.retry_after) == (503, "keys_unavailable", 60)


# Step 3: for us, from the issuer, now.


@pytest.mark.parametrize(
    "issuer_name",
    [
        "https://token.actions.githubusercontent.com/",
        "https://token.actions.githubusercontent.com/octo",
        "https://token.actions.githubusercontent.co",
        "https://token.actions.githubusercontent.com.evil.example",
        "http://token.actions.githubusercontent.com",
        "HTTPS://token.actions.githubusercontent.com",
        "https://Token.Actions.GitHubUserContent.com",
        " https://token.actions.githubusercontent.com",
        "",
        None,
        ["https://token.actions.githubusercontent.com"],
    ],
)
def test_iss_prefix_suffix_other_case(issuer_name):
    assert refusal_of(keys.token(iss=issuer_name)) == (401, "token_issuer")


@pytest.mark.parametrize(
    "audience", ["https://github.com/lin", "http://127.0.0.1:8000/", "HTTP://127.0.0.1:8000", "", None, True]
)
def test_aud_wrong(audience):
    assert refusal_of(keys.token(aud=audience)) == (401, "token_audience")


def test_aud_list():
    assert refusal_of(keys.token(aud=["http://127.0.0.1:8000"])) == (401, "token_audience")


def test_aud_missing():
    assert refusal_of(keys.token(aud=...)) == (401, "token_audience")


NOW = int(AT.timestamp())


@pytest.mark.parametrize("seconds", [30, 31, 86400])
def test_expired(seconds):
    assert refusal_of(keys.token(exp=NOW - seconds)) == (401, "token_expired")


@pytest.mark.parametrize("seconds", [31, 86400])
def test_not_yet_valid(seconds):
    assert refusal_of(keys.token(nbf=NOW + seconds)) == (401, "token_expired")


@pytest.mark.parametrize("seconds", [31, 86400])
def test_issued_in_the_future(seconds):
    assert refusal_of(keys.token(iat=NOW + seconds)) == (401, "token_expired")


@pytest.mark.parametrize("times", [{"exp": NOW - 29}, {"nbf": NOW + 30}, {"iat": NOW + 30}])
def test_leeway_of_30_seconds(times):
    assert identity_tokens.verify(keys.token(**times), at=AT).actor_id == "1001"


def test_the_time_is_the_one_given():
    later = AT + timedelta(days=400)

    assert identity_tokens.verify(keys.token(later), at=later).issued_at == later - timedelta(minutes=1)


# Step 4: the kind of run.


@pytest.mark.parametrize(
    "event",
    [
        "pull_request", "pull_request_target", "schedule", "workflow_run", "repository_dispatch", "issue_comment",
        "workflow_call", "Push", "push ", "pushed",
    ],
)  # fmt: skip
def test_other_events(event):
    assert refusal_of(keys.token(event_name=event)) == (401, "token_event")


@pytest.mark.parametrize("environment", ["self-hosted", "GitHub-hosted", "github-hosted ", "github"])
def test_self_hosted_runner(environment):
    assert refusal_of(keys.token(runner_environment=environment)) == (401, "token_runner")


# What the log sees.


def test_the_reason_is_one_short_line_without_the_token():
    text = keys.token(actor_id="1\n2" * 500)

    with pytest.raises(TokenError) as caught:
        identity_tokens.verify(text, at=AT)

    assert str(caught.value).startswith(r"actor_id is '1\n21\n2")
    assert len(str(caught.value)) <= 120
