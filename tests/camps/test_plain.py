"""Markdown as the plain text of a mail."""

import pytest

from camp.camps.plain import plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("", ""),
        (None, ""),
        ("One **bold** and *slanted* ~~word~~ with `code`.", "One bold and slanted word with code."),
        ("# Title\nText", "Title\n\nText"),
        ("One\ntwo  \nthree", "One\ntwo\nthree"),
        ("- one\n- two\n  - inner\n- three", "- one\n- two\n  - inner\n- three"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("- one\n\n  more\n- two", "- one\n\n  more\n- two"),
        ("> quoted\n> twice", "> quoted\n> twice"),
        ("```py\nx = 1\n\ny = 2\n```", "    x = 1\n\n    y = 2"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("One\n\n---\n\nTwo", "One\n\n--------------------\n\nTwo"),
        ("<b>1 &lt; 2 & 3</b>", "<b>1 < 2 & 3</b>"),
        ("第一段。\n\n- 第一项", "第一段。\n\n- 第一项"),
    ],
)
def test_marks_are_dropped_and_blocks_stay(markdown, plain):
    assert plain_text(markdown) == plain


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("See [the **guide**](https://example.org/guide).", "See the guide (https://example.org/guide)."),
        ("See <https://example.org>.", "See https://example.org."),
        ("[https://example.org](https://example.org)", "https://example.org"),
        ("<staff@example.org> or [us](mailto:us@example.org)", "staff@example.org or us (us@example.org)"),
        ("[My page](/my/)", "My page (http://127.0.0.1:8000/my/)"),
        ("![A map](https://example.org/map.png)", "A map (https://example.org/map.png)"),
        ("![](https://example.org/map.png)", "https://example.org/map.png"),
        ("[![A map](/map.png)](https://example.org)", "A map (http://127.0.0.1:8000/map.png) (https://example.org)"),
        ("[no](javascript:alert(1))", "[no](javascript:alert(1))"),
    ],
)
def test_links_keep_their_address(markdown, plain):
    assert plain_text(markdown) == plain


def test_text_nested_without_end_is_read():
    """The parser goes so deep and no deeper."""
    assert plain_text("> " * 2000 + "x") == ""
    assert plain_text("[" * 20_000) == "[" * 20_000
