"""Identity tokens that are nearly right: of a valid one, spoilt in ways that chance chooses."""

import base64
from functools import cache

from django.conf import settings

from tests.rankings import keys
from tests.rankings.keys import WORKFLOW

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ODD = (
    True, None, 0, -1, 1.5, "", "0", "١", 2**63, 2**64, -(2**64), [], {}, "none", "HS256", "RS384", "\x00", "\ud800",
    "a" * 3000, ["RS256"], {"kty": "RSA"}, "refs/tags/v1", "self-hosted", "pull_request", "https://evil.example",
)  # fmt: skip
STRANGE = ("jku", "x5u", "jwk", "crit", "b64")
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
    name = chance.choice([*document, *STRANGE])
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


# Mutants that are signed well: what they claim is all that can be wrong with them.

UNREAD = {"sub", "repository_owner", "ref_type", "run_number", *STRANGE}
TIMES = ("iat", "nbf", "exp")
YEAR_10000 = 253402300800
TEXTS = {"jti": 200, "actor": 100, "repository": 500}
JUDGED_LATER = {"ref": 500, "job_workflow_ref": 500}
NEAR = {
    "iss": ("https://token.actions.githubusercontent.com/", "https://token.actions", settings.CI_ISSUER.upper()),
    "aud": ([settings.CI_AUDIENCE], f"{settings.CI_AUDIENCE}/", settings.CI_AUDIENCE.upper()),
    "actor_id": ("1002", "1001 ", "+1001", "١٠٠١", 1001.0, "1001\n"),
    "repository_owner_id": ("1002", "1001 ", "+1001", "١٠٠١", 1001.0, "1001\n"),
    "event_name": ("workflow_dispatch", "pull_request_target", "schedule", "Push"),
    "ref": ("refs/heads/other", "refs/heads/main2", "refs/pull/1/merge", "main"),
    "job_workflow_ref": (f"{WORKFLOW}@refs/heads/main", WORKFLOW.upper(), WORKFLOW[:-1], f"evil/{WORKFLOW}"),
    "job_workflow_sha": ("b" * 40, "A" * 40, "a" * 39),
    "runner_environment": ("self-hosted", "github-hosted ", "GitHub-hosted"),
    "sha": ("d" * 40, "D" * 40, "d" * 41),
    "run_attempt": ("2", 2**31, "0x2"),
}


def changed_claims(chance, at):
    """(what a token of the moment claims, the names that were changed): one or two of them."""
    claims = keys.claims(at)
    names = chance.sample([*claims, *STRANGE], k=chance.choice([1, 1, 2]))
    for name in names:
        claims[name] = chance.choice([*ODD, some_text(chance), ..., *NEAR.get(name, ()) * 3, *_moments(name, at)])
    return claims, names


def _moments(name, at):
    shifts = (-3600, -31, -29, 0, 29, 31, 3600) * 2 if name in TIMES else ()
    return [int(at.timestamp()) + seconds for seconds in shifts]


def signed(claims):
    kept = {name: value for name, value in claims.items() if value is not ...}
    return keys.signed(f"{keys.part(keys.header())}.{keys.part(kept)}")


def is_readable(claims, names, at):
    """Whether the change leaves a token of the moment that is to be believed, as the contract has it, steps 1 to 4."""
    holds = all(_is_storable(claims[name]) for name in names)
    return holds and all(_is_readable(name, claims[name], at) for name in names)


def is_harmless(claims, names, at):
    """The same of all steps: who ran what from where is as it was, and only what is shown or not read differs."""
    same = keys.claims(at)
    decided = {"ref", "job_workflow_ref", "job_workflow_sha", "actor_id", "repository_owner_id"} & set(names)
    return is_readable(claims, names, at) and all(str(claims[name]) == same[name] for name in decided)


def _is_storable(value):
    return not (isinstance(value, str) and ("\x00" in value or "\ud800" in value))


def _is_readable(name, value, at):
    now = at.timestamp()
    if name in UNREAD:
        return True
    if name in TEXTS | JUDGED_LATER:
        return isinstance(value, str) and 0 < len(value) <= (TEXTS | JUDGED_LATER)[name] and value.isprintable()
    if name in ("sha", "job_workflow_sha"):
        return isinstance(value, str) and len(value) == 40 and set(value) <= set("0123456789abcdef")
    if name in ("run_id", "repository_id", "actor_id", "repository_owner_id", "run_attempt"):
        return _is_number(value, below=2**31 if name == "run_attempt" else 2**63)
    if name in TIMES:
        is_time = type(value) is int and 0 <= value < YEAR_10000
        return is_time and (value + 30 > now if name == "exp" else value - 30 <= now)
    return value in {"event_name": ("push", "workflow_dispatch")}.get(name, ())


def _is_number(value, *, below):
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return type(value) is int and 0 <= value < below
