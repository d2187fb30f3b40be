import pytest
from hypothesis import given
from hypothesis import strategies as st

from camp.accounts.folding import FILLERS, as_typed, fold, line_as_typed, visible

PRINTED = st.text(st.characters(categories=("L", "Mn", "N", "P", "S")), min_size=1).filter(visible)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Rowan", "Rowan"),
        ("  Rowan \t\n Ash ", "Rowan Ash"),
        ("Ｒｏｗａｎ", "Rowan"),
        ("ro\u200bwan\ufeff", "rowan"),
        ("ro\u202ewan", "rowan"),
        ("ro\x00wan\x1b", "rowan"),
        ("ﬁne", "fine"),
        ("李雷", "李雷"),
        ("e\u0301", "é"),
        ("\u3164\u2800\u115f\u034f\ufe0f", ""),
        ("<b>=1+1</b>", "<b>=1+1</b>"),
    ],
)
def test_visible_is_what_a_reader_sees(text, seen):
    assert visible(text) == seen


@pytest.mark.parametrize(
    "other", ["rowan", "ROWAN", "Ｒｏｗａｎ", "rówàn", "ro\u00adwan", "ro\u200dwan", "ro\u3164wan", "r\u0338owan"]
)
def test_names_that_look_alike_have_one_key(other):
    assert fold(other) == fold("Rowan")


@pytest.mark.parametrize(("one", "other"), [("rowan", "rowen"), ("rowan", "rowan1"), ("李雷", "李蕾")])
def test_names_that_differ_have_different_keys(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_visible_text_is_seen_as_it_is(text):
    assert visible(visible(text)) == visible(text)


@given(st.text())
def test_the_key_of_what_is_seen_is_the_key(text):
    assert fold(visible(text)) == fold(text)


@given(st.text())
def test_case_makes_no_difference_to_the_key(text):
    assert fold(text.casefold()) == fold(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("完成度很好！（报告，x² 与 ① 都清楚）", "完成度很好！（报告，x² 与 ① 都清楚）"),
        ("“为什么？”（ＡＢ）\r\n\tif (a) {\u202e\x07}  \n", "“为什么？”（ＡＢ）\n\tif (a) {}"),
        ("    x = 1\r    y = 2", "    x = 1\n    y = 2"),
        (" \n\r\n  one  \ntwo \n \n", "  one  \ntwo"),
        ("　　段落\n　　段落", "　　段落\n　　段落"),
        ("a\x00b\x1b[31mc\ufeff", "ab[31mc"),
        ("❤\ufe0f 👩\u200d💻", "❤\ufe0f 👩\u200d💻"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("a\u3164b\u2800\u034f\uffa0c", "abc"),
        ("half a sign \ud83d.", "half a sign ."),
        ("\u200b\u2060\u00ad\u3164\ufe0f\u200d\n", ""),
        ("", ""),
    ],
)
def test_text_is_kept_as_it_was_typed(text, kept):
    assert as_typed(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [("  关于①：（为\r\n什么）？\t \u202e", "关于①：（为 什么）？"), ("\u200b \u200b", ""), ("x²", "x²")],
)
def test_a_line_is_kept_as_it_was_typed(text, kept):
    assert line_as_typed(text) == kept


@given(PRINTED)
def test_what_is_printed_stays_whole(text):
    assert as_typed(text) == text.translate(dict.fromkeys(FILLERS))


@given(st.text())
def test_kept_text_stays_as_it_is(text):
    assert as_typed(as_typed(text)) == as_typed(text)


@given(st.text())
def test_text_that_nobody_can_see_is_empty(text):
    assert bool(as_typed(text)) == bool(visible(text))


@given(st.text(), st.sampled_from(["\r\n", "\r", "\n"]))
def test_the_end_of_a_line_is_one_sign(text, end):
    assert as_typed(f"a{end}b{text}") == "a\n" + as_typed(f"b{text}")
