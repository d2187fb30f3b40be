"""The admin of attempts: what came in, what it was answered, and why."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import Identity
from camp.camps.scoped_admin import ReadOnly, ScopedAdmin, ScopedFilter
from camp.enrollment.models import Enrollment
from camp.rankings.admin.corrections import CorrectsAttempts
from camp.rankings.admin.filters import AttemptList, LinkedFilter, ReceivedFilter, StatusFilter, find_owners
from camp.rankings.models import Attempt
from camp.rankings.uploads import answers


@admin.register(Attempt)
class AttemptAdmin(CorrectsAttempts, ReadOnly, ScopedAdmin):
    """Every upload as it came in. Those that name no course we know are found by the camps of who owns the login."""

    camp_lookup = "course__camp"
    course_lookup = "course"
    list_display = ["received_at", "login", "student", "state", "answered", "points", "course", "channel"]
    list_filter = [
        "outcome", StatusFilter, ReceivedFilter, LinkedFilter, "reason", "channel", "source", ("course", ScopedFilter)
    ]  # fmt: skip
    list_select_related = ["course"]
    search_fields = ["^login_key"]
    ordering = ["-received_at", "-id"]
    actions = ["disqualify", "move"]
    fields = [
        "received_at", "student", "state", "status", "answer_given", "reason", "course", "channel", "login", "points",
        "source", "stated_course", "stated_total", "ext", "token", "address",
        "identity", "repository_id", "run_id", "run_attempt", "commit", "results", "claims",
    ]  # fmt: skip
    readonly_fields = ["student", "state", "answer_given"]

    def condition(self, scope, roles):
        condition = super().condition(scope, roles)
        return condition if scope.is_superuser else condition | (Q(course=None) & _by_students_of(scope, roles))

    def get_changelist(self, request, **kwargs):
        return AttemptList

    @admin.display(description=_("student"))
    def student(self, attempt):
        """Whose upload it is, with the way there. Who is not in its camp is not named to the staff of the camp."""
        if not hasattr(attempt, "owner"):
            find_owners([attempt])
        if attempt.owner:
            address = reverse("admin:enrollment_enrollment_change", args=[attempt.owner.pk])
            return format_html('<a href="{}">{}</a>', address, attempt.owner.student)
        if attempt.is_linked:
            return _("linked, not in this camp") if attempt.course else _("linked; no known course is named")
        return _("not linked")

    @admin.display(description=_("state"), ordering="outcome")
    def state(self, attempt):
        """The outcome, and the correction in force over it."""
        correction = attempt.correction
        return correction.get_kind_display() if correction else attempt.get_outcome_display()

    @admin.display(description=_("answer given"), ordering="status")
    def answered(self, attempt):
        return " ".join(filter(None, [str(attempt.status or ""), attempt.detail]))

    @admin.display(description=_("answer given"))
    def answer_given(self, attempt):
        return answers.body_to(attempt)


def _by_students_of(scope, roles):
    """Uploads under a login that a student of these staff's camps has linked: a courseId that was typed wrongly."""
    students = Enrollment.objects.filter(camp__in=scope.whole_camps(roles)).values("student")
    own = Identity.objects.linked().filter(channel=OuterRef("channel"), login_key=OuterRef("login_key"))
    return Q(Exists(own.filter(user__in=students)))
