"""A team at work around the real now, with a mentor and an organizer: for hand-ins, grades and certificates."""

from datetime import UTC, datetime, timedelta

from camp.notices.models import Notice
from camp.projects import certificates
from camp.projects.models import Evaluation, Placement
from camp.projects.work import grading, handing_in
from tests.factories import make_running_camp, make_staff_role, make_student, make_user
from tests.project_factories import (
    make_criterion,
    make_mentor,
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

LINK = "https://github.com/someone/work"


class Work:
    """A placed team of two with a rubric of two criteria: `code` weighs 3 of 5 points, `report` 1 of 10."""

    def __init__(self, **stage):
        self.now = datetime.now(UTC)
        self.camp = make_running_camp(accent="#0b6e6e")
        self.stage = make_project_stage(self.camp, at=self.now, **stage)
        self.lead, self.member = (self.student(name) for name in ("Ada", "Bob"))
        self.team = make_team(self.stage, lead=self.lead, members=[self.member], at=self.now, name="Team")
        self.mentor = make_mentor(self.stage)
        self.project = make_project(self.stage, title="Faster tiles", mentor=self.mentor)
        self.placement = make_placement(make_round(self.stage, at=self.now), self.team, self.project)
        self.organizer = make_user()
        make_staff_role(self.camp, user=self.organizer)
        make_criterion(self.stage, "code", name="Code", weight=3, max_points=5, position=1)
        make_criterion(self.stage, "report", name="Report", weight=1, max_points=10, position=2)

    def student(self, name, **fields):
        student = make_student(name.lower(), display_name=name, language="en", **fields)
        return make_project_student(self.stage, student=student, at=self.now)

    def hand_in(self, *, by=None, **words):
        words = {"repository_url": LINK, "at": self.now} | words
        return handing_in.hand_in(self.placement, by=by or self.lead.student, **words)

    def close(self):
        """The deadline was a minute ago."""
        self.stage.hand_in_closes_at = self.now - timedelta(minutes=1)
        self.stage.teams_lock_at = self.now - timedelta(days=1)
        self.stage.save()
        self.placement = Placement.objects.for_page().get(pk=self.placement.pk)

    def propose(self, *, by=None, **words):
        words = {"points": {"code": 4, "report": 5}, "grade": "pass", "comment": "Well done."} | words
        return grading.propose(self.placement, by=by or self.mentor.user, **words)

    def confirmed(self, grade="pass"):
        """The evaluation of the lead, confirmed."""
        self.propose(grade=grade)
        evaluation = Evaluation.objects.get(enrollment=self.lead)
        return grading.confirm(evaluation, by=self.organizer)

    def published(self, grade="pass"):
        return grading.publish([self.confirmed(grade)], by=self.organizer)[0]

    def certificate(self, grade="pass"):
        return certificates.issue(self.published(grade), by=self.organizer)

    def url(self, name, *args):
        return (f"projects:{name}", [*self.camp.address, *args])


def kinds(user):
    return list(Notice.objects.filter(recipient=user, kind__startswith="projects/").values_list("kind", flat=True))


def changes(row):
    """(who, why) of each line of a row's history, the oldest first."""
    return [(line.history_user, line.history_change_reason) for line in row.history.order_by("history_id")]
