"""When two written names are the same name: case, width, accents and invisible characters make no difference."""

import unicodedata

CONTROLS = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Letters, marks and symbols that no font draws, by their code points: fillers, joiners, variation selectors.
BLANKS = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810),
          *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # fmt: skip


def visible(text):
    """The text as a reader sees it, on one line: width and ligatures unified (NFKC), what cannot be seen gone."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(_seen(character) for character in normal)
    return unicodedata.normalize("NFKC", " ".join(seen.split()))


def _seen(character):
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in CONTROLS or ord(character) in BLANKS
    return "" if hidden else character


def fold(text):
    """The key under which a name is unique. Two names with equal keys cannot be told apart by a reader."""
    parts = unicodedata.normalize("NFKD", visible(text).casefold())
    bare = "".join(c for c in parts if unicodedata.category(c) != "Mn" and not c.isspace())
    return unicodedata.normalize("NFKC", bare).casefold()
