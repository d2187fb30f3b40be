"""A page of a course's board as one reader sees it."""

from dataclasses import dataclass

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from camp.accounts.folding import visible
from camp.camps.errors import NotHere
from camp.enrollment.models import Enrollment
from camp.rankings.distribution import bins_of
from camp.rankings.models import Standing
from camp.rankings.queries import place_of, rank_of, ranked
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


class Board:
    """The board of a course: its numbered pages, a search, the reader's own row, and how points are spread."""

    def __init__(self, course, *, viewer, number="1", search=""):
        self.course, self.viewer = course, viewer
        self.number, self.search = number, visible(search)[:60]
        self.standings = Standing.objects.on_board(course)

    @cached_property
    def page(self):
        """The Django page of standings. A page that does not exist is a 404 that says so."""
        try:
            return Paginator(self.standings.for_board(), PER_PAGE).page(self.number)
        except InvalidPage:
            raise NotHere(_("The board has no such page."), back="?tab=rank") from None

    @cached_property
    def rows(self):
        return self._rows(self._found() if self.search else self._on_page())

    def _on_page(self):
        standings = list(self.page)
        first = rank_of(standings[0]) if standings else 1
        return ranked(standings, first_rank=first, first_place=self.page.start_index())

    def _found(self):
        login = Q(enrollment__student__identities__login_key__contains=self.search.lower())
        name = Q(enrollment__student__display_name__icontains=self.search) | Q(
            enrollment__student__handle__icontains=self.search
        )
        pks = self.standings.filter(login | name).values("pk")
        found = self.standings.filter(pk__in=pks).for_board().with_rank()
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
        return self.standings.filter(enrollment__in=enrollment).for_board().with_rank().first()

    @cached_property
    def own_row(self):
        rows = self._rows([(self.own_standing.rank, self.own_standing)]) if self.own_standing else []
        return rows[0] if rows else None

    @cached_property
    def own_page(self):
        """The number of the page that the reader's own row is on."""
        return (place_of(self.own_standing) - 1) // PER_PAGE + 1 if self.own_standing else None

    @cached_property
    def bins(self):
        return bins_of(
            self.standings, maximum=self.course.max_points, own=self.own_standing and self.own_standing.points
        )
