"""What of a team's list cannot count: the team has another size by now, or the project is not offered any more.

The list stands all the same, so nobody would notice before the result.
"""

from dataclasses import dataclass

from django.utils.translation import ngettext

from camp.projects.models import Preference


@dataclass(frozen=True)
class Fit:
    """How many of the `choices` of a list do not take a team of `size` (`misfits`), or are `gone`."""

    size: int
    choices: int = 0
    misfits: int = 0
    gone: int = 0

    @property
    def sentences(self):
        return [sentence for sentence in (self.size_sentence, self.gone_sentence) if sentence]

    @property
    def sentence(self):
        """All of it in one text; empty when everything counts."""
        return " ".join(self.sentences)

    @property
    def size_sentence(self):
        if not self.misfits:
            return ""
        return ngettext(
            "%(misfits)d of your team's %(choices)d choices does not fit a team of %(size)d, so it cannot count.",
            "%(misfits)d of your team's %(choices)d choices do not fit a team of %(size)d, so they cannot count.",
            self.misfits,
        ) % {"misfits": self.misfits, "choices": self.choices, "size": self.size}

    @property
    def gone_sentence(self):
        if not self.gone:
            return ""
        return ngettext(
            "%(gone)d of your team's %(choices)d choices is closed or withdrawn, so it counts no more.",
            "%(gone)d of your team's %(choices)d choices are closed or withdrawn, so they count no more.",
            self.gone,
        ) % {"gone": self.gone, "choices": self.choices}


def fit(projects, size):
    return Fit(
        size, len(projects), misfits=sum(one.is_open and not one.takes_size(size) for one in projects),
        gone=sum(not one.is_open for one in projects),
    )  # fmt: skip


def fit_of(team, *, size=None):
    """How the team's list that waits for a result fits it, or would fit it with `size` people. One query."""
    return fit(_waiting(team), size or team.size)


def costs_choices(team, *, before):
    """Whether the team's list has projects that took it when it had `before` people and do not take it now."""
    return any(one.is_open and one.takes_size(before) and not one.takes_size(team.size) for one in _waiting(team))


def _waiting(team):
    """The projects of the team's list in a round without a result, each once."""
    lines = Preference.objects.filter(team=team, round__published_at=None).select_related("project")
    return list({line.project for line in lines})
