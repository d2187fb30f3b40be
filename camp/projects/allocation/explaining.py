"""Why a team did not get what it wanted more, as a sentence for the team. Never another team's name, list or number."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.projects.allocation.appraisal import Basis, Why

# What is not in camp.projects.matching: a second round shares the seats, and some seats were never to be had.
RESERVED = "reserved"
SIZE = "size"
TAKEN = "taken"
SHARED = "shared"

# By the reason and, where there is one, by what put the last team that was taken before this one.
SENTENCES = {
    (Why.PROJECT_FULL, Basis.MENTOR): gettext_lazy(
        "Your %(nth)s choice was filled by teams its mentor ranked before yours."
    ),
    (Why.PROJECT_FULL, Basis.POINTS): gettext_lazy(
        "Your %(nth)s choice is full: the last team that got a seat has more points than yours, and the mentor had"
        " ranked neither."
    ),
    (Why.PROJECT_FULL, Basis.LOTTERY): gettext_lazy(
        "Your %(nth)s choice is full: the last team that got a seat has as many points as yours, and the lottery put"
        " it before you."
    ),
    (Why.PROJECT_FULL, None): gettext_lazy("Your %(nth)s choice had no seats to give."),
    (Why.MENTOR_FULL, Basis.MENTOR): gettext_lazy(
        "The mentor of your %(nth)s choice has as many teams as they can supervise, and ranked those before yours."
    ),
    (Why.MENTOR_FULL, Basis.POINTS): gettext_lazy(
        "The mentor of your %(nth)s choice has as many teams as they can supervise; the last of them has more points"
        " than yours, and the mentor had ranked neither."
    ),
    (Why.MENTOR_FULL, Basis.LOTTERY): gettext_lazy(
        "The mentor of your %(nth)s choice has as many teams as they can supervise; the last of them has as many"
        " points as yours, and the lottery put it before you."
    ),
    (Why.MENTOR_FULL, None): gettext_lazy("The mentor of your %(nth)s choice has no time for further teams."),
    (Why.NOT_ACCEPTABLE, None): gettext_lazy(
        "Your %(nth)s choice asks for something other than what your team brings. This is no judgement of your work."
    ),
    (SIZE, None): gettext_lazy("Your %(nth)s choice is for teams of another size than yours."),
    (Why.CLOSED, None): gettext_lazy("Your %(nth)s choice does not take place."),
    (Why.BY_HAND, None): gettext_lazy("The organizers decided about your %(nth)s choice by hand."),
    (RESERVED, None): gettext_lazy("Your %(nth)s choice was kept for the team that proposed it."),
    (TAKEN, None): gettext_lazy("Your %(nth)s choice had no free seat left after the round before."),
    (SHARED, None): gettext_lazy(
        "The free seats of your %(nth)s choice went where they give as many teams as possible a project they want."
    ),
}


GONE = {
    "closed": gettext_lazy("Your %(nth)s choice was closed by the staff: %(because)s"),
    "withdrawn": gettext_lazy("Your %(nth)s choice was withdrawn by the staff: %(because)s"),
}


def sentence(entry, project=None):
    """One line of `Placement.why` (or of a run's reasons with its rank) in words.

    `project`: as it is now, so that one that does not take place says why.
    """
    basis = entry.get("basis")
    if entry["reason"] == Why.CLOSED and project and project.status in GONE and project.status_reason:
        return GONE[project.status] % {"nth": nth(entry["rank"]), "because": project.status_reason}
    words = SENTENCES.get((entry["reason"], basis)) or SENTENCES.get((entry["reason"], None))
    return (words or SENTENCES[Why.BY_HAND, None]) % {"nth": nth(entry["rank"])}


def nth(number):
    """1st, 2nd, 3rd, 4th, … as an adjective."""
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    # Translators: an ordinal before "choice": 1st, 21st, …
    words = {1: _("%(number)dst"), 2: _("%(number)dnd"), 3: _("%(number)drd")}.get(last) or _("%(number)dth")
    return words % {"number": number}
