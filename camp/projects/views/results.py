"""What the allocation gave the reader's team, and why."""

from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from camp.projects.access import access_to
from camp.projects.pages import page
from camp.projects.results import result_of


@never_cache
@require_safe
def result(request, **address):
    access = access_to(request, **address)
    access.require_student()
    result, now = result_of(access.team, access.project_stage), timezone.now()
    again = result.awaited
    return page(
        request, access, "projects/result.html", tab="result", result=result, placement=result.placement,
        again=again, is_open=again is not None and again.is_open(now),
        is_closed=again is not None and again.is_closed(now), is_locked=access.project_stage.teams_are_locked(now),
    )  # fmt: skip
