"""A page of a course's board as one reader sees it."""

from dataclasses import dataclass

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from camp.accounts.folding import visible
from camp.camps.errors import NotHere
from camp.enrollment.models import Enrollment
from camp.rankings.boards import edition_for
from camp.rankings.distribution import spread
from camp.rankings.histogram import key_at, with_place, with_rank
from camp.rankings.models import Standing
from camp.rankings.queries import place_of, ranked
from camp.stages.models import Participation, Stage

PER_PAGE = 50
MOST_FOUND = 50


@dataclass(frozen=True)
class Row:
    """One line of the board."""

    rank: int
    standing: Standing
    is_promoted: bool
    is_own: bool


class Pages(Paginator):
    """Numbered pages that are found by the histogram and read from there on by the index: no page costs more."""

    def __init__(self, edition):
        super().__init__(edition.places, PER_PAGE)
        self.edition = edition

    @cached_property
    def count(self):
        return self.edition.people

    def page(self, number):
        number = self.validate_number(number)
        places, course = self.edition.places, self.edition.board.course_id
        key = key_at(places, course, (number - 1) * PER_PAGE + 1) if number > 1 else None
        start = places.from_key(key) if key else places
        return Page(list(start.for_board()[:PER_PAGE]), number, self)


class BoardPage:
    """The board of a course: its numbered pages, a search, the reader's own row, and how points are spread."""

    def __init__(self, course, *, viewer, number="1", search="", live=False):
        self.course, self.viewer = course, viewer
        self.number, self.search = number, visible(search)[:60]
        self.edition = edition_for(course, live=live)
        self.standings = self.edition.places

    @cached_property
    def page(self):
        """The Django page of standings. A page that does not exist is a 404 that says so."""
        try:
            return Pages(self.edition).page(self.number)
        except InvalidPage:
            raise NotHere(_("The board has no such page."), back="?tab=rank") from None

    @cached_property
    def rows(self):
        return self._rows(self._found() if self.search else self._on_page())

    def _on_page(self):
        standings = list(self.page)
        rank, place = place_of(standings[0]) if standings else (1, 1)
        return ranked(standings, first_rank=rank, first_place=place)

    def _found(self):
        login = Q(enrollment__student__identities__login_key__contains=self.search.lower())
        name = Q(enrollment__student__display_name__icontains=self.search) | Q(
            enrollment__student__handle__icontains=self.search
        )
        pks = self.standings.filter(login | name).values("pk")
        found = with_rank(self.standings.filter(pk__in=pks).for_board())
        return [(standing.rank, standing) for standing in found[:MOST_FOUND]]

    def _rows(self, pairs):
        promoted = self._promoted_among([standing.enrollment_id for _rank, standing in pairs])
        own = self.own_standing and self.own_standing.pk
        return [Row(rank, row, row.enrollment_id in promoted, row.pk == own) for rank, row in pairs]

    def _promoted_among(self, enrollment_ids):
        admitted = Participation.objects.admitted().filter(stage=self.promotes_to, enrollment__in=enrollment_ids)
        return set(admitted.values_list("enrollment_id", flat=True)) if self.promotes_to else set()

    @cached_property
    def promotes_to(self):
        """The first stage whose rule asks for points of this course."""
        return Stage.objects.filter(requirement_groups__requirements__course=self.course).order_by("position").first()

    @cached_property
    def own_standing(self):
        if not self.viewer.is_authenticated:
            return None
        enrollment = Enrollment.objects.of(self.viewer).in_camp(self.course.camp).active()
        return with_place(self.standings.filter(enrollment__in=enrollment).for_board()).first()

    @cached_property
    def own_row(self):
        rows = self._rows([(self.own_standing.rank, self.own_standing)]) if self.own_standing else []
        return rows[0] if rows else None

    @cached_property
    def own_page(self):
        """The number of the page that the reader's own row is on."""
        return (self.own_standing.place - 1) // PER_PAGE + 1 if self.own_standing else None

    @cached_property
    def bins(self):
        own = self.own_standing and self.own_standing.points
        return spread(self.edition.scores, maximum=self.course.max_points, own=own)
