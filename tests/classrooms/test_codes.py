"""The code on the teacher's screen: one for each meeting and half minute."""

from datetime import UTC, datetime, timedelta

import pytest

from camp.classrooms.codes import DIGITS, PERIOD, code_at, is_code_of, seconds_left, tidy

WINDOW = datetime(2024, 7, 22, 14, 0, 0, tzinfo=UTC)  # The first second of a window.
MEETING, OTHER = 7, 8


def test_code_is_six_digits():
    code = code_at(MEETING, WINDOW)

    assert (len(code), code.isdecimal()) == (DIGITS, True)


def test_code_stays_for_half_a_minute_and_then_changes():
    last = WINDOW + timedelta(seconds=PERIOD - 1, microseconds=999_999)

    assert code_at(MEETING, last) == code_at(MEETING, WINDOW)
    assert code_at(MEETING, WINDOW + timedelta(seconds=PERIOD)) != code_at(MEETING, WINDOW)


def test_meetings_have_codes_of_their_own():
    assert code_at(OTHER, WINDOW) != code_at(MEETING, WINDOW)


def test_codes_depend_on_the_secret_of_the_site(settings):
    before = code_at(MEETING, WINDOW)

    settings.SECRET_KEY = "another secret of another site"

    assert code_at(MEETING, WINDOW) != before


@pytest.mark.parametrize(
    ("seconds", "is_taken"),
    [(-31, False), (-1, False), (0, True), (29, True), (30, True), (59, True), (60, False), (90, False)],
)
def test_code_is_taken_in_its_window_and_the_one_after(seconds, is_taken):
    typed_at = WINDOW + timedelta(seconds=seconds)

    assert is_code_of(MEETING, code_at(MEETING, WINDOW), at=typed_at) == is_taken


def test_code_of_another_meeting_is_refused():
    assert not is_code_of(MEETING, code_at(OTHER, WINDOW), at=WINDOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "  ", "１２３", "0x1234", "½½½½½½", "\x00" * 6])
def test_what_is_no_code_is_refused(typed):
    assert not is_code_of(MEETING, typed, at=WINDOW)


def test_code_is_taken_as_people_type_it():
    code = code_at(MEETING, WINDOW)
    full_width = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)

    assert is_code_of(MEETING, f" {code[:3]} {code[3:]} ", at=WINDOW)
    assert is_code_of(MEETING, f"{code[:3]}-{code[3:]}", at=WINDOW)
    assert is_code_of(MEETING, full_width, at=WINDOW)


def test_tidy_drops_what_stands_between_the_digits():
    assert tidy(" 12　3-456\t") == "123456"


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (45, 15)])
def test_seconds_left_runs_down_to_one(second, left):
    assert seconds_left(WINDOW + timedelta(seconds=second)) == left


def test_codes_are_spread_over_all_numbers():
    codes = {code_at(MEETING, WINDOW + timedelta(seconds=PERIOD * window)) for window in range(1000)}

    assert len(codes) > 990
    assert {code[0] for code in codes} == set("0123456789")
