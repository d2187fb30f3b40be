"""The projects of a stage as one reader finds them: the list with its filters, and one project.

A camp has a few hundred projects at the most, so they are searched in Python: skills are JSON, and databases disagree
about the case of letters beyond ASCII. What an address asks for and the camp does not have is passed over.
"""

import unicodedata
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.functional import cached_property

from camp.projects.models import Difficulty, Project, ProjectStage, SavedProject, SelectionRound

PER_PAGE = 30
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Card:
    """A project to one reader."""

    project: Project
    is_saved: bool = False

    @property
    def mentors(self):
        """The mentor whose order counts first, then those who help."""
        project = self.project
        return ([project.mentor] if project.mentor else []) + list(project.co_mentors.all())

    @property
    def has_one_size(self):
        return self.project.team_size_min == self.project.team_size_max

    @property
    def needs_several_teams(self):
        return self.project.least_teams > 1


@dataclass(frozen=True)
class Choice:
    """One choice that a filter offers."""

    value: str
    title: str
    is_chosen: bool


class Catalogue:
    """The projects of a stage that one reader finds: `query` holds the search, the filters and the page."""

    def __init__(self, access, *, user, query):
        self.access, self.user, self.query = access, user, query
        self.search = " ".join(query.get("q", "").split())[:LONGEST_SEARCH]
        self.only_open = bool(query.get("open"))
        self.only_saved = bool(query.get("saved")) and user.is_authenticated

    @cached_property
    def page(self):
        return Paginator(self._found, PER_PAGE).get_page(self.query.get("page"))

    @cached_property
    def difficulties(self):
        there = {card.project.difficulty for card in self._cards}
        return self._choices("difficulty", [pair for pair in Difficulty.choices if pair[0] in there])

    @cached_property
    def skills(self):
        """Each skill once, however its letters are written."""
        written = {}
        for skill in (skill for card in self._cards for skill in card.project.skills):
            written.setdefault(folded(skill), skill)
        return self._choices("skill", sorted(written.items()), key=folded)

    @cached_property
    def support_projects(self):
        named = {card.project.support_project for card in self._cards} - {None}
        return self._choices("of", [(str(one.pk), one.name) for one in sorted(named, key=lambda one: one.name)])

    @cached_property
    def mentors(self):
        named = {mentor for card in self._cards for mentor in card.mentors}
        return self._choices("mentor", sorted(((str(one.pk), str(one)) for one in named), key=lambda pair: pair[1]))

    @property
    def is_narrowed(self):
        filters = (self.difficulties, self.skills, self.support_projects, self.mentors)
        chosen = any(choice.is_chosen for choices in filters for choice in choices)
        return bool(self.search or self.only_open or self.only_saved or chosen)

    @property
    def has_any(self):
        return bool(self._cards)

    def _choices(self, name, pairs, key=str):
        asked = key(self.query.get(name, ""))
        return [Choice(value, title, is_chosen=value == asked) for value, title in pairs]

    @cached_property
    def _cards(self):
        return cards_of(projects_of(self.access), user=self.user)

    @cached_property
    def _found(self):
        words = folded(self.search).split()
        tests = [lambda card: all(word in text_of(card.project) for word in words)] if words else []
        tests += [(lambda card: card.project.is_open)] if self.only_open else []
        tests += [(lambda card: card.is_saved)] if self.only_saved else []
        tests += [test for test in self._chosen_tests() if test]
        return [card for card in self._cards if all(test(card) for test in tests)]

    def _chosen_tests(self):
        """One test for each filter in which something is chosen."""
        yield _test(self.difficulties, lambda card: [card.project.difficulty])
        yield _test(self.skills, lambda card: [folded(skill) for skill in card.project.skills])
        yield _test(self.support_projects, lambda card: [str(card.project.support_project_id)])
        yield _test(self.mentors, lambda card: [str(mentor.pk) for mentor in card.mentors])


def _test(choices, values_of):
    chosen = next((choice.value for choice in choices if choice.is_chosen), None)
    return (lambda card: chosen in values_of(card)) if chosen else None


def projects_of(access):
    """The projects that a reader may see: drafts are for the staff."""
    projects = Project.objects.filter(project_stage=access.project_stage)
    return (projects if access.is_staff else projects.shown()).for_list().prefetch_related("co_mentors__user")


def cards_of(projects, *, user):
    """Two queries more: what the reader saved, and who helps."""
    projects = list(projects)
    saved = set(saved_by(user, projects))
    return [Card(project, is_saved=project.pk in saved) for project in projects]


def saved_by(user, projects):
    if not user.is_authenticated:
        return []
    return SavedProject.objects.filter(user=user, project__in=projects).values_list("project_id", flat=True)


def text_of(project):
    """What the searches look through. The co-mentors are prefetched."""
    mentors = [str(mentor) for mentor in Card(project).mentors]
    return folded("\n".join([project.title, project.summary, project.description, *project.skills, *mentors]))


def folded(text):
    """Without case and width, so that ＣＵＤＡ is cuda."""
    return unicodedata.normalize("NFKC", text).casefold()


def invites_proposals(project_stage, now):
    """Whether to ask for topics: while they are taken and teams can still choose them in the first round."""
    if not project_stage.takes_proposals(now):
        return False
    rounds = SelectionRound.objects.filter(project_stage=project_stage)
    return not rounds.filter(Q(closes_at__lte=now) | Q(locked_at__isnull=False)).exists()


def stage_to_show(camp, *, is_staff, now):
    """The project stage that the camp's home leads to; None before its topics are published, but for the staff."""
    project_stage = ProjectStage.objects.filter(camp=camp).select_related("stage").first()
    if project_stage is None or not (is_staff or project_stage.topics_are_published(now)):
        return None
    project_stage.camp = camp
    return project_stage
