"""The geometry of the server's own pictures: pure functions, plain values in and out. The templates draw.

Lengths along the page are percent of the picture's width, written as text (`"12.5%"`), so that a picture is as wide as
its place while its words keep their size; heights are pixels.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from camp.camps import times

ROW = 48  # Pixels a stage takes.
TOP = 28  # Pixels above the first stage, for the word beside the line of today.
COLUMN = 120  # Pixels of the highest bar.
LABELS = 6  # So many labels fit under a histogram on a phone.


def percent(value):
    return f"{float(value) * 100:.2f}%"


def share(part, whole):
    """`part` of `whole`, as a width from 0% to 100%."""
    return percent(min(max(part / whole, 0), 1)) if whole else percent(1)


@dataclass(frozen=True)
class Bar:
    """A stage on the timeline."""

    step: Any
    dates: str
    state: str
    x: str
    width: str
    text_x: str
    anchor: str
    text_y: int
    y: int


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    height: int
    today: str


def timeline(steps, *, now):
    """Every stage a bar from its opening to its close, one below the other, and a line where today is."""
    if not steps:
        return Timeline(bars=[], height=0, today="")
    start = min(step.stage.opens_at for step in steps)
    whole = (max(step.stage.closes_at for step in steps) - start) or timedelta(seconds=1)
    bars = [_bar(step, row, start=start, whole=whole, now=now) for row, step in enumerate(steps)]
    today = percent((now - start) / whole) if start <= now <= start + whole else ""
    return Timeline(bars=bars, height=TOP + ROW * len(bars), today=today)


def _bar(step, row, *, start, whole, now):
    stage = step.stage
    left, right = (stage.opens_at - start) / whole, (stage.closes_at - start) / whole
    is_right = left + right > 1.1
    top = TOP + ROW * row
    return Bar(
        step=step, dates=dates_of(stage), state=state_of(stage, now), x=percent(left), width=percent(right - left),
        text_x=percent(right if is_right else left), anchor="end" if is_right else "start", text_y=top + 14, y=top + 22,
    )  # fmt: skip


def dates_of(stage):
    """First and last day of a stage on the camp's calendar; one that closes at midnight ends the day before."""
    zone = stage.camp.zone
    first = timezone.localtime(stage.opens_at, zone)
    last = timezone.localtime(stage.closes_at - timedelta(microseconds=1), zone)
    if first.date() == last.date():
        return times.short_day(first)
    return f"{times.short_day(first)} – {times.short_day(last)}"


def state_of(stage, now):
    if stage.is_open(now):
        return "now"
    return "past" if stage.is_over(now) else "coming"


@dataclass(frozen=True)
class Column:
    """A bin of a histogram. `shown_label` is empty where labels would run into each other."""

    label: str
    shown_label: str
    count: int
    is_own: bool
    x: str
    width: str
    middle: str
    y: int
    height: int


@dataclass(frozen=True)
class Histogram:
    columns: list[Column]
    height: int
    base: int


def histogram(bins):
    bins = list(bins)
    highest = max((one.count for one in bins), default=0) or 1
    every = -(-len(bins) // LABELS) or 1
    columns = [_column(one, place, len(bins), highest, every) for place, one in enumerate(bins)]
    return Histogram(columns=columns, height=COLUMN + 44, base=COLUMN + 20)


def _column(one, place, total, highest, every):
    height = max(round(COLUMN * one.count / highest), 2 if one.count else 0)
    return Column(
        label=one.label, shown_label=one.label if one.is_own or place % every == 0 else "", count=one.count,
        is_own=one.is_own, x=percent((place + 0.1) / total), width=percent(0.8 / total),
        middle=percent((place + 0.5) / total), y=COLUMN + 20 - height, height=height,
    )  # fmt: skip
