"""The geometry of the server's own pictures: plain values in, plain values out. The templates draw.

Lengths along the page are percent of the picture's width, written as text (`"12.50%"`), so that a picture is as wide as
its place while its words keep their size; heights are pixels.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from camp.camps import times

COLUMN = 120  # Pixels of the highest column of a histogram.
ABOVE = 20  # Pixels above it, for its number.
BELOW = 22  # Pixels below the base, for the labels.
LABELS = 6  # So many labels fit under a histogram on a phone.
EDGE = 0.1  # Words nearer than this to an end of the picture are set from that end.


def percent(value):
    return f"{float(value) * 100:.2f}%"


def share(part, whole):
    """`part` of `whole` as a width from 0% to 100%; the whole of nothing is all of it."""
    return percent(min(max(part / whole, 0), 1) if whole else 1)


def anchor_at(place):
    """How words at a place from 0 to 1 are set, so that they stay inside the picture."""
    if place < EDGE:
        return "start"
    return "end" if place > 1 - EDGE else "middle"


@dataclass(frozen=True)
class Bar:
    """A stage on the timeline. `step` is whatever has the stage as `.stage`."""

    step: Any
    dates: str
    state: str
    x: str
    width: str

    @property
    def is_open(self):
        return self.state == "now"


@dataclass(frozen=True)
class Today:
    """Where now is on the timeline; `at` is empty outside of it."""

    at: str = ""
    anchor: str = ""
    date: str = ""


@dataclass(frozen=True)
class Timeline:
    bars: tuple[Bar, ...] = ()
    today: Today = Today()


def timeline(steps, *, now):
    """Every stage a bar from its opening to its close, on the scale of the whole camp."""
    if not steps:
        return Timeline()
    start = min(step.stage.opens_at for step in steps)
    whole = max(step.stage.closes_at for step in steps) - start
    bars = tuple(_bar(step, start, whole, now) for step in steps)
    return Timeline(bars=bars, today=_today((now - start) / whole, steps[0].stage.camp, now))


def _bar(step, start, whole, now):
    stage = step.stage
    left, width = (stage.opens_at - start) / whole, (stage.closes_at - stage.opens_at) / whole
    return Bar(step=step, dates=dates_of(stage), state=state_of(stage, now), x=percent(left), width=percent(width))


def _today(place, camp, now):
    if not 0 <= place <= 1:
        return Today()
    return Today(at=percent(place), anchor=anchor_at(place), date=times.short_day(timezone.localtime(now, camp.zone)))


def dates_of(stage):
    """First and last day of a stage on the camp's calendar, without the year, which the whole camp has."""
    first, last = times.calendar_days(stage.opens_at, stage.closes_at, stage.camp.zone)
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

    @property
    def count_y(self):
        return self.y - 6


@dataclass(frozen=True)
class Histogram:
    columns: tuple[Column, ...]
    base: int = ABOVE + COLUMN
    label_y: int = ABOVE + COLUMN + 17
    height: int = ABOVE + COLUMN + BELOW


def histogram(bins):
    """Columns side by side, the highest one COLUMN high; whoever counts is seen, however few."""
    bins = list(bins)
    highest = max((one.count for one in bins), default=0)
    return Histogram(columns=tuple(_column(one, place, bins, highest) for place, one in enumerate(bins)))


def _column(one, place, bins, highest):
    height = max(round(COLUMN * one.count / highest), 2) if one.count else 0
    return Column(
        label=one.label, shown_label=one.label if _label_fits(place, bins) else "", count=one.count,
        is_own=one.is_own, x=percent((place + 0.1) / len(bins)), width=percent(0.8 / len(bins)),
        middle=percent((place + 0.5) / len(bins)), y=ABOVE + COLUMN - height, height=height,
    )  # fmt: skip


def _label_fits(place, bins):
    """The last label always, and before it every second, third… so that at most LABELS stand below."""
    every = -(-len(bins) // LABELS)
    return (len(bins) - 1 - place) % every == 0
