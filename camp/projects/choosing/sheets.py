"""What a team's page of preferences shows: its list in order, and the projects that can be added."""

from dataclasses import dataclass, field, replace

from django.db.models import Q

from camp.projects.catalogue import folded, text_of
from camp.projects.choosing import selection
from camp.projects.choosing.fits import Fit, fit
from camp.projects.choosing.receipts import lists_of
from camp.projects.models import Project, SavedProject, SelectionRound


@dataclass(frozen=True)
class Line:
    """A project on the page. `warning`: why it cannot count, or counts no more. `is_found`: by the search."""

    project: Project
    is_saved: bool = False
    warning: str = ""
    is_found: bool = True

    @property
    def text(self):
        """What a search looks through, here and in the browser."""
        return text_of(self.project)


@dataclass
class Sheet:
    """The page of one team (None: of a student without one) in one round (None: there is none).

    `chosen` is the order that the reader is making, `current` the list that counts, `others` the rest, found or not.
    `reserved`: projects that keep a seat for the team and that it can choose, but has not on the list that counts.
    `following`: the next round that opens. `fit`: how the list that counts fits the team, while no result is published.
    """

    round: SelectionRound | None
    is_open: bool = False
    is_to_come: bool = False
    is_placed: bool = False
    chosen: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    current: list[Line] = field(default_factory=list)
    lists: list = field(default_factory=list)
    reserved: list[Project] = field(default_factory=list)
    following: SelectionRound | None = None
    fit: Fit | None = None
    based_on: int = 0
    query: str = ""
    is_changed: bool = False

    @property
    def takes_list(self):
        return self.is_open and not self.is_placed

    @property
    def finds_any(self):
        return any(line.is_found for line in self.others)

    @property
    def latest(self):
        return self.lists[0] if self.lists else None


def sheet(access, *, user, now, order=None, based_on=None, query=""):
    """`order` and `based_on`: what the reader is just making, and from which version; without, what is stored."""
    round = selection.current_round(access.project_stage, now)
    if round is None:
        return Sheet(None)
    stored, lists = selection.listed_ids(round, access.team), list(lists_of(round, access.team))
    order = stored if order is None else list(dict.fromkeys(order))
    lines = _lines(access, user=user, ids={*order, *stored})
    chosen, current = ([lines[pk] for pk in pks if pk in lines] for pks in (order, stored))
    return Sheet(
        round, is_open=round.is_open(now), is_to_come=round.is_to_come(now),
        is_placed=selection.is_placed(access.team), chosen=chosen,
        others=_others(lines, order, query), current=current, lists=lists,
        based_on=(lists[0].version if lists else 0) if based_on is None else based_on,
        query=query, is_changed=order != stored, reserved=_reserved(lines, access.team, stored),
        following=selection.coming_round(access.project_stage, now) if round.is_closed(now) else None,
        fit=_fit(round, access.team, current),
    )  # fmt: skip


def _fit(round, team, current):
    return None if round.is_published or team is None else fit([line.project for line in current], team.size)


def _lines(access, *, user, ids):
    """All projects that can be chosen, and those with these ids, in their order in the camp."""
    shown = Project.objects.shown().filter(project_stage=access.project_stage)
    saved = set(SavedProject.objects.filter(user=user, project__in=shown).values_list("project", flat=True))
    lacks = selection.lacks_of(access.project_stage)
    projects = shown.filter(Q(status=Project.Status.OPEN) | Q(pk__in=ids)).for_list()
    projects = projects.prefetch_related("co_mentors__user")
    return {
        project.pk: Line(
            project, project.pk in saved, selection.why_not(project, access.team, lack=lacks.get(project.pk))
        )
        for project in projects
    }


def _reserved(lines, team, stored):
    rest = [line for pk, line in lines.items() if pk not in stored and not line.warning]
    return [line.project for line in rest if team and line.project.reserved_for_id == team.pk]


def _others(lines, order, query):
    """What can be added: saved ones first; those that cannot be chosen stay, with the reason."""
    words, chosen = folded(query).split(), set(order)
    rest = [line for pk, line in lines.items() if pk not in chosen and line.project.is_open]
    marked = [replace(line, is_found=all(word in line.text for word in words)) for line in rest]
    return sorted(marked, key=lambda line: not line.is_saved)
