"""The arithmetic of a series: days and hours of a clock in, moments in UTC out."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from camp.classrooms.series import MOST, Series, SeriesError, key_of, overlapping, title_of

SHANGHAI, BERLIN, LORD_HOWE = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")
MONDAY, THURSDAY, SUNDAY = 0, 3, 6
EVERY_DAY = frozenset(range(7))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def make_series(**values):
    summer = {
        "weekdays": frozenset({MONDAY, THURSDAY}), "first": date(2024, 7, 22), "last": date(2024, 8, 1),
        "starts": time(14), "ends": time(15),
    }  # fmt: skip
    return Series(**summer | values)


def refusal(series, zone=SHANGHAI):
    with pytest.raises(SeriesError) as caught:
        series.occurrences(zone)
    return caught.value.field, caught.value.sentence


def test_every_monday_and_thursday_of_the_season():
    assert make_series().occurrences(SHANGHAI) == [
        (datetime(2024, 7, 22, 6, tzinfo=UTC), datetime(2024, 7, 22, 7, tzinfo=UTC)),
        (datetime(2024, 7, 25, 6, tzinfo=UTC), datetime(2024, 7, 25, 7, tzinfo=UTC)),
        (datetime(2024, 7, 29, 6, tzinfo=UTC), datetime(2024, 7, 29, 7, tzinfo=UTC)),
        (datetime(2024, 8, 1, 6, tzinfo=UTC), datetime(2024, 8, 1, 7, tzinfo=UTC)),
    ]


def test_skipped_days_are_left_out():
    series = make_series(skip=frozenset({date(2024, 7, 25), date(2024, 7, 26)}))

    assert series.days() == [date(2024, 7, 22), date(2024, 7, 29), date(2024, 8, 1)]


def test_one_day_is_a_series():
    assert make_series(last=date(2024, 7, 22)).days() == [date(2024, 7, 22)]


def test_the_clock_stays_when_summer_time_ends():
    series = make_series(weekdays=frozenset({SUNDAY}), first=date(2024, 10, 20), last=date(2024, 10, 27))

    assert [start for start, _end in series.occurrences(BERLIN)] == [
        datetime(2024, 10, 20, 12, tzinfo=UTC), datetime(2024, 10, 27, 13, tzinfo=UTC)
    ]  # fmt: skip


def test_an_hour_that_comes_twice_is_its_first():
    series = make_series(
        weekdays=EVERY_DAY, first=date(2024, 10, 27), last=date(2024, 10, 27), starts=time(2, 30), ends=time(3)
    )

    assert series.occurrences(BERLIN) == [
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), datetime(2024, 10, 27, 2, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours", "field"),
    [
        (BERLIN, date(2024, 3, 31), (time(2, 30), time(4)), "starts"),
        (BERLIN, date(2024, 3, 31), (time(1), time(2)), "ends"),
        (LORD_HOWE, date(2024, 10, 6), (time(2, 15), time(5)), "starts"),
    ],
)
def test_an_hour_that_clocks_skip_is_refused(zone, day, hours, field):
    series = make_series(weekdays=EVERY_DAY, first=day, last=day, starts=hours[0], ends=hours[1])

    sentence = f"On {day} clocks go forward over this hour in {zone.key}. Skip the day, or choose another hour."
    assert refusal(series, zone) == (field, sentence)


def test_a_day_without_the_hour_can_be_skipped():
    series = make_series(
        weekdays=frozenset({SUNDAY}), first=date(2024, 3, 24), last=date(2024, 4, 7), starts=time(2, 30), ends=time(3),
        skip=frozenset({date(2024, 3, 31)}),
    )  # fmt: skip

    assert len(series.occurrences(BERLIN)) == 2


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"ends": time(14)}, "ends", "The end must come after the beginning, on the same day."),
        ({"ends": time(1)}, "ends", "The end must come after the beginning, on the same day."),
        ({"last": date(2024, 7, 21)}, "last", "The last day must not be before the first."),
        ({"weekdays": frozenset()}, "weekdays", "None of these weekdays is within these days. Choose others."),
        ({"weekdays": frozenset({SUNDAY}), "last": date(2024, 7, 27)}, "weekdays",
         "None of these weekdays is within these days. Choose others."),
        ({"last": date(2024, 7, 22), "skip": frozenset({date(2024, 7, 22)})}, "weekdays",
         "None of these weekdays is within these days. Choose others."),
        ({"last": date(2030, 1, 1)}, "last", "A series has at most 200 meetings. End it earlier."),
        ({"first": date.min}, "first", "Write a year from 2000 to 2200."),
        ({"last": date.max}, "last", "Write a year from 2000 to 2200."),
    ],
)  # fmt: skip
def test_what_is_no_series_is_refused(values, field, sentence):
    assert refusal(make_series(**values)) == (field, sentence)


def test_two_hundred_are_a_series():
    series = make_series(weekdays=EVERY_DAY, last=date.fromordinal(date(2024, 7, 22).toordinal() + MOST - 1))

    assert len(series.days()) == MOST


days = st.dates(date(2000, 1, 1), date(2200, 12, 1))


@given(
    st.frozensets(st.integers(0, 6), min_size=1), days, st.integers(0, 300), st.times(), st.times(),
    st.frozensets(days, max_size=5), st.sampled_from([SHANGHAI, BERLIN, LORD_HOWE, ZoneInfo("America/St_Johns")]),
)  # fmt: skip
def test_any_series_keeps_its_days_and_its_clock(weekdays, first, length, starts, ends, skip, zone):
    assume(starts < ends)
    last = date.fromordinal(min(first.toordinal() + length, date(2200, 12, 31).toordinal()))
    series = Series(weekdays, first, last, starts, ends, skip)
    try:
        found = series.occurrences(zone)
    except SeriesError:
        return

    local = [tuple(moment.astimezone(zone) for moment in pair) for pair in found]
    expected = [first, *map(date.fromordinal, range(first.toordinal() + 1, last.toordinal() + 1))]
    assert [start.date() for start, _end in local] == [
        day for day in expected if day.weekday() in weekdays and day not in skip
    ]
    assert {(start.time(), end.time()) for start, end in local} == {(starts, ends)}
    assert all(start < end for start, end in found)


def test_keys_and_titles_have_their_number():
    assert (key_of("cxx", 12), title_of("第 {} 讲", 12), title_of("Lesson", 12)) == ("cxx-12", "第 12 讲", "Lesson")


def meeting(key, start, end, *, course=1, is_cancelled=False):
    return SimpleNamespace(key=key, starts_at=start, ends_at=end, course=course, is_cancelled=is_cancelled)


@pytest.mark.parametrize(
    ("meetings", "pairs"),
    [
        ([meeting("a", 1, 3), meeting("b", 2, 4)], [("a", "b")]),
        ([meeting("a", 1, 3), meeting("b", 3, 4)], []),
        ([meeting("b", 1, 9), meeting("a", 2, 3), meeting("c", 4, 5)], [("b", "a"), ("b", "c")]),
        ([meeting("a", 1, 3), meeting("b", 1, 3)], [("a", "b")]),
        ([meeting("a", 1, 3), meeting("b", 2, 4, course=2)], []),
        ([meeting("a", 1, 3, course=None), meeting("b", 2, 4, course=None)], []),
        ([meeting("a", 1, 3), meeting("b", 2, 4, is_cancelled=True)], []),
        ([], []),
    ],
)
def test_meetings_of_one_course_at_the_same_time(meetings, pairs):
    assert [(first.key, second.key) for first, second in overlapping(meetings)] == pairs
