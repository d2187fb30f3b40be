from functools import partial

from django.db.models import Count
from django.utils.functional import SimpleLazyObject

from camp.compiled import Compiled, Given
from camp.notices.models import Notice


def unread_notices(request):
    """How many notices the viewer has not read, asked only when a template shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(partial(unread_of, request))}


def unread_of(request):
    """How many notices a signed-in viewer has not read, counted once for a request."""
    if not hasattr(request, "unread_notices"):
        request.unread_notices = (_unread.first(recipient=request.user.pk) or (0,))[0]
    return request.unread_notices


def _counted():
    unread = Notice.objects.filter(recipient=Given(Notice.recipient)).unread().order_by()
    return unread.values("recipient").annotate(number=Count("pk")).values_list("number")


_unread = Compiled(_counted)
