import pytest
from hypothesis import given
from hypothesis import strategies as st

from camp.accounts.folding import fold, visible


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
