"""The questions and answers of a course as one reader sees them: the tab of the course's page, and one question.

A student who asks without a name is nobody to other students. The names that a page shows are chosen here, and its
templates know no author.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage, Paginator
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.accounts.folding import line_as_typed
from camp.camps.errors import NotHere
from camp.classrooms.access import access_to
from camp.classrooms.models import Answer, Question, Vote

PER_PAGE = 20
LONGEST_SEARCH = 60
SHOWN = {
    "all": gettext_lazy("All"),
    "open": gettext_lazy("Without an answer"),
    "mine": gettext_lazy("Mine"),
}
ORDERS = {"votes": gettext_lazy("Most wanted"), "newest": gettext_lazy("Newest")}


@dataclass(frozen=True)
class Entry:
    """A question to one reader. `asker` is the name that this reader may know, empty for nobody's and the own one."""

    question: Question
    asker: str
    is_own: bool
    is_secret: bool
    has_voted: bool
    may_vote: bool


@dataclass(frozen=True)
class Reply:
    """An answer to one reader. `name` is empty for the reader's own, and for that of who asked without a name."""

    answer: Answer
    name: str
    is_own: bool
    is_asker: bool
    may_correct: bool


def qa_tab(request, course):
    access = access_to(request.user, course.camp, course)
    if not access.may_enter:
        return {"access": access}
    return {"access": access, "questions": QuestionList(course, viewer=request.user, access=access, query=request.GET)}


def entries_of(questions, *, viewer, access):
    """The questions as one reader sees them. One query for what the reader voted for."""
    questions = list(questions)
    voted = set(Vote.objects.filter(voter=viewer, question__in=questions).values_list("question_id", flat=True))
    return [_entry(question, viewer, access, has_voted=question.pk in voted) for question in questions]


def _entry(question, viewer, access, *, has_voted):
    is_own = question.author_id == viewer.pk
    is_nobody = is_own or (question.is_anonymous and not access.is_staff)
    return Entry(
        question, asker="" if is_nobody else str(question.author), is_own=is_own,
        is_secret=question.is_anonymous and (is_own or access.is_staff), has_voted=has_voted,
        may_vote=not is_own and not question.is_hidden,
    )  # fmt: skip


class QuestionList:
    """The questions of a course that one reader finds: `query` holds the search, the choice, the order and the page."""

    def __init__(self, course, *, viewer, access, query):
        self.course, self.viewer, self.access = course, viewer, access
        self.search = line_as_typed(query.get("q", ""))[:LONGEST_SEARCH]
        self.shown = query.get("show") if query.get("show") in SHOWN else "all"
        self.order = query.get("order") if query.get("order") in ORDERS else "votes"
        self.number = query.get("page", "1")

    @cached_property
    def page(self):
        """The Django page of questions. A page that does not exist is a 404 that says so."""
        try:
            return Paginator(self._ordered(), PER_PAGE).page(self.number)
        except InvalidPage:
            raise NotHere(_("There is no such page of questions."), back="?tab=qa") from None

    @cached_property
    def entries(self):
        for question in self.page.object_list:
            question.course = self.course
        return entries_of(self.page.object_list, viewer=self.viewer, access=self.access)

    @property
    def choices(self):
        return [{"key": key, "title": title, "is_current": key == self.shown} for key, title in SHOWN.items()]

    @property
    def orders(self):
        return [{"key": key, "title": title, "is_current": key == self.order} for key, title in ORDERS.items()]

    @property
    def shows_own(self):
        return self.shown == "mine"

    @property
    def is_all_answered(self):
        """Whether a list of the open ones is empty because there are none, and not because nobody has asked."""
        return self.shown == "open" and Question.objects.of_course(self.course).visible().exists()

    @property
    def is_narrowed(self):
        return bool(self.search) or self.shown != "all"

    def _ordered(self):
        found = self._found().for_list()
        return found.by_age() if self.order == "newest" else found.by_votes()

    def _found(self):
        questions = Question.objects.of_course(self.course).seen_by(self.viewer, is_staff=self.access.is_staff)
        if self.shown == "open":
            questions = questions.open()
        elif self.shown == "mine":
            questions = questions.filter(author=self.viewer)
        return questions.search(self.search.split())


class Thread:
    """One question with its answers, and what the reader may do with them."""

    def __init__(self, question, *, viewer, access):
        self.question, self.viewer, self.access = question, viewer, access

    @cached_property
    def entry(self):
        return entries_of([self.question], viewer=self.viewer, access=self.access)[0]

    @cached_property
    def replies(self):
        answers = self.question.answers.seen_by(self.viewer, is_staff=self.access.is_staff)
        return [self._reply(answer) for answer in answers.for_thread()]

    def _reply(self, answer):
        is_own, is_asker = answer.author_id == self.viewer.pk, answer.author_id == self.question.author_id
        is_nobody = is_own or (is_asker and self.question.is_anonymous and not self.access.is_staff)
        is_new = is_own and not answer.is_hidden and answer.is_new_at(timezone.now())
        return Reply(
            answer, name="" if is_nobody else str(answer.author), is_own=is_own, is_asker=is_asker,
            may_correct=is_new and self.is_usable,
        )  # fmt: skip

    @property
    def is_own(self):
        return self.question.author_id == self.viewer.pk

    @property
    def may_settle(self):
        return self.is_own or self.access.is_staff

    @property
    def may_change(self):
        """Whether the reader may correct the question or take it back. A query for who asked only."""
        return self.is_own and self.is_usable and not self.question.has_answers_of_others

    @property
    def is_usable(self):
        """Hidden questions take no answers, no votes and no marks."""
        return not self.question.is_hidden

    def require_asker(self):
        if not self.is_own:
            raise PermissionDenied(_("Only who asked a question corrects it or takes it back."))

    def require_settler(self):
        if not self.may_settle:
            raise PermissionDenied(_("Only who asked and the staff say whether a question is answered."))
