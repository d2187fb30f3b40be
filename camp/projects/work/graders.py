"""Who evaluates whom: the members of a team, and whether a person may say something about them."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from camp.camps.staff import ORGANIZING, Scope
from camp.enrollment.models import Enrollment
from camp.projects.models import ConflictOfInterest, Evaluation, Mentor, Project, TeamMember
from camp.projects.work.handing_in import counted


@dataclass(frozen=True)
class Seat:
    """Somebody whom the team's work is to be graded for. `has_conflict`: with who looks at the page."""

    enrollment: Enrollment
    evaluation: Evaluation | None = None
    has_conflict: bool = False
    is_former: bool = False

    @property
    def pk(self):
        return self.enrollment.pk

    @property
    def is_confirmed(self):
        return bool(self.evaluation and self.evaluation.grade)

    @property
    def can_be_proposed(self):
        return not self.has_conflict and not self.is_confirmed

    @property
    def refusal(self):
        """Why the viewer proposes nothing for them; empty where they may."""
        if self.has_conflict:
            return _("You have a conflict of interest: somebody else evaluates this student.")
        return _("The grade is confirmed. An organizer can still change it.") if self.is_confirmed else ""


def is_mentor_of(user, project):
    """Whether somebody supervises the project, as its mentor or as a further one, and still has a role in the camp."""
    mentors = Mentor.objects.of(user).filter(project_stage=project.project_stage_id)
    return Project.objects.filter(Q(mentor__in=mentors) | Q(co_mentors__in=mentors), pk=project.pk).exists()


def organizes(user, camp):
    scope = Scope(user)
    return scope.is_superuser or camp.pk in scope.camps(ORGANIZING)


def conflicts_of(user, project_stage):
    """Ids of the enrollments that somebody says nothing about: declared ones, and their own."""
    declared = ConflictOfInterest.objects.filter(mentor__user=user, mentor__project_stage=project_stage)
    own = Enrollment.objects.filter(student=user, camp=project_stage.camp_id)
    return {*declared.values_list("enrollment", flat=True), *own.values_list("pk", flat=True)}


def seats_of(placement, *, viewer):
    """The members of the team now, and those who were when the work that counts was handed in."""
    stage = placement.team.project_stage
    now = set(TeamMember.objects.filter(team=placement.team_id).values_list("enrollment", flat=True))
    evaluated = {one.enrollment_id: one for one in placement.evaluations.all()}
    people = Enrollment.objects.filter(pk__in=people_of([placement])[placement.pk])
    conflicts = conflicts_of(viewer, stage)
    return [
        Seat(one, evaluated.get(one.pk), has_conflict=one.pk in conflicts, is_former=one.pk not in now)
        for one in people.select_related("student", "camp").order_by("student__display_name", "pk")
    ]


def people_of(placements):
    """{id of the placement: ids of the enrollments its work is graded for}; in a constant number of queries."""
    people = {
        one.pk: {member.enrollment_id for member in one.team.members.all()}
        | {evaluation.enrollment_id for evaluation in one.evaluations.all()}
        for one in placements
    }
    for pk, enrollments in members_at_hand_in(placements).items():
        people[pk] |= enrollments
    return people


def members_at_hand_in(placements):
    """{id of the placement: ids of who was in the team when its work that counts was handed in}; from the history."""
    handed_in = {one.team_id: (one.pk, work.handed_in_at) for one in placements if (work := _counted(one))}
    found = {pk: set() for pk, _moment in handed_in.values()}
    lines = TeamMember.history.filter(team__in=handed_in).order_by("history_date", "history_id")
    for team, enrollment, kind, at in lines.values_list("team", "enrollment", "history_type", "history_date"):
        pk, moment = handed_in[team]
        if at <= moment:
            change = found[pk].discard if kind == "-" else found[pk].add
            change(enrollment)
    return found


def _counted(placement):
    return counted(placement.hand_ins.all(), placement.team.project_stage.hand_in_closes_at)
