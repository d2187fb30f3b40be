"""Text of people. `visible` and `fold` are for names, codes and searches, `as_typed` is for what others read."""

import re
import unicodedata

CONTROLS = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Letters and symbols that no font draws, by their code points.
FILLERS = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
# Signs that choose the shape of the one before them: the coloured heart, a way to write a Chinese character.
SELECTORS = {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
BLANKS = FILLERS | SELECTORS

STEERING = {"Cc", "Cf", "Cs"}  # Controls, marks of direction, halves of characters.
KEPT = {"\n", "\t", "\u200c", "\u200d"}  # The last two join emoji and the letters of some scripts.
EMPTY_LINES = re.compile(r"(?:[^\S\n]*\n)+")


def visible(text):
    """A name as a reader sees it, on one line: width and ligatures unified (NFKC), what cannot be seen gone."""
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


def as_typed(text):
    """Text as it was written, with its width, punctuation and indentation; text that nobody can see is empty.

    Gone are control characters, marks of direction, invisible fillers, empty lines before and space after it all.
    """
    lines = "\n".join(text.splitlines())
    kept = "".join(character for character in lines if _stays(character)).rstrip()
    beginning = EMPTY_LINES.match(kept)
    return kept[beginning.end() if beginning else 0 :] if visible(kept) else ""


def _stays(character):
    steers = unicodedata.category(character) in STEERING or ord(character) in FILLERS
    return character in KEPT or not steers


def line_as_typed(text):
    """The same on one line, with single spaces."""
    return " ".join(as_typed(text).split())
