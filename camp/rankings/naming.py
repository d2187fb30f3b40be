"""How people are named on boards: by their name, by a nickname, or not at all. Staff see who it is."""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Shown:
    """What a reader is told of who stands in a row. `note` is for staff: how the others read it."""

    name: str
    login: str = ""
    channel: str = ""
    note: str = ""
    is_hidden: bool = False


def appearance_of(enrollment):
    """The student's choice; None where they never chose, which shows the name."""
    try:
        return enrollment.appearance
    except ObjectDoesNotExist:
        return None


def shown_as(place, *, to_staff=False):
    """A row of standings loaded `for_board`, as staff or as everybody else reads it."""
    appearance, best = appearance_of(place.enrollment), place.best
    login, channel = (best.login, best.get_channel_display()) if best else ("", "")
    name = str(place.enrollment.student)
    if appearance is None or appearance.is_named:
        return Shown(name, login, channel)
    public = _("Hidden student") if appearance.is_hidden else appearance.nickname
    if to_staff:
        return Shown(name, login, channel, note=public, is_hidden=True)
    return Shown(public, is_hidden=appearance.is_hidden)
