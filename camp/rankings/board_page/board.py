"""A page of a course's board as one reader sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import InvalidPage, Page, Paginator
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from camp.accounts.folding import visible
from camp.camps import times
from camp.camps.errors import NotHere
from camp.camps.templatetags.camp_ui import moment_html, points
from camp.rankings.board_page import rendering
from camp.rankings.board_page.distribution import bin_of, spread
from camp.rankings.board_page.search import MANY, found_among
from camp.rankings.boards import edition_for
from camp.rankings.histogram import key_at, with_rank
from camp.rankings.models import Standing
from camp.rankings.naming import Shown, shown_as
from camp.rankings.promotions import meets_requirement, points_asked
from camp.rankings.queries import own_place, place_of, ranked
from camp.stages.models import Course

PER_PAGE = 50
MOST_FOUND = 50


@dataclass(frozen=True)
class Row:
    """One line of the board as a reader sees it.

    `place`: 1-based in the order of the board, None in a search. `is_enough`: what is shown meets the requirement of
    the next stage. `tells_all`: to staff, and to oneself.
    """

    rank: int
    place: int | None
    standing: Standing
    shown: Shown
    course: Course
    is_enough: bool = False
    is_own: bool = False
    tells_all: bool = False

    @property
    def values(self):
        """What the row says, each as text or HTML."""
        best = self.standing.best
        return {
            "rank": self.rank, "place": self.place, "points": points(self.standing.points),
            "reached": moment_html(self.standing.reached_at, self.course.camp), "name": self.shown.name,
            "login": self.shown.login, "channel": self.shown.channel, "note": self.shown.note,
            "source": best.get_source_display() if best else "",
        }  # fmt: skip

    @property
    def marks(self):
        """How the row looks, besides what it says; equal for many."""
        best = self.standing.best
        return {
            "is_own": self.is_own, "is_quiet": self.shown.is_hidden and not self.tells_all,
            "is_proven": bool(best and best.is_proven), "is_adjusted": self.tells_all and self.standing.is_adjusted,
            "is_enough": self.is_enough, "max_points": points(self.course.max_points),
        }  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a page says of the board itself, to everybody of its audience. `freezes_in`: as text."""

    people: int
    live: bool
    to_staff: bool
    search: str
    is_large: bool
    has_freeze: bool
    is_to_freeze: bool
    freezes_at: datetime | None
    freezes_in: str

    @property
    def is_as_frozen(self):
        return self.has_freeze and not self.live


class Pages(Paginator):
    """Numbered pages that are found by the histogram and read from there on by the index: no page costs more."""

    def __init__(self, edition):
        super().__init__(edition.places, PER_PAGE)
        self.edition = edition

    @cached_property
    def count(self):
        return self.edition.people

    def page(self, number):
        """The page with its neighbours; its rows are read by `read`, and only where nobody has rendered them."""
        return Page((), self.validate_number(number), self)

    def read(self, number):
        """The standings of a page loaded `for_board`, in their order."""
        places, course = self.edition.places, self.edition.board.course_id
        key = key_at(places, course, (number - 1) * PER_PAGE + 1) if number > 1 else None
        if number > 1 and key is None:
            return places.none()
        return (places.from_key(key) if key else places).for_board()[:PER_PAGE]


def page_of(place):
    """The number of the page that a 1-based place is on."""
    return (place - 1) // PER_PAGE + 1


