"""The text of an upload token: `camp_<10-char public id>_<43-char secret><6-char checksum>`. No database.

The checksum lets a scanner (and us) tell a mistyped token from a wrong one; the secret is kept as an HMAC only.
"""

import hashlib
import hmac
import re
import secrets
import string
import zlib

ALPHABET = string.ascii_letters + string.digits
PUBLIC_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH = 10, 43, 6
PREFIX = "camp_"
SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9]{{{PUBLIC_LENGTH}}}_[A-Za-z0-9]{{{SECRET_LENGTH + CHECKSUM_LENGTH}}}")


def _random(length):
    return "".join(secrets.choice(ALPHABET) for _position in range(length))


def checksum(text):
    """CRC-32 of the text, in six letters and digits."""
    number, letters = zlib.crc32(text.encode()), []
    for _position in range(CHECKSUM_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def generate():
    """A new token's (public id, secret, whole text)."""
    public_id, secret = _random(PUBLIC_LENGTH), _random(SECRET_LENGTH)
    body = f"{PREFIX}{public_id}_{secret}"
    return public_id, secret, body + checksum(body)


def parse(text):
    """(public id, secret) of a well-formed token; None for anything else."""
    if len(text) != len(PREFIX) + PUBLIC_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH or not text.isascii():
        return None
    body, check = text[:-CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    public_id, separator, secret = body.removeprefix(PREFIX).partition("_")
    well_formed = body.startswith(PREFIX) and separator and len(public_id) == PUBLIC_LENGTH
    return (public_id, secret) if well_formed and hmac.compare_digest(check, checksum(body)) else None


def found_in(text):
    """Every well-formed token that stands anywhere in a text."""
    return {candidate for candidate in SHAPE.findall(text) if parse(candidate)}


def hash_secret(secret, *, pepper):
    return hmac.new(pepper.encode(), secret.encode(), hashlib.sha256).hexdigest()


def matches(secret, stored_hash, *, pepper):
    """Whether the secret is the one hashed, compared in constant time."""
    return hmac.compare_digest(hash_secret(secret, pepper=pepper), stored_hash)
