"""20,000 tokens that are nearly right: all are refused, by TokenError, with 401."""

import base64
import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camp.rankings.uploads import identity_tokens
from camp.rankings.uploads.identity_tokens import TokenError
from tests.rankings import keys
from tests.rankings.keys import AT

MUTANTS = 20_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ODD = (
    True, None, 0, -1, 1.5, "", "0", "١", 2**63, 2**64, -(2**64), [], {}, "none", "HS256", "RS384", "\x00", "\ud800",
    "a" * 3000, ["RS256"], {"kty": "RSA"}, "refs/tags/v1", "self-hosted", "pull_request", "https://evil.example",
)  # fmt: skip
valid = cache(keys.token)
foreign = cache(keys.private_key)


def flip_bits(chance):
    octets = bytearray(valid().encode())
    for _bit in range(chance.randint(1, 4)):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return octets.decode("latin-1")


def flip_bits_of_a_part(chance):
    parts = valid().split(".")
    index = chance.randrange(3)
    octets = bytearray(base64.urlsafe_b64decode(parts[index] + "=="))
    for _bit in range(chance.randint(1, 4)):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    parts[index] = keys.encoded(bytes(octets))
    return ".".join(parts)


def change_characters(chance):
    characters = list(valid())
    for _change in range(chance.randint(1, 6)):
        characters[chance.randrange(len(characters))] = chance.choice(ALPHABET + ".=+/ é\n")
    return "".join(characters)


def cut(chance):
    start, end = sorted(chance.choices(range(len(valid())), k=2))
    return chance.choice([valid()[:end], valid()[start:], valid()[:start] + valid()[end + 1 :]])


def lengthen(chance):
    place = chance.randrange(len(valid()) + 1)
    return valid()[:place] + "".join(chance.choices(ALPHABET + ".=", k=chance.randint(1, 40))) + valid()[place:]


def swap_parts(chance):
    strange = keys.part(keys.claims(actor_id=some_text(chance)))
    parts = [*chance.choices([*valid().split("."), strange, ""], k=chance.choice([0, 1, 2, 2, 2, 2, 3])), strange]
    return ".".join(chance.sample(parts, k=len(parts)))


def some_text(chance):
    return str(chance.randrange(10 ** chance.randint(1, 30)))


def changed(document, chance):
    name = chance.choice([*document, "jku", "x5u", "jwk", "crit", "b64"])
    return {**document, name: chance.choice([*ODD, *(some_text(chance) for _ in ODD), ...])}


def change_the_header(chance):
    _head, claims, signature = valid().split(".")
    document = changed(keys.header(), chance)
    return f"{keys.part({name: value for name, value in document.items() if value is not ...})}.{claims}.{signature}"


def change_a_claim(chance):
    head, _claims, signature = valid().split(".")
    return f"{head}.{keys.part(keys.claims(**changed(keys.claims(), chance)))}.{signature}"


def sign_with_another_key(chance):
    """Claims of any kind, or the valid ones, signed well, but by a key that is not the issuer's."""
    claims = chance.choice([{}, changed(keys.claims(), chance)])
    return keys.token(key=foreign("other"), **{"run_number": some_text(chance), **claims})


def say_anything(chance):
    parts = [keys.encoded(chance.randbytes(chance.randint(0, 300))) for _part in range(chance.choice([1, 2, 3, 3, 3]))]
    return ".".join(parts)


MUTATIONS = [
    flip_bits, flip_bits_of_a_part, change_characters, cut, lengthen, swap_parts, change_the_header, change_a_claim,
    sign_with_another_key, say_anything,
]  # fmt: skip
judged = set()


@settings(max_examples=8_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(mutate=st.sampled_from(MUTATIONS), seed=st.integers(0, 2**64 - 1))
def refuse_mutants(mutate, seed):
    """Three mutants made from a seed; hypothesis chooses, and names kind and seed when one is let in."""
    chance = random.Random(seed)  # noqa: S311 (to be repeated, not to be secret)
    for mutant in [made(mutate, chance) for _number in range(3)]:
        with pytest.raises(TokenError) as caught:
            identity_tokens.verify(mutant, at=AT)
        assert caught.value.status == 401
        judged.add(mutant)


def made(mutate, chance):
    """A mutant that differs from the valid token."""
    while (mutant := mutate(chance)) == valid():
        continue
    return mutant


@pytest.mark.usefixtures("issuer")
def test_20_000_mutated_tokens_are_refused():
    judged.clear()
    assert identity_tokens.verify(valid(), at=AT).actor_id == "1001"

    refuse_mutants()

    assert len(judged) >= MUTANTS
