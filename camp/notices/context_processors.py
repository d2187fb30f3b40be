from django.utils.functional import SimpleLazyObject

from camp.notices.models import Notice


def unread_notices(request):
    """How many notices the viewer has not read, asked only when a template shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(Notice.objects.of(user).unread().count)}
