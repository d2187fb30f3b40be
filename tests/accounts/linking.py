"""Logins linked in short words, for the tests of what follows."""

from camp.accounts import services
from camp.accounts.models import Identity
from tests.factories import NOW


def prove(user, login="rowan", *, uid="1", at=NOW):
    return services.link_proven_login(user, channel="github", login=login, uid=uid, at=at)


def type_in(user, login="rowan", *, channel="github", at=NOW):
    return services.link_login(user, channel=channel, login=login, at=at)


def rows():
    """Who has which login, in the order of linking: user, login, uid, linked."""
    found = Identity.objects.order_by("pk")
    return [(row.user.handle, row.login, row.uid, row.is_linked) for row in found]
