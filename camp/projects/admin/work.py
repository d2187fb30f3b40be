"""Hand-ins, evaluations, requests for a review and certificates: read here, decided by actions."""

from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from camp.camps.decisions import ReasonForm
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ORGANIZING
from camp.projects import certificates
from camp.projects.admin.decided import RowDecisions
from camp.projects.admin.states import StateFilter
from camp.projects.admin.times import ClockedPage, clock_column
from camp.projects.forms.decisions import (
    AnswerForm,
    ChangeForm,
    ConfirmForm,
    certificate_in_words,
    certificates_of,
    points_of,
)
from camp.projects.models import Certificate, Evaluation, Grade, HandIn, ReviewRequest
from camp.projects.work import grading, reviews

REPLACE = _("Revoke these certificates and issue them anew, with the names and grades of now?")


class EvaluationFilter(StateFilter):
    states = {
        "to_confirm": (_("to confirm"), lambda rows: rows.to_confirm()),
        "to_publish": (_("to publish"), lambda rows: rows.to_publish()),
        "published": (_("published"), lambda rows: rows.published()),
        "to_certify": (_("published, without a certificate"), certificates.lacking),
    }


class RequestFilter(StateFilter):
    states = {
        "open": (_("to answer"), lambda rows: rows.filter(answered_at=None)),
        "answered": (pgettext_lazy("review", "answered"), lambda rows: rows.exclude(answered_at=None)),
    }


class CertificateFilter(StateFilter):
    states = {
        "valid": (_("valid"), lambda rows: rows.valid()),
        "outdated": (_("of a former grade"), lambda rows: rows.outdated()),
        "revoked": (_("revoked"), lambda rows: rows.exclude(revoked_at=None)),
    }


class Decided(ClockedPage, ReadOnly, RowDecisions):
    """Rows that services write and that those who organize decide about."""

    viewers = ORGANIZING


@admin.register(HandIn)
class HandInAdmin(ClockedPage, ReadOnly, ScopedAdmin):
    camp_lookup = "placement__team__project_stage__camp"
    viewers = ORGANIZING
    list_display = ["placement", "number",
                    clock_column(HandIn, "handed_in_at", "placement__team__project_stage__camp"), "handed_in_by",
                    "report_name"]  # fmt: skip
    list_filter = [("placement__team__project_stage__camp", ScopedFilter)]
    list_select_related = ["placement__team__project_stage__camp", "placement__project", "handed_in_by"]
    search_fields = ["placement__team__name", "placement__project__title", "handed_in_by__display_name"]
    date_hierarchy = "handed_in_at"
    fields = ["placement", "number", "repository_url", "pull_request_url", "commit", "report_link", "note",
              "handed_in_at", "handed_in_by"]  # fmt: skip
    readonly_fields = ["report_link"]

    @admin.display(description=_("report"))
    def report_link(self, row):
        """The file has no address of its own: the site sends it to who may read it."""
        if not row.report:
            return "–"
        address = [*row.placement.team.project_stage.camp.address, row.placement_id, row.number]
        return format_html('<a href="{}">{}</a>', reverse("projects:report", args=address), row.report_name)


