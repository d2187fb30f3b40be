"""A course with what rankings adds to it: exercises, upload tokens, and standings compared with their attempts."""

from django.conf import settings
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables

from camp.camps.decisions import ask
from camp.camps.models import Camp
from camp.camps.scoped_admin import ScopedInline
from camp.rankings import course_changes, rebuild, services
from camp.rankings.forms.course import RankedCourseForm, done
from camp.rankings.forms.exercise import ExerciseForm
from camp.rankings.models import Exercise
from camp.rankings.services import RankingError
from camp.stages.admin import CourseAdmin
from camp.stages.models import Course

MOST_DIFFERENCES = 20


class ExerciseInline(ScopedInline):
    model = Exercise
    form = ExerciseForm
    show_change_link = False
    fields = ["name", "position", "formerly"]
    readonly_fields = ["formerly"]

    @admin.display(description=gettext_lazy("former names"))
    def formerly(self, exercise):
        return ", ".join(exercise.former_names)


@admin.register(Course)
class RankedCourseAdmin(CourseAdmin):
    change_form_template = "admin/course_change_form.html"
    inlines = [ExerciseInline]
    form = RankedCourseForm
    rule_fields = ()  # Whom a change here promotes is said before, and done at once.
    actions = ["compare_standings", "rebuild_standings"]

    def get_urls(self):
        token = self.admin_site.admin_view(self.token_view)
        return [path("<int:pk>/token/", token, name="stages_course_token"), *super().get_urls()]

    @sensitive_variables("text")
    def token_view(self, request, pk):
        """Issue an upload token and show it, this once, on a page that nothing keeps."""
        course = get_object_or_404(self.within(request, self.editors), pk=pk)
        if request.method != "POST":
            return ask(self, request, [course], title=_("Issue an upload token for this course?"))
        try:
            row, text = services.issue_token(course, by=request.user)
        except RankingError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(reverse("admin:stages_course_change", args=[pk]))
        self.log_change(request, course, f"Issued the upload token {row.public_id}.")
        return self._shown_once(request, course, row, text)

    @sensitive_variables("text", "context")
    def _shown_once(self, request, course, row, text):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload token"), "opts": self.opts, "course": course, "token": row, "text": text,
            "upload_url": f"{settings.SITE_URL}/web/api/courseRank/createByThirdToken",
        }  # fmt: skip
        return TemplateResponse(request, "admin/token.html", context, headers={"Cache-Control": "no-store"})

    def get_fieldsets(self, request, obj=None):
        """What counts may ask for proof from a day on, and asks before it takes points away."""
        sections = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        for _name, options in sections:
            if "counts" in options["fields"]:
                asks = ["agreed"] if obj and self.has_change_permission(request, obj) else []
                options["fields"] = [*options["fields"], "proof_from", *asks]
        return sections

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.before:
            followed = course_changes.follow(form.instance, form.before)
            if not followed.is_nothing:
                self.message_user(request, done(followed), messages.WARNING)

    @admin.action(description=gettext_lazy("Compare the camp's standings with the attempts"), permissions=["decide"])
    def compare_standings(self, request, queryset):
        self._rebuild(request, queryset, repair=False)

    @admin.action(description=gettext_lazy("Rebuild the camp's standings from the attempts"), permissions=["decide"])
    def rebuild_standings(self, request, queryset):
        self._rebuild(request, queryset, repair=True)

    def _rebuild(self, request, queryset, *, repair):
        """Report what differed in the camps of the selected courses, as far as the person organizes them."""
        own = queryset.filter(pk__in=self.within(request, self.editors).order_by().values("pk"))
        for camp in Camp.objects.filter(pk__in=own.order_by().values("camp")).select_related("organization"):
            if rebuild.is_too_large(camp):
                self.message_user(request, _too_large(camp, repair=repair), messages.ERROR)
            else:
                differences = rebuild.rebuild_standings(camp, repair=repair, most=rebuild.MOST_REPAIRED)
                self._report(request, camp, differences)

    def _report(self, request, subject, differences):
        found = len(differences)
        text = ngettext("%(camp)s: %(count)d standing differs.", "%(camp)s: %(count)d standings differ.", found)
        level = messages.WARNING if differences else messages.SUCCESS
        self.message_user(request, text % {"camp": subject, "count": found}, level)
        for difference in differences[:MOST_DIFFERENCES]:
            self.message_user(request, difference, messages.WARNING)


def _too_large(camp, *, repair):
    text = _("%(camp)s has too many uploads for this page. Run “manage.py rebuild_standings %(words)s” on the server.")
    return text % {"camp": camp, "words": "/".join(camp.address) + ("" if repair else " --check")}