class BoardPage:
    """The board of a course: its numbered pages, a search, the reader's own row, and how points are spread.

    `live`: the live board, also while it is frozen; `to_staff`: with the names behind nicknames.
    """

    def __init__(self, course, *, viewer, number="1", search="", live=False, to_staff=False):
        self.course, self.viewer, self.live, self.to_staff = course, viewer, live, to_staff
        self.number, self.search = number, visible(search)[:60]
        self.edition = edition_for(course, live=live)
        self.pages = Pages(self.edition)

    @cached_property
    def page(self):
        """The Django page, without its rows. A page that does not exist is a 404 that says so."""
        try:
            return self.pages.page(self.number)
        except InvalidPage:
            raise NotHere(_("The board has no such page."), back="?tab=rank") from None

    @property
    def standings(self):
        return self.edition.places

    @property
    def until(self):
        """The moment of which readers are shown the board; None for now."""
        return self.edition.board.freezes_at if self.edition.has_freeze and not self.live else None

    @cached_property
    def state(self):
        """What the rows depend on besides their audience: where it is equal, they are."""
        course = self.course
        rule = self.points_asked, course.max_points, course.counts, course.proof_from
        return self.edition.tag, self.until, rule, course.camp.time_zone

    @property
    def audience(self):
        return "staff" if self.to_staff else "public"

    @cached_property
    def rows(self):
        """The rows as this reader sees them, their own one marked."""
        return self.found_rows() if self.search else self.page_rows(own=self.own_standing)

    def page_rows(self, *, own=None):
        standings = list(self.pages.read(self.page.number))
        rank, place = place_of(standings[0]) if standings else (1, 1)
        pairs = ranked(standings, first_rank=rank, first_place=place)
        return [self.row(rank, one, own=own, place=place + n) for n, (rank, one) in enumerate(pairs)]

    def found_rows(self):
        found = found_among(self.edition.places, self.search, viewer=self.viewer, to_staff=self.to_staff,
                            camp=self.course.camp, is_large=self.is_large)  # fmt: skip
        pks = list(found.values_list("pk", flat=True)[:MOST_FOUND])
        standings = with_rank(self.standings.filter(pk__in=pks).for_board())
        return [self.row(standing.rank, standing, own=self.own_standing) for standing in standings]

    @property
    def is_large(self):
        """Whether people are found by their whole handle, login or nickname only: each by an index."""
        return self.pages.count > MANY

    def row(self, rank, standing, *, own=None, place=None):
        is_own = own is not None and own.pk == standing.pk
        tells_all = self.to_staff or is_own
        is_enough = meets_requirement(standing, self.course, asked=self.points_asked)
        shown = shown_as(standing, to_staff=tells_all)
        return Row(rank, place, standing, shown, self.course, is_enough, is_own, tells_all)

    @cached_property
    def facts(self):
        board, now = self.edition.board, timezone.now()
        return Facts(
            people=self.pages.count, live=self.live, to_staff=self.to_staff, search=self.search,
            is_large=self.is_large, has_freeze=self.edition.has_freeze, is_to_freeze=board.is_to_freeze(now),
            freezes_at=board.freezes_at, freezes_in=times.relative(board.freezes_at, now) if board.freezes_at else "",
        )  # fmt: skip

    @cached_property
    def points_asked(self):
        return points_asked(self.course)

    @cached_property
    def own_standing(self):
        if not self.viewer.is_authenticated:
            return None
        return own_place(self.viewer, self.edition.board, is_frozen=self.edition.is_frozen)

    @cached_property
    def own_row(self):
        own = self.own_standing
        return self.row(own.rank, own, own=own, place=own.place) if own else None

    @cached_property
    def own_page(self):
        """The number of the page that the reader's own row is on."""
        return page_of(self.own_standing.place) if self.own_standing else None

    @cached_property
    def rendered(self):
        """The rows of the page as HTML, the reader's own among them; rendered once for all who see the same."""
        return rendering.rows_for(self)

    @property
    def rows_html(self):
        return [rendering.row_html(row) for row in self.found_rows()] if self.search else self.rendered.html

    @cached_property
    def scores(self):
        """(points, people), counted once for all."""
        return rendering.scores_for(self)

    @property
    def shown_state(self):
        """The states of the board that the rows and the picture are shown in: of now, or of a moment ago."""
        rendered, counted = vars(self).get("rendered"), vars(self).get("scores")
        rows = rendered or rendering.held_lines(self) or self
        scores = counted or rendering.held_scores(self) or self
        return rows.state, scores.state

    @cached_property
    def picture(self):
        """How the points are spread, as HTML."""
        return rendering.picture_of(self)

    @property
    def own_bin(self):
        """The number of the column that the reader stands in; None without a place."""
        return self.own_standing and bin_of(self.own_standing.points, maximum=self.course.max_points)

    @property
    def bins(self):
        return spread(self.scores.counts, maximum=self.course.max_points, own=self.own_bin)
