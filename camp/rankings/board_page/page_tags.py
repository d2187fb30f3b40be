"""Entity tags of whole pages: what their frame says of the reader, besides the board in them."""

from hashlib import sha256

from django.contrib.messages import get_messages
from django.utils import timezone
from django.utils.translation import get_language

from camp.camps.staff import scope_of
from camp.notices.context_processors import unread_of
from camp.rankings.board_page.release import release


def reader_of(request):
    """Who reads, in which language and zone."""
    return request.user.pk, get_language(), timezone.get_current_timezone_name(), release()


def frame_of(request):
    """What the frame of a page depends on: the reader's name, roles and notices, and the token of its forms."""
    token = sha256(request.META.get("CSRF_COOKIE", "").encode()).hexdigest()
    if not request.user.is_authenticated:
        return (*reader_of(request), token)
    roles = [role.pk for role in scope_of(request).roles]
    who = (str(request.user), request.user.is_superuser, roles, unread_of(request))
    return (*reader_of(request), token, *who)


def says_something(request):
    """Whether the page will show a message, once: such a page is not to be shown again."""
    return len(get_messages(request)) > 0
