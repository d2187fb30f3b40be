"""What waits for staff: the numbers on the first page of the admin, each with the list that it counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.camps.staff import MENTORING, ORGANIZING, SUPERUSERS, TEACHING, scope_of
from camp.classrooms.admin_filters import without_address, without_recording
from camp.classrooms.models import Meeting, Question
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail
from camp.projects import certificates
from camp.projects.models import Certificate, Evaluation, Proposal, ReviewRequest, SelectionRound
from camp.rankings.models import Attempt
from camp.rankings.queries import unlinked_logins
from camp.stages.models import Course, Participation

MOST_COUNTED = 1000  # A page that is opened all day counts no further.


@dataclass(frozen=True)
class Kind:
    """A kind of thing that waits: whose it is, the filtered list that shows it, and how its rows are found."""

    title: str
    model: type
    parameters: dict
    narrow: Callable
    roles: tuple = ORGANIZING
    is_own: bool = False  # Its list shows only rows in which the person has one of the roles.

    def url(self):
        name = f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist"
        return f"{reverse(name)}?{urlencode(self.parameters)}"

    def rows(self, site, request):
        listed = site.get_model_admin(self.model)
        return self.narrow(listed.within(request, self.roles) if self.is_own else listed.get_queryset(request))


@dataclass(frozen=True)
class Need:
    title: str
    count: int
    url: str

    @property
    def shown(self):
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


def refused_lately(attempts):
    return attempts.refused().filter(received_at__gte=timezone.now() - timedelta(days=1))


def to_allocate(rounds):
    return rounds.to_allocate_at(timezone.now())


def undelivered(mails):
    return mails.filter(status__in=(Mail.Status.FAILED, Mail.Status.UNCERTAIN))


KINDS = [
    Kind(
        _("Meetings soon without an address"), Meeting, {"missing": "address"}, without_address, TEACHING, is_own=True
    ),
    Kind(
        _("Lessons over without a recording"),
        Meeting,
        {"missing": "recording"},
        without_recording,
        TEACHING,
        is_own=True,
    ),
    Kind(_("Applications to decide"), Enrollment, {"status__exact": "applied"}, lambda rows: rows.awaiting_decision()),
    Kind(_("On the waiting list"), Enrollment, {"status__exact": "waiting"}, lambda rows: rows.waiting()),
    Kind(_("Promotions held back"), Participation, {"status__exact": "held"}, lambda rows: rows.held()),
    Kind(_("Logins not verified"), Identity, {"state": "unverified"}, lambda rows: rows.unverified(), TEACHING),
    Kind(
        _("Refused uploads of the last 24 hours"),
        Attempt,
        {"outcome__exact": "refused", "received": "day"},
        refused_lately,
        TEACHING,
    ),
    Kind(_("Questions without an answer"), Question, {"state": "open"}, lambda rows: rows.open(), TEACHING),
    Kind(
        _("Proposals to decide"),
        Proposal,
        {"status__exact": "submitted"},
        lambda rows: rows.awaiting_decision(),
        MENTORING,
    ),
    Kind(_("Selection rounds to allocate"), SelectionRound, {"state": "to_allocate"}, to_allocate),
    Kind(_("Allocations to publish"), SelectionRound, {"state": "to_publish"}, lambda rows: rows.to_publish()),
    Kind(_("Results to lock"), SelectionRound, {"state": "to_lock"}, lambda rows: rows.to_lock()),
    Kind(_("Grades to confirm"), Evaluation, {"state": "to_confirm"}, lambda rows: rows.to_confirm()),
    Kind(_("Grades to publish"), Evaluation, {"state": "to_publish"}, lambda rows: rows.to_publish()),
    Kind(_("Passed without a certificate"), Evaluation, {"state": "to_certify"}, certificates.lacking),
    Kind(_("Requests for a review"), ReviewRequest, {"state": "open"}, lambda rows: rows.filter(answered_at=None)),
    Kind(_("Certificates of a former grade"), Certificate, {"state": "outdated"}, lambda rows: rows.outdated()),
    Kind(_("Mails not delivered"), Mail, {"status__in": "failed,uncertain"}, undelivered, SUPERUSERS),
]


def needs_of(site, request):
    """What waits for this person first, then the lists in which nothing waits: an empty one is good news."""
    scope = scope_of(request)
    needs = [Need(kind.title, counted(kind.rows(site, request)), kind.url()) for kind in KINDS if scope.may(kind.roles)]
    if scope.may(TEACHING):
        count = counted(unlinked_logins_for(request))
        needs.append(Need(_("Unlinked logins"), count, reverse("admin:unlinked_logins")))
    return sorted(needs, key=lambda need: not need.count)


def counted(rows):
    return rows.order_by()[: MOST_COUNTED + 1].count()


def unlinked_logins_for(request):
    taught = scope_of(request).condition(TEACHING, camp="camp", course="pk")
    return unlinked_logins(Course.objects.filter(taught))