@admin.register(Evaluation)
class EvaluationAdmin(Decided, HistoryAdmin):
    camp_lookup = "enrollment__camp"
    list_display = ["student", "project", "team", "proposed_grade", "grade",
                    clock_column(Evaluation, "published_at", "enrollment__camp"), "held"]  # fmt: skip
    list_display_links = ["student"]
    list_filter = [EvaluationFilter, "proposed_grade", "grade", ("enrollment__camp", ScopedFilter)]
    list_select_related = ["enrollment__student", "enrollment__camp", "placement__team", "placement__project",
                           "proposed_by"]  # fmt: skip
    search_fields = ["enrollment__student__display_name", "^enrollment__student__handle", "placement__project__title",
                     "placement__team__name"]  # fmt: skip
    actions = ["confirm", "publish", "change_grade", "issue", "replace"]
    offered = {
        "confirm": lambda row: row.proposed_grade and not row.grade,
        "publish": lambda row: row.grade and not row.is_published,
        "change_grade": lambda row: row.grade,
        "issue": lambda row: row.is_published and row.grade in certificates.KINDS and not row.held_grade,
        "replace": lambda row: row.held_grade,
    }
    fieldsets = [
        (None, {"fields": ["placement", "enrollment", "points_given", "comment"]}),
        (_("Proposed"), {"fields": ["proposed_grade", "proposed_at", "proposed_by"]}),
        (_("Decided"), {"fields": ["grade", "confirmed_at", "confirmed_by", "published_at", "reason"]}),
        (_("Certificate"), {"fields": ["certificate"]}),
    ]
    readonly_fields = ["points_given", "certificate"]

    def get_queryset(self, request):
        held = Certificate.objects.valid().filter(enrollment=OuterRef("enrollment"))
        return super().get_queryset(request).annotate(held_grade=Subquery(held.values("grade")[:1]))

    @admin.display(description=_("points"))
    def points_given(self, row):
        return format_html_join("", "<div>{}</div>", ([line] for line in points_of([row])[row.pk].splitlines()))

    @admin.display(description=_("certificate"))
    def certificate(self, row):
        return certificate_in_words(certificates_of([row]).get(row.enrollment_id))

    @admin.display(description=_("certificate"), ordering="held_grade")
    def held(self, row):
        """Its grade, in a word that fits."""
        if not row.held_grade:
            return "–"
        grade = Grade(row.held_grade).label
        return grade if row.held_grade == row.grade else _("%(grade)s (former grade)") % {"grade": grade}

    @admin.display(description=_("student"), ordering="enrollment__student__display_name")
    def student(self, row):
        return row.enrollment.student

    @admin.display(description=_("project"), ordering="placement__project__title")
    def project(self, row):
        return row.placement.project

    @admin.display(description=_("team"), ordering="placement__team__name")
    def team(self, row):
        return row.placement.team

    @admin.action(description=_("Confirm the grades"), permissions=["decide"])
    def confirm(self, request, queryset):
        title = _("Confirm the proposed grades of these students?")
        options = {"form_class": ConfirmForm, "title": title}
        return self._decide(request, queryset, service=grading.confirm, action="confirm", **options)

    @admin.action(description=_("Publish the confirmed grades"), permissions=["decide"])
    def publish(self, request, queryset):
        title = _("Publish the grades of these students, with a mail to each?")
        return self._decide(request, queryset, service=_publish, action="publish", title=title)

    @admin.action(description=_("Change a grade, with a reason"), permissions=["decide"])
    def change_grade(self, request, queryset):
        title = _("Change the grades? Certificates of the former grades stay valid until you revoke them.")
        options = {"form_class": ChangeForm, "title": title}
        return self._decide(request, queryset, service=grading.change, action="change_grade", **options)

    @admin.action(description=_("Issue certificates"), permissions=["decide"])
    def issue(self, request, queryset):
        """Who holds a certificate already and who did not pass are counted and left out, not refused one by one."""
        holders = Certificate.objects.valid().values("enrollment")
        for left_out, words in (
            (queryset.filter(enrollment__in=holders), _words_of_holders),
            (queryset.published().filter(grade=Grade.FAIL).exclude(enrollment__in=holders), _words_of_failed),
        ):
            if count := left_out.count():
                self.message_user(request, words(count) % {"count": count}, messages.WARNING)
                queryset = queryset.exclude(pk__in=left_out.values("pk"))
        if not queryset.exists():
            return None
        title = _("Issue certificates to these students, with a mail to each?")
        return self._decide(request, queryset, service=certificates.issue, action="issue", title=title)

    @admin.action(description=_("Replace the certificates, with a reason"), permissions=["decide"])
    def replace(self, request, queryset):
        options = {"form_class": ReasonForm, "title": REPLACE}
        return self._decide(request, queryset, service=certificates.replace_held, action="replace", **options)


