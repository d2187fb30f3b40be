"""What falls due by the clock: students are reminded of meetings, and told when one is moved or cancelled.

Called in every round of the sender of mails, so each asks one question when nothing is due. Each claims first, in the
transaction that queues the notices: two senders at once tell everything once.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from camp.accounts.models import User
from camp.classrooms.models import Meeting, Reminder, ReminderChoice, SkippedCourse
from camp.classrooms.queries import students_of
from camp.notices import services as notices

SETTLED = timedelta(minutes=2)  # What staff changed is told so long after the last change: a slip is corrected at once.
WINDOWS = {
    Reminder.Kind.DAY_BEFORE: (timedelta(hours=2), timedelta(hours=24)),
    Reminder.Kind.HALF_HOUR_BEFORE: (timedelta(0), timedelta(minutes=30)),
}  # How long before the start a reminder is sent, from (not included) and to.
TOLD = {
    "told_starts_at": "starts_at",
    "told_ends_at": "ends_at",
    "told_cancelled": "is_cancelled",
}  # What was told, and the fact.


def remind_due(*, at=None):
    """Queue the reminders that are due. Returns how many meetings somebody was reminded of."""
    at = at or timezone.now()
    return sum(_remind(pk, kind, at=at) for kind, pk in _due(at))


def _due(at):
    """(kind, id) of what is not reminded of yet for the time it is dated to; one query."""
    due = Q()
    for kind, (nearest, farthest) in WINDOWS.items():
        sent = Reminder.objects.filter(meeting=OuterRef("pk"), kind=kind, starts_at=OuterRef("starts_at"))
        due |= Q(starts_at__gt=at + nearest, starts_at__lte=at + farthest) & ~Exists(sent)
    coming = Meeting.objects.upcoming_at(at).filter(due, ~_just_changed(at), camp__is_published=True)
    return [(_kind_at(starts_at, at), pk) for pk, starts_at in coming.values_list("pk", "starts_at")]


def _just_changed(at):
    return Exists(Meeting.history.model.objects.filter(id=OuterRef("pk"), history_date__gt=at - SETTLED))


def _kind_at(starts_at, at):
    """The reminder in whose window the moment is; None between the windows."""
    left = starts_at - at
    return next((kind for kind, (nearest, farthest) in WINDOWS.items() if nearest < left <= farthest), None)


@transaction.atomic
def _remind(pk, kind, *, at):
    """Claim one reminder and queue it. False where it was claimed, or the meeting changed, in between."""
    meeting = _meetings().select_for_update(of=("self",), no_key=True).get(pk=pk)
    if meeting.is_cancelled or _kind_at(meeting.starts_at, at) != kind:
        return False
    values = {"meeting": meeting, "kind": kind, "starts_at": meeting.starts_at}
    reminder, is_new = Reminder.objects.get_or_create(**values, defaults={"sent_at": at})
    if is_new:
        wanted = concerned(meeting).exclude(pk__in=ReminderChoice.objects.filter(**{kind: False}).values("user"))
        is_soon = kind == Reminder.Kind.HALF_HOUR_BEFORE
        reminder.recipients = _queue("reminder", meeting, to=wanted, at=at, is_soon=is_soon)
        reminder.save()
    return is_new


def concerned(meeting):
    """Who follows a meeting as a student."""
    students = User.objects.filter(is_active=True, pk__in=students_of(meeting).values("student"))
    skipping = SkippedCourse.objects.filter(course=meeting.course_id).values("user")
    return students.exclude(pk__in=skipping).order_by("pk")


def tell_changes(*, at=None):
    """Tell what changed about meetings since students were told last. Returns how many changes were told.

    A meeting seen for the first time is remembered as it is; nothing is told of what is past, before and after.
    """
    at = at or timezone.now()
    changed = list(_meetings().filter(_differs(), ~_just_changed(at)))
    new = [meeting.pk for meeting in changed if meeting.told_starts_at is None]
    if new:
        facts = {told: F(name) for told, name in TOLD.items()}
        Meeting.objects.filter(pk__in=new, told_starts_at=None).update(**facts)
    return sum(_tell(meeting, at=at) for meeting in changed if meeting.told_starts_at is not None)


def _differs():
    same = Q(**{told: F(name) for told, name in TOLD.items()})
    return Q(told_starts_at=None) | ~same


@transaction.atomic
def _tell(meeting, *, at):
    """Claim the change, as long as facts and what was told are still what we saw, and queue its notice."""
    seen = {name: getattr(meeting, name) for pair in TOLD.items() for name in pair}
    facts = {told: seen[name] for told, name in TOLD.items()}
    if not Meeting.objects.filter(pk=meeting.pk, **seen).update(**facts):
        return False
    kind = change_of(meeting, at)
    if kind:
        _queue(kind, meeting, to=concerned(meeting), at=at)
    return bool(kind)


def is_untold(meeting):
    """Whether something about a meeting is not as students were told last."""
    return any(getattr(meeting, told) != getattr(meeting, fact) for told, fact in TOLD.items())


def change_of(meeting, at):
    """What there is to tell of a meeting that was told: "moved", "cancelled", "restored", or nothing."""
    is_past = max(meeting.ends_at, meeting.told_ends_at) <= at
    if is_past or not meeting.camp.is_published:
        return ""
    if meeting.is_cancelled != meeting.told_cancelled:
        return "cancelled" if meeting.is_cancelled else "restored"
    return "" if meeting.is_cancelled else "moved"


def _queue(kind, meeting, *, to, at, **context):
    return notices.queue_all(
        f"classrooms/{kind}", to=to, camp=meeting.camp, url=meeting.get_absolute_url(), at=at, meeting=meeting,
        **context,
    )  # fmt: skip


def _meetings():
    return Meeting.objects.select_related("camp__organization", "course")
