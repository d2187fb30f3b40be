"""Questions over stages, requirements and what a student has done."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from camp.compiled import Compiled, CompiledUpdate, Given, Together
from camp.enrollment.models import Enrollment
from camp.stages.models import CourseProgress, ItemTick, Participation, Requirement, RequirementGroup, Stage
from camp.stages.rules import Group, Line, Rule


class Facts:
    """What one student has done in a camp: points and meetings by course id, ticked items by requirement id."""

    def __init__(self, enrollment):
        progress = list(CourseProgress.objects.filter(enrollment=enrollment)) if enrollment else []
        self.points = {row.course_id: row.points for row in progress}
        self.meetings = {row.course_id: row.meetings for row in progress}
        ticks = ItemTick.objects.filter(enrollment=enrollment) if enrollment else ItemTick.objects.none()
        self.ticked = set(ticks.values_list("requirement_id", flat=True))

    def done(self, requirement):
        if requirement.kind == Requirement.Kind.POINTS:
            return self.points.get(requirement.course_id, Decimal(0))
        if requirement.kind == Requirement.Kind.ITEM:
            return Decimal(requirement.pk in self.ticked)
        if requirement.course_id is None:
            return Decimal(sum(self.meetings.values()))
        return Decimal(self.meetings.get(requirement.course_id, 0))


def rule_of(stage, facts):
    """The entry rule of a stage loaded `with_rules`, held against the facts of one student."""
    return Rule(tuple(_group(group, facts) for group in stage.requirement_groups.all()))


def _group(group, facts):
    lines = tuple(_line(requirement, facts) for requirement in group.requirements.all())
    return Group(label=group.label, needed=group.needed, lines=lines)


def _line(requirement, facts):
    course = requirement.course
    label = requirement.item or (course.name if course else _("Meetings of the camp"))
    return Line(
        label=label, kind=requirement.kind, done=facts.done(requirement), needed=Decimal(requirement.needed),
        url=course.get_absolute_url() if course else "", needs_proof=bool(course and course.needs_proof),
        proof_from=course and course.proof_from,
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A stage as one student stands to it, or as a stranger to the camp reads it."""

    stage: Stage
    rule: Rule
    participation: Participation | None
    is_of_student: bool = True

    @property
    def anchor(self):
        """The id of the stage's place on the camp's page, as in `Stage.get_absolute_url`."""
        return f"stage-{self.stage.key}"

    @property
    def is_admitted(self):
        return self.participation is not None and self.participation.is_admitted

    @property
    def is_blocked(self):
        """Held back or reverted by staff, whatever the rule says."""
        return self.participation is not None and not self.participation.is_admitted

    @property
    def is_held(self):
        return self.is_blocked and self.participation.is_held

    @property
    def is_reverted(self):
        return self.is_blocked and self.participation.is_reverted

    @property
    def is_still_to_reach(self):
        return self.participation is None

    @property
    def awaits_staff(self):
        """The rule changed and is met now: the staff's next application of the rules admits."""
        return self.is_of_student and self.is_still_to_reach and self.rule.is_met

    @property
    def stays_unmet(self):
        """Entered by the rule, which points or attendance taken away since do not meet any more."""
        return self.is_admitted and self.participation.is_by_rule and not self.rule.is_met

    @property
    def shows_progress(self):
        """Whether the rule is told with what the reader has done of it."""
        return self.is_of_student and not self.is_admitted

    @property
    def opens_group(self):
        return self.is_admitted and self.stage.has_group


def steps_of(enrollment):
    """Every stage of the enrollment's camp in order, with its rule and the student's participation."""
    facts = Facts(enrollment)
    participations = {row.stage_id: row for row in Participation.objects.filter(enrollment=enrollment)}
    stages = stages_with_rules(enrollment.camp)
    return [Step(stage, rule_of(stage, facts), participations.get(stage.pk)) for stage in stages]


def stages_of(camp):
    """The stages of a camp for its timeline, with their rules as a stranger reads them."""
    facts = Facts(None)
    return [Step(stage, rule_of(stage, facts), None, False) for stage in stages_with_rules(camp)]


def stages_with_rules(camp, *, apart_from=()):
    """The stages of a camp in order, loaded so that rules, courses and their addresses cost no further query."""
    stages = Stage.objects.filter(camp=camp).exclude(pk__in=apart_from).with_rules().prefetch_related("courses")
    return [_camp_known(stage, camp) for stage in stages]


def _camp_known(stage, camp):
    stage.camp = camp
    for group in stage.requirement_groups.all():
        for requirement in group.requirements.all():
            if requirement.course:
                requirement.course.camp = camp
    for course in stage.courses.all():
        course.camp = camp
    return stage


def next_step(steps):
    """The first stage that the student is not admitted to yet; None when there is none."""
    return next((step for step in steps if not step.is_admitted), None)


def is_in(user, stage):
    """Whether the user is a student of this stage now."""
    own = Participation.objects.admitted().filter(stage=stage, enrollment__student=user)
    return own.filter(enrollment__in=Enrollment.objects.active()).exists()


def history_of(enrollment):
    """Every decision on every stage of the enrollment, newest first: who decided is only told as rule or staff."""
    decisions = Participation.history.filter(enrollment_id=enrollment.pk)
    return decisions.select_related("stage").order_by("-decided_at", "-history_id")


# What an upload asks on its way. See camp.compiled.


def _stages_to_ask():
    """Undecided stages that ask for no more than these points in the course, or for nothing at all."""
    reached = Q(points__lte=Given(CourseProgress.points)) | Q(
        points=None, course__max_points__lte=Given(CourseProgress.points)
    )
    of_course = Requirement.objects.filter(reached, kind=Requirement.Kind.POINTS, course=Given(CourseProgress.course))
    decided = Participation.objects.filter(stage=OuterRef("pk"), enrollment=Given(CourseProgress.enrollment))
    groups = RequirementGroup.objects.filter(stage=OuterRef("pk"))
    asks = Exists(of_course.filter(group__stage=OuterRef("pk"))) | ~Exists(groups)
    return Stage.objects.filter(~Exists(decided), asks, camp=Given(Stage.camp)).order_by().values_list("pk")[:1]


_write_points = CompiledUpdate(
    lambda: CourseProgress.objects.filter(
        enrollment=Given(CourseProgress.enrollment), course=Given(CourseProgress.course)
    ),
    lambda: {"points": Given(CourseProgress.points), "updated_at": Given(CourseProgress.updated_at)},
)
points_and_stages_to_ask = Together(_write_points, then=Compiled(_stages_to_ask))
