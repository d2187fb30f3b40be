"""A person's own calendar: its page, the feed that programs read, and one meeting as a file."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from camp.camps.views import camp_or_404
from camp.classrooms import feeds
from camp.classrooms.calendar import feed_of, file_of
from camp.classrooms.calendar_forms import RemindersForm
from camp.classrooms.models import Meeting

MEETINGS_SHOWN = 5


@never_cache
def calendar(request):
    """The address of the feed, how to add it, and the choice of reminders."""
    form = RemindersForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choice is saved."))
        return redirect("classrooms:calendar")
    coming = feeds.meetings_of(request.user).upcoming_at(timezone.now()).select_related("camp__organization", "course")
    feed = feeds.feed_of(request.user)
    context = {"form": form, "feed": feed, "address": address_of(feed), "meetings": coming[:MEETINGS_SHOWN]}
    return render(request, "classrooms/calendar.html", context, status=400 if form.errors else 200)


def address_of(feed):
    """The secret address, as programs read it over the web and as telephones subscribe to it."""
    web = f"{settings.SITE_URL}{reverse('classrooms:feed', args=[feed.token])}"
    return {"web": web, "webcal": f"webcal://{web.partition('://')[2]}"}


@never_cache
def renew(request):
    """Ask first, then make a new address; the old one is void at once."""
    if request.method != "POST":
        return render(request, "classrooms/calendar_new.html")
    feeds.renew(request.user)
    messages.success(request, _("This is the new address of your calendar. Add it again where you want to see it."))
    return redirect("classrooms:calendar")


@login_not_required
@require_safe
@cache_control(private=True)
def feed(request, token):
    """The meetings of the person whose address this is, in that person's language."""
    feed = feeds.find(token)
    if feed is None:
        return no_such_feed()
    feeds.note_read(feed)
    with translation.override(feed.user.language or settings.LANGUAGE_CODE):
        text = feed_of(feeds.for_calendar(feeds.meetings_of(feed.user)), name=_("Camp: my meetings"))
        response = ics(text, headers={"Content-Language": translation.get_language()})
    return get_conditional_response(request, etag=response["ETag"], response=response)


def no_such_feed():
    sentence = _("This calendar address is not valid. Sign in to get yours: %(url)s")
    url = f"{settings.SITE_URL}{reverse('classrooms:calendar')}"
    return HttpResponse(f"{sentence % {'url': url}}\n", status=404, content_type="text/plain; charset=utf-8")


def ics(text, *, headers):
    etag = quote_etag(hashlib.sha256(text).hexdigest()[:32])
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers | {"ETag": etag})


@login_not_required
@require_safe
def meeting_ics(request, organization, slug, key):
    """One meeting as a file, as public as the timetable."""
    camp = camp_or_404(organization, slug, user=request.user)
    meeting = get_object_or_404(feeds.for_calendar(Meeting.objects.of_camp(camp)), key=key)
    headers = {"Content-Disposition": f'attachment; filename="{meeting.key}.ics"'}
    return ics(file_of(meeting), headers=headers)
