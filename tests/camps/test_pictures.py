from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from camp.camps import pictures
from camp.camps.models import Camp
from camp.stages.models import Stage

START = datetime(2024, 7, 19, 16, 0, tzinfo=UTC)  # Midnight of 20 July in Shanghai.


def step(first_day, last_day, *, time_zone="Asia/Shanghai"):
    opens_at, closes_at = START + timedelta(days=first_day), START + timedelta(days=last_day)
    return SimpleNamespace(stage=Stage(camp=Camp(time_zone=time_zone), opens_at=opens_at, closes_at=closes_at))


def one_bin(count, *, is_own=False, label="a"):
    return SimpleNamespace(label=label, count=count, is_own=is_own)


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [
        (0, 30, "0.00%"), (27, 30, "90.00%"), (Decimal("7.5"), Decimal(30), "25.00%"), (31, 30, "100.00%"),
        (-1, 30, "0.00%"), (0, 0, "100.00%"),
    ],
)  # fmt: skip
def test_share_is_a_width_of_the_whole(part, whole, width):
    assert pictures.share(part, whole) == width


def test_timeline_is_on_the_scale_of_the_camp():
    picture = pictures.timeline([step(0, 15), step(15, 20)], now=START + timedelta(days=5))

    assert [(bar.x, bar.width, bar.state) for bar in picture.bars] == [
        ("0.00%", "75.00%", "now"),
        ("75.00%", "25.00%", "coming"),
    ]
    assert (picture.today.at, picture.today.anchor) == ("25.00%", "middle")


@pytest.mark.parametrize(
    ("day", "state", "anchor"),
    [(-1, "coming", ""), (0, "now", "start"), (9.5, "now", "end"), (10, "past", "end"), (11, "past", "")],
)
def test_timeline_marks_today_within_the_camp(day, state, anchor):
    picture = pictures.timeline([step(0, 10)], now=START + timedelta(days=day))

    assert (picture.bars[0].state, picture.today.anchor) == (state, anchor)


def test_timeline_without_stages_is_empty():
    assert pictures.timeline([], now=START) == pictures.Timeline()


@pytest.mark.parametrize(
    ("last_day", "time_zone", "dates"),
    [
        (1, "Asia/Shanghai", "20 Jul"),
        (16, "Asia/Shanghai", "20 Jul – 4 Aug"),
        (16, "Europe/Berlin", "19 Jul – 4 Aug"),
    ],
    ids=["one day", "closes at midnight", "the camp's own calendar"],
)
def test_dates_are_days_of_the_camps_calendar(last_day, time_zone, dates):
    with translation.override("en"):
        assert pictures.dates_of(step(0, last_day, time_zone=time_zone).stage) == dates


def test_histogram_is_as_high_as_its_highest_column():
    columns = pictures.histogram([one_bin(60), one_bin(120), one_bin(0), one_bin(1)]).columns

    assert [column.height for column in columns] == [60, 120, 0, 2]
    assert {column.y + column.height for column in columns} == {pictures.ABOVE + pictures.COLUMN}
    assert [column.x for column in columns] == ["2.50%", "27.50%", "52.50%", "77.50%"]


def test_histogram_of_nobody_has_no_height():
    assert [column.height for column in pictures.histogram([one_bin(0), one_bin(0)]).columns] == [0, 0]
    assert pictures.histogram([]).columns == ()


@pytest.mark.parametrize("number", [1, 5, 6, 7, 12, 13, 40])
def test_histogram_labels_never_run_into_each_other(number):
    columns = pictures.histogram([one_bin(1)] * number).columns

    shown = [column for column in columns if column.shown_label]
    assert columns[-1].shown_label == "a"
    assert 1 <= len(shown) <= pictures.LABELS
