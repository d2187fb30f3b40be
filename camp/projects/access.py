"""Who may do what in a camp's project stage. Its students are the active students of the camp who are in the stage."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from camp.camps.errors import NotForYou, NotHere
from camp.camps.staff import ANY_ROLE, ORGANIZING, scope_of
from camp.camps.views import camp_or_404
from camp.enrollment.models import Enrollment
from camp.projects.models import Mentor, ProjectStage, Team
from camp.stages.models import Participation


@dataclass(frozen=True)
class Access:
    """What one reader may do here. `enrollment`: set for students of the project stage only, `team`: theirs."""

    project_stage: ProjectStage
    enrollment: Enrollment | None = None
    team: Team | None = None
    mentor: Mentor | None = None
    is_organizer: bool = False
    is_staff: bool = False
    is_known: bool = False

    @property
    def camp(self):
        return self.project_stage.camp

    @property
    def is_student(self):
        return self.enrollment is not None

    @property
    def is_mentor(self):
        return self.mentor is not None

    def require_topics(self, now=None):
        """Topics are everybody's once they are published; before, strangers to the staff find nothing."""
        if not self.project_stage.topics_are_published(now) and not self.is_staff:
            raise Http404

    def require_student(self):
        """Strangers to the camp get 404; people of the camp who are not in the stage 403 with a sentence."""
        self._require(
            self.is_student,
            _("This is for the students of the stage “%(stage)s”, and you are not one now.")
            % {"stage": self.project_stage.stage},
        )

    def require_mentor(self):
        self._require(self.is_mentor, _("This page is for the mentors of this camp's projects."))

    def require_known(self):
        """Strangers to the camp get 404, whatever they ask for, with where to go on."""
        if not self.is_known:
            sentence = _("Teams, lists, results and work are for the people of this camp, and you are not in it.")
            raise NotHere(sentence, back=self.camp.get_absolute_url())

    def _require(self, holds, sentence):
        if holds:
            return
        self.require_known()
        raise self.denied(sentence)

    def denied(self, sentence):
        """A refusal with the ways on: a student's team, the projects once they are there to read, and the camp."""
        ways = [(self.camp, self.camp.get_absolute_url())]
        if self.is_staff or self.project_stage.topics_are_published():
            ways.insert(0, (_("All projects"), self.project_stage.get_absolute_url()))
        if self.is_student:
            ways.insert(0, (_("My team"), reverse("projects:team", args=self.camp.address)))
        return NotForYou(sentence, ways=ways)


def access_to(request, organization, slug):
    """The reader's access to the project stage of an address; 404 where there is none. Ask once a request."""
    camp = camp_or_404(organization, slug, user=request.user)
    project_stage = get_object_or_404(ProjectStage.objects.for_page(), camp=camp)
    if not request.user.is_authenticated:
        return Access(project_stage)
    scope, enrollment = scope_of(request), Enrollment.objects.of(request.user).in_camp(camp).first()
    is_student = enrollment is not None and is_in_stage(enrollment, project_stage)
    is_staff = scope.is_superuser or camp.pk in scope.camps(ANY_ROLE)
    return Access(
        project_stage, enrollment=enrollment if is_student else None,
        team=team_of(enrollment, project_stage) if is_student else None,
        mentor=Mentor.objects.of(request.user).filter(project_stage=project_stage).first() if is_staff else None,
        is_organizer=scope.is_superuser or camp.pk in scope.camps(ORGANIZING), is_staff=is_staff,
        is_known=enrollment is not None or is_staff,
    )  # fmt: skip


def is_in_stage(enrollment, project_stage):
    """Whether an enrollment is active and admitted to the project stage."""
    admitted = Participation.objects.admitted().filter(enrollment=enrollment, stage=project_stage.stage_id)
    return enrollment.is_active and admitted.exists()


def team_of(enrollment, project_stage):
    """The student's team with its lead; None without one."""
    teams = Team.objects.standing().filter(members__enrollment=enrollment, project_stage=project_stage)
    team = teams.select_related("lead__student").first()
    if team:
        team.project_stage = project_stage
    return team