def _words_of_holders(count):
    return ngettext(
        "%(count)d student holds a valid certificate already and is left out. Revoke it before you issue another.",
        "%(count)d students hold a valid certificate already and are left out. Revoke those before you issue others.",
        count,
    )


def _words_of_failed(count):
    return ngettext(
        "%(count)d student did not pass and is left out: there is no certificate for this grade.",
        "%(count)d students did not pass and are left out: there is no certificate for this grade.",
        count,
    )


def _publish(evaluation, *, by):
    grading.publish([evaluation], by=by)


CAMP_OF_REVIEW = "evaluation__enrollment__camp"


@admin.register(ReviewRequest)
class ReviewRequestAdmin(Decided, HistoryAdmin):
    camp_lookup = CAMP_OF_REVIEW
    list_display = ["evaluation", "grade", clock_column(ReviewRequest, "asked_at", CAMP_OF_REVIEW),
                    clock_column(ReviewRequest, "answered_at", CAMP_OF_REVIEW), "answered_by"]  # fmt: skip
    list_filter = [RequestFilter, ("evaluation__enrollment__camp", ScopedFilter)]
    list_select_related = ["evaluation__enrollment__student", "evaluation__placement__project",
                           "evaluation__enrollment__camp", "answered_by"]  # fmt: skip
    search_fields = ["text", "evaluation__enrollment__student__display_name"]
    actions = ["answer"]
    offered = {"answer": lambda row: not row.is_answered}
    fieldsets = [
        (None, {"fields": ["evaluation", "text", "asked_at"]}),
        (pgettext_lazy("review", "Answer"), {"fields": ["answer", "answered_at", "answered_by"]}),
    ]

    @admin.display(description=_("grade"), ordering="evaluation__grade")
    def grade(self, row):
        return row.evaluation.get_grade_display()

    @admin.action(description=pgettext_lazy("review", "Answer"), permissions=["decide"])
    def answer(self, request, queryset):
        """One at a time: an answer is to one student."""
        if queryset.count() > 1:
            self.message_user(request, _("Answer one request at a time."), messages.ERROR)
            return None
        title = _("Answer this request?")
        options = {"form_class": AnswerForm, "title": title}
        return self._decide(request, queryset, service=reviews.answer_review, action="answer", **options)


@admin.register(Certificate)
class CertificateAdmin(Decided, HistoryAdmin):
    camp_lookup = "enrollment__camp"
    list_display = ["holder_name", "kind", "project_title", "code",
                    clock_column(Certificate, "issued_at", "enrollment__camp"),
                    clock_column(Certificate, "revoked_at", "enrollment__camp")]  # fmt: skip
    list_select_related = ["enrollment__camp"]
    list_filter = [CertificateFilter, "kind", ("enrollment__camp", ScopedFilter)]
    search_fields = ["holder_name", "^code", "project_title"]
    date_hierarchy = "issued_at"
    actions = ["replace", "revoke"]
    offered = {"replace": lambda row: not row.is_revoked, "revoke": lambda row: not row.is_revoked}
    fieldsets = [
        (None, {"fields": ["holder_name", "kind", "grade", "project_title", "camp_name", "organization_name", "code"]}),
        (_("Issued"), {"fields": ["enrollment", "evaluation", "issued_at", "issued_by"]}),
        (_("Revoked"), {"fields": ["revoked_at", "revoked_by", "revoked_reason"]}),
    ]

    @admin.action(description=_("Replace, with a reason"), permissions=["decide"])
    def replace(self, request, queryset):
        options = {"form_class": ReasonForm, "title": REPLACE}
        return self._decide(request, queryset, service=certificates.replace, action="replace", **options)

    @admin.action(description=_("Revoke, with a reason"), permissions=["decide"])
    def revoke(self, request, queryset):
        title = _("Revoke these certificates? Everybody who checks their codes will read that they are revoked.")
        options = {"form_class": ReasonForm, "title": title}
        return self._decide(request, queryset, service=certificates.revoke, action="revoke", **options)
