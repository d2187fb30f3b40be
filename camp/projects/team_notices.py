"""What the members of a team are told. In the site only, unless it changes what somebody has to do."""

from django.urls import reverse

from camp.accounts.models import User
from camp.notices import services as notices
from camp.projects.choosing.fits import costs_choices, fit_of


def tell_joined(team, student, *, at=None):
    _tell_of_size(team, "team_joined", student, before=team.size - 1, at=at)


def tell_left(team, student, *, at=None):
    """A team that is disbanded with its last member has nobody to tell."""
    _tell_of_size(team, "team_left", student, before=team.size + 1, at=at)


def _tell_of_size(team, kind, student, *, before, at):
    """By mail, and with the way to the list, when projects on it do not take a team of the new size."""
    if not costs_choices(team, before=before):
        _tell_members(team, kind, but=student, mail=False, at=at, student=student)
        return
    url = reverse("projects:preferences", args=team.project_stage.camp.address)
    _tell_members(team, kind, but=student, mail=True, at=at, url=url, student=student, fit=fit_of(team))


def tell_lead(team, *, but, at=None):
    _tell_members(team, "team_lead", but=but, mail=False, at=at)


def tell_admitted(team, student, *, reason, at=None):
    _tell(team, "team_admitted", student, at=at, reason=reason)
    tell_joined(team, student, at=at)


def tell_removed(team, student, *, reason, at=None):
    _tell(team, "team_removed", student, at=at, reason=reason)
    tell_left(team, student, at=at)


def tell_disbanded(team, students, *, reason, at=None):
    for student in students:
        _tell(team, "team_disbanded", student, at=at, reason=reason)


def _tell_members(team, kind, *, but, mail, url="", **context):
    """Nobody outside of the team reads how its list fits, so the mails are private."""
    people = User.objects.filter(enrollments__team_members__team=team).exclude(pk=but.pk).order_by("pk")
    notices.queue_all(
        f"projects/{kind}", to=people, camp=team.project_stage.camp, url=url or team.get_absolute_url(), mail=mail,
        is_private=True, team=team, **context,
    )  # fmt: skip


def _tell(team, kind, person, *, mail=True, **context):
    camp, url = team.project_stage.camp, team.get_absolute_url()
    notices.queue(f"projects/{kind}", to=person, camp=camp, url=url, mail=mail, team=team, **context)
