"""Template pieces that every page may use. A built-in library: no `{% load %}` needed.

A tag gathers what its template in `templates/components/` shows; words and marks are the template's.
"""

from decimal import Decimal

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from camp.camps import colors, pictures, times
from camp.camps.markdown import render_markdown
from camp.camps.plain import plain_text
from camp.camps.staff import TEACHING, Scope, scope_of

register = template.Library()


@register.simple_block_tag
def card(content, title="", id=""):  # noqa: A002
    return render_to_string("components/card.html", {"content": content, "title": title, "id": id})


@register.inclusion_tag("components/badge.html")
def badge(text, tone="plain"):
    return {"text": text, "tone": tone}


@register.inclusion_tag("components/empty.html")
def empty(title, text=""):
    return {"title": title, "text": text}


@register.inclusion_tag("components/meter.html")
def meter(line):
    """How far a requirement is met: a `camp.stages.rules.Line`."""
    return {"line": line, "filled": pictures.share(line.shown_done, line.needed)}


@register.inclusion_tag("components/timeline.html")
def timeline(steps):
    """The stages of a camp on a line: a list of `camp.stages.queries.Step`."""
    now = timezone.now()
    return {"picture": pictures.timeline(steps, now=now)}


@register.inclusion_tag("components/distribution.html")
def distribution(bins, own=None):
    """How many have how many points. Bins have a label, a count and is_own; `own`: whether the viewer is in one."""
    return {"picture": pictures.histogram(bins), "own": own}


@register.inclusion_tag("components/moment.html")
def moment(value, camp=None):
    """A point in time in the viewer's zone, in the camp's where that differs, and how far away it is."""
    return {"moment": times.moment(value, zone=camp.zone if camp else None, now=timezone.now())}


def moment_html(value, camp=None):
    """The same as HTML, where it is put into a template that is rendered without it."""
    return render_to_string("components/moment.html", moment(value, camp))


@register.inclusion_tag("components/period.html")
def period(start, end, camp=None):
    """From one moment to another, in the viewer's zone and in the camp's where that differs."""
    return {"period": times.period(start, end, zone=camp.zone if camp else None)}


@register.simple_tag
def moment_text(value):
    """A point in time for a mail, in the zone of its reader."""
    return times.moment_text(value)


@register.simple_tag
def period_text(start, end, camp):
    """From one moment to another for a mail, in the zone of its reader and in the camp's where that differs."""
    return times.period_text(start, end, zone=camp.zone)


@register.simple_tag
def days(start, end, camp):
    """From one day to another on the camp's calendar, where the hours do not matter."""
    return times.days(start, end, zone=camp.zone)


@register.simple_tag
def markdown(text, pictures=True):
    return render_markdown(text, pictures=pictures)


@register.simple_tag
def plain_markdown(text):
    """Markdown as plain text, for mails."""
    return plain_text(text)


@register.simple_tag
def site_url(path=""):
    """An address of this site in full, for mails."""
    return f"{settings.SITE_URL}{path}"


@register.filter
def points(value):
    """Points as people write them: no trailing zeros, no exponent."""
    if value is None or value == "":
        return ""
    return f"{Decimal(value).normalize():f}"


@register.inclusion_tag("components/page_links.html", takes_context=True)
def page_links(context, page):
    """The numbered pages of a Django `Page`; the other parameters of the address stay."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "gap": page.paginator.ELLIPSIS, "request": context["request"]}


@register.inclusion_tag("components/accent.html")
def accent(camp):
    """Links the stylesheet that sets the camp's accent colour; its address changes with the colour."""
    return {"href": reverse("camps:accent", args=camp.address), "version": colors.version(camp.accent)}


@register.inclusion_tag("components/stripe.html")
def stripe(camp):
    """A strip in the camp's colour, on pages that show several camps and so cannot take the accent of one."""
    return {"on_light": camp.accent, "on_dark": colors.on_dark(camp.accent)}


@register.simple_tag(takes_context=True)
def may_open_admin(context):
    """Whether the viewer has staff work in any camp. The roles are read once for a request."""
    return _scope(context).is_staff


@register.simple_tag(takes_context=True)
def may_teach(context):
    """Whether the viewer runs meetings in any camp."""
    return _scope(context).may(TEACHING)


def _scope(context):
    """The roles of who looks; of nobody on a page for trouble, which has no request."""
    request = context.get("request")
    return scope_of(request) if hasattr(request, "user") else Scope(AnonymousUser())


@register.simple_tag(takes_context=True)
def here(context, name):
    """Marks a link of the navigation as the page that is shown. `name` is that of its address."""
    match = getattr(context.get("request"), "resolver_match", None)
    return format_html(' aria-current="{}"', "page") if match and match.view_name == name else ""


@register.simple_tag
def zone_name():
    """The zone in which this page shows times, as people call it."""
    return times.zone_name(timezone.get_current_timezone())


@register.simple_tag
def source_url():
    """Where the source of this site is published; empty when that is not set."""
    return getattr(settings, "SOURCE_URL", "")
