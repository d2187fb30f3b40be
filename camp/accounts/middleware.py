import zoneinfo
from contextlib import ExitStack
from urllib.parse import urlsplit

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

COOKIE = "camp_time_zone"


def session_key_middleware(get_response):
    """Drop a session cookie that cannot be one of ours before the database is asked: PostgreSQL refuses NUL."""

    def middleware(request):
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "a").isalnum():
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return get_response(request)

    return middleware


def signed_out_part_middleware(get_response):
    """A part of a page that somebody asks for who is signed out meanwhile: the whole page goes to sign in, and back."""

    def middleware(request):
        response = get_response(request)
        is_part = request.headers.get("HX-Request") == "true" and response.status_code == 302
        if not is_part or not response.url.startswith(f"{resolve_url(settings.LOGIN_URL)}?"):
            return response
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        return HttpResponseClientRedirect(redirect_to_login(page).url)

    return middleware


SEEN_EVERY = 300  # Seconds between two writes of when a session was last seen.


class ViewerMiddleware:
    """Speaks to the viewer in their zone and language.

    The zone comes from the profile, else from a cookie that the browser filled, else it is the site's. The language of
    the profile counts in a browser in which nobody has chosen one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with ExitStack() as stack:
            stack.enter_context(timezone.override(self._zone(request)))
            language = self._language(request)
            if language:
                stack.enter_context(translation.override(language))
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response

    def _zone(self, request):
        named = request.user.time_zone if request.user.is_authenticated else ""
        try:
            return zoneinfo.ZoneInfo(named or request.COOKIES.get(COOKIE, "") or settings.TIME_ZONE)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            return zoneinfo.ZoneInfo(settings.TIME_ZONE)

    def _language(self, request):
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not request.user.is_authenticated:
            return ""
        return request.user.language


class SessionSeenMiddleware(UserSessionsMiddleware):
    """Notes when a session was last seen every few minutes, not at every request: each note is a write."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self.pass_on = get_response

    def __call__(self, request):
        key = request.session.session_key
        if key and cache.add(f"session-seen:{key}", True, SEEN_EVERY):
            return super().__call__(request)
        return self.pass_on(request)
