"""A student's way through the stages, and the group chat of a stage."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from camp.camps.groups import group_page, group_picture
from camp.camps.views import camp_or_404
from camp.enrollment.access import only_for
from camp.enrollment.queries import enrollment_of
from camp.stages.models import Stage
from camp.stages.queries import history_of, is_in, steps_of


@require_safe
def history(request, organization, slug):
    """The reader's own stages: where they stand, and every decision that brought them there."""
    camp = camp_or_404(organization, slug, user=request.user)
    enrollment = enrollment_of(request.user, camp)
    if enrollment is None:
        raise Http404
    context = {"camp": camp, "enrollment": enrollment, "decisions": history_of(enrollment)}
    return render(request, "stages/history.html", context | {"steps": steps_of(enrollment)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request, organization, slug, key):
    """The group chat of a stage, for its students and the staff: GET shows the button, POST what it opens."""
    stage = _stage_of_group(request, organization, slug, key)
    picture_url = reverse("stages:group_picture", args=[*stage.camp.address, stage.key])
    return group_page(request, stage, camp=stage.camp, secret=_secret(stage), picture_url=picture_url)


@never_cache
@require_safe
def group_qr(request, organization, slug, key):
    stage = _stage_of_group(request, organization, slug, key)
    page_url = reverse("stages:group", args=[*stage.camp.address, stage.key])
    return group_picture(request, stage, camp=stage.camp, secret=_secret(stage), page_url=page_url)


def _stage_of_group(request, organization, slug, key):
    camp = camp_or_404(organization, slug, user=request.user)
    stage = get_object_or_404(Stage, camp=camp, key=key)
    stage.camp = camp
    refusal = _("The group chat of a stage is for the students who have reached it.")
    only_for(is_in(request.user, stage), user=request.user, camp=camp, refusal=refusal)
    return stage


def _secret(stage):
    """The name under which reveals of the stage's group chat are recorded."""
    return f"group chat of {stage.key}"
