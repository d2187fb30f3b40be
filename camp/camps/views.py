from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from camp.camps import colors
from camp.camps.models import Camp, Organization


def camp_or_404(organization, slug, *, user):
    """The camp of an address, as far as this reader may see it: unpublished ones are for their staff."""
    camps = Camp.objects.at(organization, slug).select_related("organization")
    camp = get_object_or_404(camps)
    if not camp.is_published:
        get_object_or_404(camps.run_by(user) if user.is_authenticated else camps.none())
    return camp


@login_not_required
def organization(request, slug):
    organization = get_object_or_404(Organization.objects.at(slug))
    camps = Camp.objects.filter(organization=organization).published().for_cards()
    return render(request, "camps/organization.html", {"organization": organization} | by_season(camps))


@login_not_required
@cache_control(public=True, max_age=60 * 60 * 24 * 30)
def accent(request, organization, slug):
    """The stylesheet that sets a camp's accent colour. A policy without inline styles needs it to be a file."""
    camp = camp_or_404(organization, slug, user=request.user)
    return HttpResponse(colors.stylesheet(camp.accent), content_type="text/css")


def by_season(camps, now=None):
    """Published camps sorted into those that run, those to come and those past, each newest first."""
    now = now or timezone.now()
    return {
        "running": camps.running_at(now),
        "coming": camps.coming_at(now),
        "past": camps.past_at(now).reverse(),
    }
