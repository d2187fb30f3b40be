"""A mentor signed in at their page, with teams that chose their project."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from camp.projects.models import SelectionRound
from tests.factories import make_running_camp
from tests.project_factories import (
    make_mentor,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)


def now():
    return datetime.now(UTC)


class World:
    """A mentor signed in, whose one project was chosen by three teams in a round that is closed for teams."""

    def __init__(self, client):
        self.client = client
        self.stage = make_project_stage(make_running_camp(), at=now())
        self.round = make_round(self.stage, at=now() - timedelta(days=2))
        self.mentor = make_mentor(self.stage)
        self.project = make_project(self.stage, mentor=self.mentor, title="Kernels")
        self.other = make_project(self.stage, title="Elsewhere")
        self.teams = [self.team(f"Team {letter}") for letter in "ABC"]
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        client.force_login(self.mentor.user)

    def team(self, name):
        team = make_team(self.stage, lead=make_project_student(self.stage, at=now()), name=name, at=now())
        make_preferences(self.round, team, self.other, self.project)
        return team

    def place(self, name="mentor", *args):
        return reverse(f"projects:{name}", args=[*self.stage.camp.address, *args])

    def get(self, name="mentor", *args):
        return self.client.get(self.place(name, *args))

    def send(self, *teams, act="submit", based_on=None, **words):
        based_on = self.get().context["desk"].based_on if based_on is None else based_on
        order = [getattr(team, "pk", team) for team in teams]
        return self.client.post(self.place(), {"order": order, "act": act, "based_on": based_on} | words)

    def reopen(self):
        SelectionRound.objects.update(closes_at=now() + timedelta(days=1), mentors_close_at=now() + timedelta(days=2))


def names(applicants):
    return [one.team.name for one in applicants]
