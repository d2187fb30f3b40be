"""A board as CSV for spreadsheets: in the order of the board, streamed, with nothing in it that a cell would run."""

import csv
import re
import unicodedata
from decimal import Decimal
from itertools import islice

from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from camp.accounts.models import Identity
from camp.rankings.models import Attempt
from camp.rankings.naming import shown_as
from camp.rankings.promotions import meets_requirement, points_asked

TYPE = "text/csv; charset=utf-8"
CHUNK = 1000  # Rows read at a time.
BOM = "\ufeff"  # Without it, spreadsheets take the names for another encoding.
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
SKIPPED = re.compile("^[\\s\"'`\u2018-\u201f\u200b-\u200f\u2060\ufeff]+")  # What spreadsheets or people overlook.
FORMULA = {"=", "+", "-", "\u2212", "@"}
# Where a spreadsheet is set to another delimiter than the comma, what follows it begins a cell of its own.
AFTER_DELIMITER = re.compile(r"([;,|\t])(?=[\s\"']*[=+\-\u2212@])")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, line):
        return line


def defused(text):
    """A cell that a spreadsheet shows as text and never computes. Negative numbers stay numbers."""
    head, rest = text[:1], text[1:]
    text = head + AFTER_DELIMITER.sub(r"\1'", rest)
    first = unicodedata.normalize("NFKC", SKIPPED.sub("", text)[:1])
    is_formula = first[:1] in FORMULA or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if is_formula and not NUMBER.fullmatch(text) else text


def file_name(course, *, until, now):
    """Says which edition it holds: the live board, or the one that was frozen on a day of the camp's calendar."""
    day = timezone.localtime(until or now, course.camp.zone).strftime("%Y-%m-%d-%H%M")
    return "-".join([*course.camp.address, str(course.number), "board", "frozen" if until else "live", day]) + ".csv"


def lines(course, edition):
    """The lines of the file, all as of one moment: one statement reads the board, however long it is downloaded."""
    # The page's language is no longer active when the lines are asked for.
    language, writer = translation.get_language(), csv.writer(Echo(), quoting=csv.QUOTE_NONNUMERIC)
    yield BOM + writer.writerow(_titles())
    rank, asked = Ranks(), points_asked(course)
    standings = iter(_standings(edition).iterator(chunk_size=CHUNK))
    while chunk := list(islice(standings, CHUNK)):
        with translation.override(language):
            rows = [writer.writerow(_cells(rank.of(standing), standing, course, asked)) for standing in chunk]
        yield "".join(rows)


def _titles():
    return [
        _("rank"), _("name"), _("handle"), _("logins"), _("points"), _("maximum"), _("reached at"), _("source"),
        _("adjusted by"), _("requirement met"), _("shown as"),
    ]  # fmt: skip


def _standings(edition):
    logins = Prefetch("enrollment__student__identities", Identity.objects.linked().order_by("channel", "login_key"))
    return edition.places.for_board().prefetch_related(logins)


class Ranks:
    """Competition ranks of standings that come in the order of their board."""

    def __init__(self):
        self.place, self.rank, self.last = 0, 0, None

    def of(self, standing):
        self.place += 1
        if (standing.points, standing.reached_at) != self.last:
            self.rank, self.last = self.place, (standing.points, standing.reached_at)
        return self.rank


def _cells(rank, standing, course, asked):
    student = standing.enrollment.student
    logins = ", ".join(f"{identity.channel}:{identity.login}" for identity in student.identities.all())
    reached_at = timezone.localtime(standing.reached_at, course.camp.zone).isoformat(timespec="seconds")
    is_enough = meets_requirement(standing, course, asked=asked)
    texts = [str(student), student.handle, logins]
    return [
        rank, *map(defused, texts), _plain(standing.points), _plain(course.max_points), reached_at, _source(standing),
        _plain(standing.adjustment), _("yes") if is_enough else _("no"), defused(shown_as(standing).name),
    ]  # fmt: skip


def _source(standing):
    return str(Attempt.Source(standing.best.source).label) if standing.best else _("given by staff")


def _plain(number):
    return Decimal(f"{number.normalize():f}")
