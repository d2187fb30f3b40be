import zoneinfo

from django.conf import settings
from django.utils import timezone

COOKIE = "camp_time_zone"


class ViewerMiddleware:
    """Shows times in the viewer's zone: from the profile, else as the browser told in a cookie, else the site's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(self._zone(request)):
            return self.get_response(request)

    def _zone(self, request):
        named = request.user.time_zone if request.user.is_authenticated else ""
        try:
            return zoneinfo.ZoneInfo(named or request.COOKIES.get(COOKIE, "") or settings.TIME_ZONE)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            return zoneinfo.ZoneInfo(settings.TIME_ZONE)
