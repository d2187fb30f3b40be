"""When two written names are the same name: case, width, accents and invisible characters make no difference."""

import unicodedata

INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def visible(text):
    """The text as a reader sees it: compatibility forms unified (NFKC), control and format characters gone."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(c for c in normal if unicodedata.category(c) not in INVISIBLE).strip()


def fold(text):
    """The key under which a name is unique. Two names with equal keys cannot be told apart by a reader."""
    parts = unicodedata.normalize("NFKD", visible(text).casefold())
    bare = "".join(c for c in parts if unicodedata.category(c) != "Mn" and not c.isspace())
    return unicodedata.normalize("NFKC", bare).casefold()
