import re

import pytest

from camp.rankings.uploads import tokens


def test_generate_gives_the_documented_form():
    public_id, secret, text = tokens.generate()

    assert re.fullmatch(r"camp_[A-Za-z0-9]{10}_[A-Za-z0-9]{43}[A-Za-z0-9]{6}", text)
    assert tokens.parse(text) == (public_id, secret)


def test_generate_never_repeats():
    texts = {tokens.generate()[2] for _token in range(200)}

    assert len(texts) == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "a",
        lambda text: text.upper(),
        lambda text: "é" + text[1:],
        lambda text: text[:-1] + ("a" if text[-1] != "a" else "b"),
        lambda text: text.replace("_", "-"),
    ],
)
def test_parse_refuses_a_mistyped_token(spoil):
    text = tokens.generate()[2]

    assert tokens.parse(spoil(text)) is None


def test_matches_needs_the_secret_and_the_pepper():
    stored = tokens.hash_secret("secret", pepper="one")

    assert tokens.matches("secret", stored, pepper="one")
    assert not tokens.matches("Secret", stored, pepper="one")
    assert not tokens.matches("secret", stored, pepper="two")
