"""What staff narrow the list of uploads by, and how its rows are made ready without a query for each."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, Q, Value, prefetch_related_objects
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.enrollment.models import Enrollment
from camp.rankings.models import Correction

DAY = timedelta(days=1)
STATUSES = (200, 400, 401, 403, 404, 409, 411, 413, 422, 429)


class ReceivedFilter(admin.SimpleListFilter):
    title = _("received")
    parameter_name = "received"
    SPANS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}

    def lookups(self, request, model_admin):
        return [
            ("day", _("in the last 24 hours")),
            ("week", _("in the last 7 days")),
            ("month", _("in the last 30 days")),
        ]

    def queryset(self, request, queryset):
        span = self.SPANS.get(self.value())
        return queryset.filter(received_at__gte=timezone.now() - span) if span else queryset


class StatusFilter(admin.SimpleListFilter):
    """The statuses that the APIs give. To ask the table which ones there are would read all of it."""

    title = _("HTTP status")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [(str(status), str(status)) for status in STATUSES]

    def queryset(self, request, queryset):
        known = self.value() in map(str, STATUSES)
        return queryset.filter(status=self.value()) if known else queryset


class LinkedFilter(admin.SimpleListFilter):
    """Names are compared with the whole set of linked ones at once, as in `queries.unlinked_logins`."""

    title = _("login")
    parameter_name = "linked"

    def lookups(self, request, model_admin):
        return [("yes", _("linked to an account")), ("no", _("not linked"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        name = Concat("channel", Value(":"), "login_key")
        linked = Identity.objects.linked().annotate(name=name).values("name")
        is_linked = Q(identity__isnull=False) | Q(name__in=linked)
        return queryset.annotate(name=name).filter(is_linked if self.value() == "yes" else ~is_linked)


class AttemptList(ChangeList):
    """A page of uploads, each with `owner` (the student's enrollment in its camp) and `is_linked`: three queries."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = rows = list(self.result_list)
        in_force = Correction.objects.in_force().select_related("to_course")
        prefetch_related_objects(rows, Prefetch("corrections", in_force, to_attr="lines_in_force"), "identity")
        find_owners(rows)


def find_owners(attempts):
    named = _identities_named(attempts)
    owners = {attempt: _identity_of(attempt, named) for attempt in attempts}
    places = _places({identity.user_id for identity in owners.values() if identity})
    for attempt, identity in owners.items():
        camp = attempt.course.camp_id if attempt.course else None
        attempt.is_linked = identity is not None
        attempt.owner = places.get((identity.user_id, camp)) if identity else None


def _identities_named(attempts):
    """{(channel, login_key): identities that ever had the name, the linked one first}."""
    found = Identity.objects.filter(login_key__in={attempt.login_key for attempt in attempts}).newest_first()
    named = {}
    for identity in found:
        named.setdefault((identity.channel, identity.login_key), []).append(identity)
    return named


def _identity_of(attempt, named):
    """The identity an upload belongs to: a run's by its id, a claimed one's by who had the name when it came."""
    if attempt.identity_id or attempt.is_proven:
        return attempt.identity
    at, candidates = attempt.received_at, named.get((attempt.channel, attempt.login_key), [])
    own = (each for each in reversed(candidates) if each.unlinked_at is None or each.unlinked_at >= at)
    return next((each for each in own if each.owned_from is None or each.owned_from < at), None)


def _places(users):
    found = Enrollment.objects.filter(student__in=users).select_related("student")
    return {(place.student_id, place.camp_id): place for place in found}
