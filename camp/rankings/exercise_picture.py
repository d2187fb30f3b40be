"""The geometry of the picture of exercises: a column for each, as high as the share of people who passed it.

As in `camp.camps.pictures`: lengths along the page are percent, heights are pixels, the template draws.
"""

from dataclasses import dataclass

from camp.camps.pictures import ABOVE, BELOW, COLUMN, anchor_at, percent
from camp.rankings.results import Count

LABELS = 8  # So many numbers of exercises fit under the picture on a phone.


@dataclass(frozen=True)
class Column:
    """`label` is the number of the exercise, empty where numbers would run into each other."""

    count: Count
    label: str
    x: str
    width: str
    middle: str
    anchor: str
    y: int
    height: int


@dataclass(frozen=True)
class Picture:
    columns: tuple[Column, ...] = ()
    people: int = 0
    number_y: int = ABOVE - 6
    top: int = ABOVE
    base: int = ABOVE + COLUMN
    label_y: int = ABOVE + COLUMN + 17
    height: int = ABOVE + COLUMN + BELOW

    @property
    def steepest(self):
        return next((column.count for column in self.columns if column.count.is_steepest), None)


def picture_of(counts):
    """The whole height is everybody of whom results are known; whoever passed is seen, however few."""
    people = counts[0].of if counts else 0
    return Picture(tuple(_column(count, len(counts)) for count in counts), people) if people else Picture()


def _column(count, whole):
    place = count.number - 1
    height = max(round(COLUMN * count.share), 2) if count.passed else 0
    is_labelled = place % -(-whole // LABELS) == 0
    return Column(
        count=count, label=str(count.number) if is_labelled else "", x=percent((place + 0.1) / whole),
        width=percent(0.8 / whole), middle=percent((place + 0.5) / whole), anchor=anchor_at((place + 0.5) / whole),
        y=ABOVE + COLUMN - height, height=height,
    )  # fmt: skip
