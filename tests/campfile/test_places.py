import tomllib

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from camp.campfile.places import lines_of
from tests.campfile.sample import SMALL


def line(text, *path):
    tomllib.loads(text)  # The scanner is for valid TOML only.
    return lines_of(text)[path]


def test_key_stands_on_its_line():
    assert line("# words\n\na = 1\n", "a") == 3


def test_key_after_a_multi_line_string():
    assert line('[t]\na = """\n[x]\nb = 1 # no\n"""\nb = 2\n', "t", "b") == 6


@pytest.mark.parametrize(
    "string",
    [
        '"a\\"b # ] }"', "'a\\'", '"""a"b""\n"""', '"""a""""', '""""a"""', "'''a''b\n'''", '""', "''",
        '""""""', "''''''", '"""\\\n   a\\""""', '"\\\\"',
    ],
)  # fmt: skip
def test_key_after_any_string(string):
    text = f"a = {string}\nb = 1\n"

    assert line(text, "b") == 2 + string.count("\n")


@pytest.mark.parametrize(
    "value",
    [
        "2024-07-20 20:00:00", "2024-07-20T20:00:00+08:00", "2024-07-20", "20:00:00", "-1_000", "1.5e-3", "0xff",
        "true", "inf", "[]", "{}", "[[1, 2], []]", "[ { a = [1] }, {} ]", "[1,# ]\n]", "{ x.y = 1, 'z' = \"}\" }",
    ],
)  # fmt: skip
def test_key_after_any_value(value):
    text = f"a = {value} # words\nb = 1\n"

    assert line(text, "b") == 2 + value.count("\n")


def test_elements_of_an_array_stand_on_their_lines():
    text = 'a = [ # first\n  1,\n\n  "]",\n  # words\n  3 ]\n'

    assert [line(text, "a", index) for index in range(3)] == [2, 4, 6]


def test_tables_in_an_array_have_their_keys():
    text = "a = [\n  { b = 1 },\n  { b = 2, c = [ { d = 3 } ] },\n]\n"

    assert line(text, "a", 1, "c", 0, "d") == 3


def test_lists_of_tables_are_counted():
    text = "[[a]]\nx = 1\n[[a]]\nx = 2\n[[a.b]]\ny = 1\n[[a.b]]\ny = 2\n[[a]]\n[[a.b]]\ny = 3\n"

    assert line(text, "a", 0, "x") == 2
    assert line(text, "a", 1, "b", 1, "y") == 8
    assert line(text, "a", 2, "b", 0, "y") == 11


def test_table_stands_at_its_header():
    text = "x = 1\n\n[a . b] # words\n[ 'c d'.\"e\" ]\nf = 1\n"

    assert line(text, "a", "b") == 3
    assert line(text, "c d", "e") == 4
    assert line(text, "c d", "e", "f") == 5


def test_table_without_a_header_of_its_own_begins_with_its_first_part():
    text = "x = 1\n[[a.b]]\nc = 1\n[a.d]\n"

    assert (line(text, "a"), line(text, "a", "b", 0), line(text, "a", "d")) == (2, 2, 4)


def test_dotted_and_quoted_keys():
    text = 'a.b.c = 1\n"x\\ty"."." = 2\n'

    assert line(text, "a", "b", "c") == 1
    assert line(text, "x\ty", ".") == 2


def test_carriage_returns_do_not_count_twice():
    assert line("a = 1\r\nb = '''\r\n'''\r\nc = 1\r\n", "c") == 4


def values(path, value):
    """Every path of a value read by tomllib."""
    yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from values((*path, step), inner)


def test_every_value_of_the_sample_has_a_place():
    assert set(values((), tomllib.loads(SMALL))) <= set(lines_of(SMALL))


keys = st.text(min_size=1, max_size=4)
scalars = st.text(max_size=9) | st.integers(-9, 9) | st.booleans() | st.datetimes() | st.lists(st.text(max_size=5))
tables = st.dictionaries(keys, scalars | st.lists(st.dictionaries(keys, scalars, max_size=3), max_size=3), max_size=4)


@given(st.dictionaries(keys, tables | scalars, max_size=3))
def test_whatever_was_written_is_found_on_a_line_that_begins_it(document):
    text = tomli_w.dumps(document, multiline_strings=True)

    lines = lines_of(text)

    assert set(values((), tomllib.loads(text))) <= set(lines)
    assert max(lines.values()) <= text.count("\n") + 1
