"""The projects of a camp: everybody's to read once its topics are published."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from camp.projects import topics as services
from camp.projects.access import access_to
from camp.projects.catalogue import Card, Catalogue, cards_of, invites_proposals, projects_of, saved_by
from camp.projects.choosing.adding import adding
from camp.projects.choosing.selection import add_choice, current_round
from camp.projects.errors import ProjectError
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
    return _detail(request, access, card)


@require_POST
def choose(request, number, **address):
    """Put the project behind what is on the list of the reader's team, and submit that."""
    access, card = _topic(request, number, **address)
    access.require_student()
    round = current_round(access.project_stage, timezone.now())
    if round is None:
        raise Http404
    try:
        receipt = add_choice(round, access.enrollment, card.project, by=request.user)
    except ProjectError as error:
        return _detail(request, access, card, status=error.status, refusal=str(error))
    place = [choice["project"] for choice in receipt.choices].index(card.project.pk) + 1
    words = {"project": card.project, "place": place}
    messages.success(request, _("“%(project)s” is number %(place)d on your list. A mail brings the receipt.") % words)
    return redirect(card.project)


@require_POST
def save(request, number, **address):
    access, card = _topic(request, number, **address)
    services.save_project(card.project, by=request.user)
    return _saved(request, access, card, _("“%(project)s” is saved."))


@require_POST
def unsave(request, number, **address):
    access, card = _topic(request, number, **address)
    services.unsave_project(card.project, by=request.user)
    return _saved(request, access, card, _("“%(project)s” is not saved any more."))


def _saved(request, access, card, said):
    """Where the reader was, with what was done: the button alone for a page that stays, else the whole page."""
    said = said % {"project": card.project}
    if request.htmx:
        card = Card(card.project, is_saved=bool(saved_by(request.user, [card.project])))
        return page(request, access, "projects/_saved.html", tab="projects", card=card, said=said)
    messages.success(request, said)
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(f"{back}#project-{card.project.number}")
    return redirect(card.project)


def _detail(request, access, card, *, status=200, refusal=""):
    context = {"card": card, "refusal": refusal, "adding": adding(access, card.project, now=timezone.now())}
    return page(request, access, "projects/detail.html", tab="projects", status=status, **context)


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


def _news(access):
    now, project_stage = timezone.now(), access.project_stage
    return {
        "is_published": project_stage.topics_are_published(now),
        "may_propose": access.is_student and invites_proposals(project_stage, now),
    }
