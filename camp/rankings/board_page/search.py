"""Finding people on a board by what this reader is shown of them; staff find everybody by everything."""

from django.db.models import Q

from camp.accounts.folding import fold
from camp.accounts.models import Identity, User
from camp.enrollment.models import Enrollment
from camp.rankings.models import Appearance

MANY = 20_000  # People on a board from which on a search looks up whole names instead of reading all rows.
Mode = Appearance.Mode


def found_among(places, text, *, viewer, to_staff, camp, is_large):
    """The places whose people match the text, in the order of the board."""
    if is_large:
        places = places.filter(enrollment__in=_named_exactly(text, camp))
    own = Q(enrollment__student=viewer.pk) & _known_by(text)
    return places.filter(_known_by(text) if to_staff else _shown_by(text) | own)


def _known_by(text):
    """All that is known of a person: the name, the handle, the nickname, every login."""
    logins = Identity.objects.filter(login_key__contains=text.lower())
    return (
        Q(enrollment__student__display_name__icontains=text)
        | Q(enrollment__student__handle__icontains=text)
        | Q(enrollment__appearance__nickname__icontains=text)
        | Q(enrollment__student__in=logins.values("user"))
    )


def _shown_by(text):
    """What everybody reads: the name and the login of the best upload, or the nickname; nothing of hidden people."""
    named = Q(enrollment__appearance__isnull=True) | Q(enrollment__appearance__mode=Mode.NAME)
    name = Q(enrollment__student__display_name__icontains=text)
    handle = Q(enrollment__student__display_name="", enrollment__student__handle__icontains=text)
    login = Q(best__login_key__contains=text.lower())
    nickname = Q(enrollment__appearance__mode=Mode.NICKNAME, enrollment__appearance__nickname__icontains=text)
    return named & (name | handle | login) | nickname


def _named_exactly(text, camp):
    """Ids of the enrollments whose handle, login or nickname this is. A few rows, each found by an index."""
    key = fold(text)
    users = {*User.objects.filter(handle_key=key).values_list("pk", flat=True)}
    logins = Identity.objects.filter(channel__in=Identity.Channel.values, login_key=text.lower())
    users |= {*logins.values_list("user", flat=True)}
    enrollments = {*Enrollment.objects.in_camp(camp).filter(student__in=users).values_list("pk", flat=True)}
    nicknames = Appearance.objects.filter(camp=camp, nickname_key=key, mode=Mode.NICKNAME)
    return enrollments | {*nicknames.values_list("pk", flat=True)}
