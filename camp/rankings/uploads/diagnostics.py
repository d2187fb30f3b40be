"""What came in of late, for the person who waits for it: the answers given, the reasons, and what to do.

Uploads are found by the logins of a person, or by one typed that nobody has linked yet.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.accounts.models import Identity
from camp.accounts.services import RETIRED, TAKEN
from camp.enrollment.models import Enrollment
from camp.rankings.models import Attempt, Correction
from camp.rankings.services import RankingError
from camp.rankings.standings import attempts_of
from camp.rankings.uploads import answers
from camp.stages.models import Course

SHOWN_FOR = timedelta(days=30)
ROWS = 50
CURSOR = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OWN = gettext_lazy("This login is linked to your account already; its uploads are in your list.")


@dataclass(frozen=True)
class Line:
    """One upload with what its sender reads of it. `notes` say what became of it, `advice` what to do."""

    attempt: Attempt
    answer: str
    notes: list
    advice: str

    @property
    def asks_staff(self):
        return self.attempt.reason in answers.ASKS_STAFF


@dataclass(frozen=True)
class Page:
    """Uploads, newest first. `cursor` leads to those before the last of these, empty where there are none."""

    lines: list
    cursor: str


def key_in(cursor):
    """The (received_at, id) that a cursor in an address stands for. Raises ValueError."""
    match = CURSOR.fullmatch(cursor)
    if not match:
        raise ValueError(cursor)
    return EPOCH + timedelta(microseconds=int(match[1])), int(match[2])


def _cursor_of(attempt):
    return f"{(attempt.received_at - EPOCH) // timedelta(microseconds=1)}-{attempt.pk}"


def page_of(attempts, *, reader, before=None, is_linked=True):
    """One page of these attempts, those before the key (received_at, id) where there is one."""
    if before:
        moment, pk = before
        attempts = attempts.filter(
            Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=pk), received_at__lte=moment
        )
    found = list(attempts.for_list().defer("ext", "claims", "results")[: ROWS + 1])
    shown, camps = found[:ROWS], set(camps_of(reader).values_list("camp", flat=True))
    lines = [_line(attempt, camps=camps, is_linked=is_linked) for attempt in shown]
    return Page(lines, _cursor_of(shown[-1]) if len(found) > ROWS else "")


def _line(attempt, *, camps, is_linked):
    notes = list(_notes(attempt, camps=camps, is_linked=is_linked))
    return Line(attempt, answers.body_to(attempt), notes, answers.advice_on(attempt))


def _notes(attempt, *, camps, is_linked):
    """What an answer does not say: corrections, and why an accepted score is not where one looks for it."""
    correction = attempt.correction
    if correction:
        yield _correction_note(correction)
    elif attempt.is_accepted and not is_linked:
        yield _("It counts as soon as you link this login.")
    elif attempt.is_accepted and attempt.course.camp_id not in camps:
        yield _("You have no place in the camp of this course, so it is on no board.")
    elif attempt.is_accepted and not attempt.counts_in(attempt.course):
        yield _("It is on the board; for promotion this course asks for a proven score.")


def _correction_note(correction):
    if correction.kind == Correction.Kind.MOVED:
        words = _("The staff moved it to %(course)s: %(reason)s")
        return words % {"course": correction.to_course, "reason": correction.reason}
    return _("The staff disqualified it, so it does not count: %(reason)s") % {"reason": correction.reason}


def camps_of(user):
    return Enrollment.objects.of(user).active()


def recent_of(user, *, at):
    """Every upload by the user's logins in the last 30 days, in all camps."""
    return attempts_of(user).filter(received_at__gte=at - SHOWN_FOR)


def courses_of(user, *, at):
    """The courses to which these uploads went."""
    sent_to = recent_of(user, at=at).values("course")
    return Course.objects.filter(pk__in=sent_to).select_related("camp").order_by("-camp__starts_at", "number")


def narrowed(attempts, *, course=None, refused=False):
    attempts = attempts.filter(course=course) if course else attempts
    return attempts.refused() if refused else attempts


def recent_under(user, *, channel, login, at):
    """What came in the last 30 days under a login that nobody has linked, for somebody who says it is theirs.

    Only what went to the user's camps or to no known course. Raises RankingError when the login is somebody's.
    """
    holder = free_holder(user, channel=channel, login=login)
    here = Q(course=None) | Q(course__camp__in=camps_of(user).values("camp"))
    found = Attempt.objects.by_login(channel, login).filter(here, identity=None, received_at__gte=at - SHOWN_FOR)
    if holder and holder.owned_from:
        found = found.filter(received_at__gt=holder.owned_from)
    return found.exclude(outcome=Attempt.Outcome.ACCEPTED, source=Attempt.Source.PROVEN)


def free_holder(user, *, channel, login):
    """The user's own unlinked login of this name, None without one. Raises RankingError unless the user may link it."""
    holder = Identity.objects.named(channel, login).newest_first().first()
    if holder is None:
        return None
    if holder.user_id != user.pk:
        raise RankingError(TAKEN)
    if holder.is_linked or holder.is_retired:
        raise RankingError(OWN if holder.is_linked else RETIRED)
    return holder
