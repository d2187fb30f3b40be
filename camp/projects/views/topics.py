"""The projects of a camp: everybody's to read once its topics are published."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from camp.projects import topics as services
from camp.projects.access import access_to
from camp.projects.catalogue import Catalogue, cards_of, invites_proposals, projects_of
from camp.projects.models import SelectionRound
from camp.projects.pages import page


@login_not_required
@require_safe
def topics(request, **address):
    access = _reader(request, **address)
    catalogue = Catalogue(access, user=request.user, query=request.GET)
    return page(request, access, "projects/list.html", tab="projects", catalogue=catalogue, **_news(access))


@login_not_required
@require_safe
def topic(request, number, **address):
    access, card = _topic(request, number, **address)
    takes_lists = access.is_student and card.project.is_open and _round_is_open(access.project_stage)
    return page(request, access, "projects/detail.html", tab="projects", card=card, takes_lists=takes_lists)


@require_POST
def save(request, number, **address):
    _access, card = _topic(request, number, **address)
    services.save_project(card.project, by=request.user)
    return redirect(card.project)


@require_POST
def unsave(request, number, **address):
    _access, card = _topic(request, number, **address)
    services.unsave_project(card.project, by=request.user)
    return redirect(card.project)


def _reader(request, **address):
    access = access_to(request, **address)
    access.require_topics()
    return access


def _topic(request, number, **address):
    """The reader's access, and the project of the address as a card."""
    access = _reader(request, **address)
    cards = cards_of(projects_of(access).filter(number=number), user=request.user)
    if not cards:
        raise Http404
    return access, cards[0]


def _round_is_open(project_stage):
    return SelectionRound.objects.filter(project_stage=project_stage).open_at(timezone.now()).exists()


def _news(access):
    now, project_stage = timezone.now(), access.project_stage
    return {
        "is_published": project_stage.topics_are_published(now),
        "may_propose": access.is_student and invites_proposals(project_stage, now),
    }
