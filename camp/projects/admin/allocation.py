"""Allocation runs and placements, for those who organize. Mentors and students see nothing of a run."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from camp.camps.decisions import ask
from camp.camps.scoped_admin import HistoryAdmin, ReadOnly, ScopedAdmin, ScopedFilter
from camp.camps.staff import ORGANIZING, scope_of
from camp.projects.admin.moving import MovePages, named
from camp.projects.admin.times import ClockedPage, clock_column, on_camp_clock
from camp.projects.allocation import runs
from camp.projects.allocation.run_report import Report
from camp.projects.errors import ProjectError
from camp.projects.forms.allocation import AgainForm, AllocateForm, MoveForm
from camp.projects.models import AllocationRun, Placement, SelectionRound

CAMP = "round__project_stage__camp"


@admin.register(AllocationRun)
class AllocationRunAdmin(MovePages, ReadOnly, ScopedAdmin):
    """The page of a run is of its own making: what came out, and everything that is decided about it."""

    camp_lookup = CAMP
    viewers = ORGANIZING
    list_display = ["number", "round", clock_column(AllocationRun, "started_at", CAMP), "started_by",
                    clock_column(AllocationRun, "published_at", CAMP), "short_digest"]  # fmt: skip
    list_display_links = ["number", "round"]
    list_filter = [("published_at", admin.EmptyFieldListFilter), ("round", ScopedFilter)]
    list_select_related = [f"{CAMP}__organization", "started_by"]
    ordering = ["-started_at", "-pk"]
    search_fields = ["result_hash"]
    change_list_template = "admin/allocation_run_list.html"

    @admin.display(description=gettext_lazy("digest"))
    def short_digest(self, run):
        return run.result_hash[:12]

    def get_urls(self):
        return [self._path("allocate/", self.allocate, "allocate"), *self._paths_of_a_run(), *super().get_urls()]

    def _paths_of_a_run(self):
        views = {
            "move": self.move, "exchange": self.exchange, "take-back": self.take_back, "again": self.again,
            "publish": self.publish, "lock": self.lock, "verify": self.verify,
        }  # fmt: skip
        return [self._path(f"<int:pk>/{verb}/", view, verb.replace("-", "_")) for verb, view in views.items()]

    def _path(self, route, view, name):
        return path(route, self.admin_site.admin_view(view), name=f"projects_allocationrun_{name}")

    # Pages.

    @method_decorator(never_cache)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        run = self.get_object(request, unquote(object_id))
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._page(request, "admin/allocation_run.html", run, **_run_context(run))

    def _page(self, request, template, original, *, status=200, **context):
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "original": original, "title": original}
        return TemplateResponse(request, template, shown | context, status=status)

    def allocate(self, request):
        """Choose a round and run its allocation."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        chosen = request.GET.get("round") or _due_round(_rounds_of(request))
        form = AllocateForm(data, rounds=_rounds_of(request), initial={"round": chosen})
        if form.is_valid():
            last = form.cleaned_data["round"].runs.order_by("-number").first()
            if last and last.closed:
                return self._to(last, "again")
            try:
                return self._to(runs.compute(form.cleaned_data["round"], by=request.user))
            except ProjectError as refusal:
                form.add_error(None, str(refusal))
        status = 400 if form.errors else 200
        context = {"form": form, "title": _("Allocate the projects of a round"), "rows": _rounds_of(request).exists()}
        return self._page(request, "admin/allocation_allocate.html", None, status=status, **context)

    # Decisions.

    def again(self, request, pk):
        """Run again with the same seed. What this run does without stays closed, unless it is offered again here."""
        report = Report(self._own(request, pk))
        close, offer = (named(report.projects, request.GET.get(name, "")) for name in ("close", "offer"))
        closed = {project.pk for project in report.closed_here} | ({close.pk} if close else set())
        form = AgainForm(
            request.POST if request.method == "POST" else None, report=report,
            initial={"closed": closed - {offer and offer.pk}},
        )  # fmt: skip
        if form.is_valid():
            return self._run_again(request, pk, closed=sorted(project.pk for project in form.cleaned_data["closed"]))
        obstacle = runs.obstacle_to_running(report.run.round)
        status = 409 if obstacle else 400 if form.errors else 200
        context = {"form": form, "report": report, "title": _title_of_again(close, offer), "obstacle": obstacle}
        return self._page(request, "admin/allocation_again.html", report.run, status=status, **context)

    def _run_again(self, request, pk, *, closed):
        def run_again(run, *, by):
            return runs.compute(run.round, by=by, closed=closed)

        return self._post(request, pk, run_again, done=_("It was run again with the same seed."))

    def publish(self, request, pk):
        """Say what publishing does, or what stands against it, before it is asked."""
        if request.method == "POST":
            return self._post(
                request, pk, runs.publish, done=_("Published: teams, mentors and students without a team have a mail.")
            )
        run = self._own(request, pk)
        obstacle = runs.obstacle_to_publishing(run)
        context = {"report": Report(run), "obstacle": obstacle, "title": _("Publish this run?")}
        context["may_run_again"] = runs.obstacle_to_running(run.round) is None
        status = 409 if obstacle else 200
        return self._page(request, "admin/allocation_publish.html", run, status=status, **context)

    def lock(self, request, pk):
        title = _("Lock this result? After that nobody is moved by hand any more.")

        def locked(run, *, by):
            runs.lock(run.round, by=by)

        if request.method == "POST":
            return self._post(request, pk, locked, done=_("Locked."))
        return ask(self, request, [self._own(request, pk)], title=title)

    def verify(self, request, pk):
        def verified(run, *, by):
            if not runs.verify_run(run):
                raise ProjectError(
                    _("The stored result is not what its stored input gives: somebody has changed this row.")
                )

        done = _("Computed again from the stored input: the result and its digest are the same.")
        return self._post(request, pk, verified, done=done)

    def _post(self, request, pk, act, *, done):
        """Carry a decision out and show the run that it is about or has made."""
        run = self._own(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            made = act(run, by=request.user)
        except ProjectError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self._to(run)
        self.message_user(request, done, messages.SUCCESS)
        return self._to(made if isinstance(made, AllocationRun) else run)

    def _own(self, request, pk):
        rows = self.within(request, ORGANIZING).select_related(f"{CAMP}__organization", "round__project_stage__stage")
        return get_object_or_404(rows, pk=pk)

    def _to(self, run, page="change"):
        return redirect(reverse(f"admin:projects_allocationrun_{page}", args=[run.pk]))


def _rounds_of(request):
    rounds = SelectionRound.objects.filter(scope_of(request).condition(ORGANIZING, camp="project_stage__camp"))
    return rounds.filter(published_at=None).select_related("project_stage__camp").order_by("-opens_at", "-pk")


def _due_round(rounds):
    """The latest round that can be allocated now: its lists and orders are in, and no earlier one waits."""
    rounds, now = list(rounds), timezone.now()
    first = {}
    for round in sorted(rounds, key=lambda one: one.number):
        first.setdefault(round.project_stage_id, round)
    return next((one for one in rounds if first[one.project_stage_id] == one and runs.due_at(one) <= now), None)


def _title_of_again(close, offer):
    if close:
        return _("Close “%(project)s” and run again with the same seed?") % {"project": close}
    if offer:
        return _("Offer “%(project)s” again and run again with the same seed?") % {"project": offer}
    return _("Run again with the same seed?")


def _run_context(run):
    report, round = Report(run), run.round
    others = SelectionRound.objects.filter(project_stage=round.project_stage_id).exclude(pk=round.pk)
    may_move = not round.is_locked and (run.is_published or not round.is_published)
    return {
        "report": report, "run": run, "round": round, "camp": round.project_stage.camp, "may_move": may_move,
        "may_decide": not round.is_published, "may_lock": run.is_published and not round.is_locked,
        "started_at": on_camp_clock(run.started_at, round.project_stage.camp),
        "others": others.select_related("project_stage__camp").order_by("number"),
        "move_form": MoveForm(report=report), "last_moves": report.outcome.last_moves if may_move else [],
    }  # fmt: skip


@admin.register(Placement)
class PlacementAdmin(ClockedPage, ReadOnly, HistoryAdmin):
    """What was published. Teams are moved on the page of the run."""

    camp_lookup = CAMP
    viewers = ORGANIZING
    list_display = ["team", "project", "round", "choice", "is_manual", clock_column(Placement, "placed_at", CAMP)]
    list_filter = ["is_manual", ("round", ScopedFilter)]
    list_select_related = ["team", "project", "round__project_stage__camp"]
    search_fields = ["team__name", "project__title"]
    ordering = ["-placed_at", "-pk"]
    fields = ["round", "team", "project", "choice", "is_manual", "reason", "placed_at"]
