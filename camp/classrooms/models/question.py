from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.accounts.folding import visible
from camp.stages.models import Course

LONGEST_TEXT = 5000  # Characters of a question or an answer.
ANSWER_IS_CORRECTABLE_FOR = timedelta(minutes=15)


class Hideable(models.Model):
    """What staff can take out of students' sight, with a reason that its author reads."""

    is_hidden = models.BooleanField(_("hidden"), default=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hidden by"),
    )
    hidden_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(is_hidden=False) | (~Q(hidden_reason="") & Q(hidden_by__isnull=False)),
                name="hidden_%(class)s_says_who_and_why",
            )
        ]


def _holds(field, word):
    """The word stands in the field as it was typed, or in the width of a plain keyboard."""
    either = Q()
    for form in {word, visible(word)}:
        either |= Q(**{f"{field}__icontains": form})
    return either


class QuestionQuerySet(models.QuerySet):
    def of_course(self, course):
        return self.filter(course=course)

    def visible(self):
        return self.filter(is_hidden=False)

    def open(self):
        """Questions without an answer that settles them."""
        return self.filter(answered_at=None, is_hidden=False)

    def seen_by(self, user, *, is_staff):
        """Hidden questions are for the staff and for whoever asked them."""
        return self if is_staff else self.filter(Q(is_hidden=False) | Q(author=user))

    def search(self, words):
        """Questions that have each of the words in their title, their details or an answer that everybody sees."""
        found = self
        for word in words:
            answered = Answer.objects.visible().filter(_holds("text", word)).values("question")
            found = found.filter(_holds("title", word) | _holds("text", word) | Q(pk__in=answered))
        return found

    def for_list(self):
        """Load what one row of a list of questions shows."""
        answers = Count("answers", filter=Q(answers__is_hidden=False))
        return self.select_related("author").annotate(answers_shown=answers)

    def by_votes(self):
        """Pinned ones first, then the most wanted, then the newest."""
        return self.order_by("-is_pinned", "-votes", F("asked_at").desc(), "-id")

    def by_age(self):
        """Pinned ones first, then the newest."""
        return self.order_by("-is_pinned", F("asked_at").desc(), "-id")

    def count_vote(self, question_id, change=1):
        """One more vote, or one less (-1), counted in the database."""
        return self.filter(pk=question_id).update(votes=F("votes") + change)


class Question(Hideable):
    """A question of a student (or of staff) about a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions", verbose_name=_("course"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions", verbose_name=_("asked by")
    )
    is_anonymous = models.BooleanField(
        _("without my name"), default=False, help_text=_("Other students do not see who asks; the staff do.")
    )
    title = models.CharField(_("question"), max_length=160)
    text = models.TextField(
        _("details"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)], help_text=_("Markdown")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    votes = models.PositiveIntegerField(_("votes"), default=0, editable=False)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked answered by"),
    )

    objects = QuestionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["votes"])

    class Meta(Hideable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["course", "-votes"], name="question_by_votes")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("classrooms:question", args=[*self.course.camp.address, self.course.number, self.pk])

    @property
    def is_answered(self):
        return self.answered_at is not None

    @property
    def has_answers_of_others(self):
        """Hidden ones count. One query."""
        return self.answers.exclude(author=self.author_id).exists()


class AnswerQuerySet(models.QuerySet):
    def visible(self):
        return self.filter(is_hidden=False)

    def seen_by(self, user, *, is_staff):
        """Hidden answers are for the staff and for whoever wrote them."""
        return self if is_staff else self.filter(Q(is_hidden=False) | Q(author=user))

    def for_thread(self):
        """Load what an answer below its question shows: the staff's first, then the oldest."""
        return self.select_related("author").order_by("-is_by_staff", "answered_at", "id")


class Answer(Hideable):
    """An answer to a question, by staff or by another student."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers", verbose_name=_("answered by")
    )
    text = models.TextField(_("answer"), validators=[MaxLengthValidator(LONGEST_TEXT)], help_text=_("Markdown"))
    is_by_staff = models.BooleanField(_("by staff"), default=False)
    answered_at = models.DateTimeField(_("answered at"), default=timezone.now)

    objects = AnswerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Hideable.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["answered_at", "id"]

    def __str__(self):
        return f"{self.question} · {self.author}"

    def is_new_at(self, moment):
        """Whether its author may still correct it."""
        return moment <= self.answered_at + ANSWER_IS_CORRECTABLE_FOR


class Vote(models.Model):
    """Somebody else wants to know it too."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="ballots", verbose_name=_("question"))
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes", verbose_name=_("voter")
    )
    voted_at = models.DateTimeField(_("voted at"), default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["question", "voter"], name="vote_once_per_question")]

    def __str__(self):
        return f"{self.voter} · {self.question}"
