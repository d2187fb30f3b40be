"""What the members of a team are told. In the site only, unless it changes what somebody has to do."""

from camp.notices import services as notices


def tell_joined(team, student, *, at=None):
    _tell_members(team, "team_joined", but=student, mail=False, at=at, student=student)


def tell_left(team, student, *, at=None):
    """A team that is disbanded with its last member has nobody to tell."""
    _tell_members(team, "team_left", but=student, mail=False, at=at, student=student)


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


def _tell_members(team, kind, *, but, mail, **context):
    rows = team.members.exclude(enrollment__student=but).select_related("enrollment__student")
    for member in rows:
        _tell(team, kind, member.enrollment.student, mail=mail, **context)


def _tell(team, kind, person, *, mail=True, **context):
    camp, url = team.project_stage.camp, team.get_absolute_url()
    notices.queue(f"projects/{kind}", to=person, camp=camp, url=url, mail=mail, team=team, **context)
