"""Two camps with one row of every model that the admin knows, for the tests that walk over all of them."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.utils import timezone

from camp.accounts.models import Identity, User
from camp.camps.models import Camp, CampLink, FaqEntry, Organization, Reveal, StaffRole, SupportProject
from camp.classrooms.models import Answer, CheckIn, Material, Meeting, Question, Recording, RefusedCode, Reminder
from camp.enrollment.models import ApplicationQuestion, Enrollment, Invitation
from camp.notices.models import Mail, Notice
from camp.rankings import boards, corrections
from camp.rankings import services as rankings
from camp.rankings.models import (
    Attempt,
    Board,
    Correction,
    Exercise,
    RegisteredRepository,
    ReviewedCommit,
    Standing,
    TrustedGrader,
    UploadToken,
)
from camp.stages.models import (
    Announcement,
    Course,
    CourseProgress,
    ItemTick,
    Participation,
    Requirement,
    RequirementGroup,
    Stage,
)
from tests.factories import (
    make_answer,
    make_attempt,
    make_check_in,
    make_course,
    make_enrollment,
    make_grader,
    make_identity,
    make_material,
    make_meeting,
    make_organization,
    make_question,
    make_recording,
    make_repository,
    make_requirement,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
    make_user,
)
from tests.project_world import PROJECT_MAKERS, make_project_rows

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
SUPERUSERS_ONLY = {EmailAddress, Authenticator, SocialAccount}


def address(model, view, *args):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}"


def in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


class World:
    """A camp whose every text contains `word`, with its organizer. `rows` has one row of each model."""

    def __init__(self, word):
        self.word = word
        self.organization = make_organization(word.lower(), name=f"{word} lab")
        self.camp = make_running_camp(
            f"{word.lower()}-summer",
            organization=self.organization,
            name=f"{word} camp",
            group_link=f"https://example.org/{word}-secret",
        )
        self.organizer = make_user(f"{word.lower()}-organizer", display_name=f"{word} organizer")
        self.role = make_staff_role(self.camp, user=self.organizer)
        self.rows = self._made()

    def _made(self):
        stage = make_stage(
            self.camp, name=f"{self.word} stage", group_link=f"https://example.org/{self.word}-stage-secret"
        )
        course = make_course(stage, name=f"{self.word} course")
        item = make_requirement(stage, kind="item", item=f"{self.word} item")
        self.student = make_student(f"{self.word.lower()}-student", display_name=f"{self.word} student")
        enrollment = make_enrollment(self.camp, student=self.student, at=timezone.now())
        attempt = make_attempt(course, login=f"{self.word}-login", at=timezone.now())
        token, _text = rankings.issue_token(course, by=self.organizer)
        mail = Mail.objects.create(to="someone@example.org", subject=f"{self.word} mail", camp=self.camp)
        meeting = make_meeting(
            course=course, title=f"{self.word} meeting", join_url=f"https://example.org/{self.word}-meeting-secret"
        )
        question = make_question(course, author=self.student, title=f"{self.word} question of a student")
        participation = Participation.objects.create(enrollment=enrollment, stage=stage)
        grader = make_grader(course, workflow=f"{self.word}/grading/.github/workflows/grade.yml@refs/heads/main")
        rows = [
            self.organization, self.camp, self.role, self.student, stage, course, item, item.group, enrollment, attempt,
            token, mail, participation,
            make_identity(self.student, login=f"{self.word}-identity"),
            meeting,
            make_recording(meeting, title=f"{self.word} recording", url=f"https://example.org/{self.word}-recording-secret"),
            make_material(meeting, title=f"{self.word} material"),
            make_check_in(meeting, enrollment, reason=f"{self.word} reason"),
            RefusedCode.objects.create(meeting=meeting, enrollment=enrollment, typed=f"{self.word}"[:12]),
            Reminder.objects.create(meeting=meeting, kind="day_before", starts_at=meeting.starts_at),
            question,
            make_answer(question, text=f"{self.word} answer"),
            EmailAddress.objects.get(user=self.student),
            Authenticator.objects.create(user=self.student, type="totp", data={"secret": f"{self.word}-totp"}),
            SocialAccount.objects.create(user=self.student, provider="github", uid=f"{self.word}-uid"),
            SupportProject.objects.create(organization=self.organization, name=f"{self.word} project", url="https://example.org"),
            CampLink.objects.create(camp=self.camp, title=f"{self.word} link", url="https://example.org"),
            FaqEntry.objects.create(camp=self.camp, question=f"{self.word} question", answer="…"),
            Reveal.objects.create(camp=self.camp, user=self.student, secret=f"{self.word} reveal"),
            Notice.objects.create(recipient=self.student, camp=self.camp, kind="x", title=f"{self.word} notice"),
            ApplicationQuestion.objects.create(camp=self.camp, key="q", label=f"{self.word} ask"),
            Invitation.objects.get(camp=self.camp, inviter=self.student),
            ItemTick.objects.create(requirement=item, enrollment=enrollment, ticked_by=self.organizer),
            CourseProgress.objects.create(enrollment=enrollment, course=course),
            Announcement.objects.create(camp=self.camp, stage=stage, title=f"{self.word} news"),
            Exercise.objects.create(course=course, name=f"{self.word} exercise"),
            grader,
            grader.reviewed_commits.get(),
            make_repository(course, enrollment, repository_id=str(9000 + enrollment.pk)),
            make_standing(course, enrollment, points=1, login=f"{self.word}-identity"),
            Board.objects.get(course=course),
            corrections.adjust(enrollment, course, points=1, by=self.organizer, reason=f"{self.word} reason"),
            *make_project_rows(self),
        ]  # fmt: skip
        return {type(row): row for row in rows}

    @property
    def course(self):
        return self.rows[Course]

    def __getitem__(self, model):
        return self.rows[model]


def more_of(world, model):
    """One more row of a model in the camp of the world, for lists that must not cost more with more rows."""
    return (MAKERS | PROJECT_MAKERS)[model](world)


def _student(world):
    return make_enrollment(world.camp, at=timezone.now()).student


def _enrollment(world):
    return make_enrollment(world.camp, at=timezone.now())


def _course(world):
    return make_course(world[Stage])


def _attempt(world):
    return make_attempt(world[Course], login=f"login-{Attempt.objects.count()}", at=timezone.now())


def _standing(world):
    return make_standing(world[Course], _enrollment(world), points=1, at=timezone.now())


def _correction(world):
    return corrections.adjust(_enrollment(world), world[Course], points=1, by=make_user(), reason="x")


MAKERS = {
    Organization: lambda world: make_running_camp(organization=make_organization()).organization,
    Camp: lambda world: make_running_camp(f"camp{Camp.objects.count()}", organization=world.organization),
    StaffRole: lambda world: make_staff_role(world.camp),
    User: _student,
    Stage: lambda world: make_stage(world.camp),
    Course: _course,
    Requirement: lambda world: make_requirement(world[Stage], course=_course(world)),
    RequirementGroup: lambda world: make_requirement(world[Stage], course=world[Course]).group,
    Enrollment: _enrollment,
    Attempt: _attempt,
    UploadToken: lambda world: rankings.issue_token(_course(world), by=make_user())[0],
    Mail: lambda world: Mail.objects.create(to="x@example.org", subject="x", camp=world.camp),
    Participation: lambda world: Participation.objects.create(
        enrollment=_enrollment(world), stage=world[Stage], decided_by=make_user()
    ),
    Identity: lambda world: make_identity(_student(world)),
    Meeting: lambda world: make_meeting(course=_course(world), starts_at=timezone.now() + timedelta(days=1)),
    Recording: lambda world: make_recording(make_meeting(course=_course(world))),
    Material: lambda world: make_material(make_meeting(course=_course(world))),
    CheckIn: lambda world: make_check_in(make_meeting(course=_course(world)), _enrollment(world)),
    RefusedCode: lambda world: RefusedCode.objects.create(
        meeting=make_meeting(course=_course(world)), enrollment=_enrollment(world)
    ),
    Reminder: lambda world: Reminder.objects.create(
        meeting=make_meeting(course=_course(world)), kind="day_before", starts_at=timezone.now()
    ),
    Question: lambda world: make_question(_course(world)),
    Answer: lambda world: make_answer(make_question(_course(world))),
    EmailAddress: lambda world: EmailAddress.objects.get(user=_student(world)),
    Authenticator: lambda world: Authenticator.objects.create(user=_student(world), type="totp", data={}),
    SocialAccount: lambda world: SocialAccount.objects.create(
        user=_student(world), provider="github", uid=str(SocialAccount.objects.count())
    ),
    SupportProject: lambda world: SupportProject.objects.create(
        organization=make_organization(), name="x", url="https://example.org"
    ),
    CampLink: lambda world: CampLink.objects.create(
        camp=world.camp, title=str(CampLink.objects.count()), url="https://example.org"
    ),
    FaqEntry: lambda world: FaqEntry.objects.create(
        camp=world.camp, question=str(FaqEntry.objects.count()), answer="…"
    ),
    Reveal: lambda world: Reveal.objects.create(camp=world.camp, user=make_user(), secret="x"),
    Notice: lambda world: Notice.objects.create(recipient=make_user(), camp=world.camp, kind="x", title="x"),
    ApplicationQuestion: lambda world: ApplicationQuestion.objects.create(
        camp=world.camp, key=f"q{ApplicationQuestion.objects.count()}", label="x"
    ),
    Invitation: lambda world: Invitation.objects.get(inviter=_student(world)),
    ItemTick: lambda world: ItemTick.objects.create(
        requirement=world[Requirement], enrollment=_enrollment(world), ticked_by=make_user()
    ),
    CourseProgress: lambda world: CourseProgress.objects.create(enrollment=_enrollment(world), course=world[Course]),
    Announcement: lambda world: Announcement.objects.create(camp=world.camp, stage=make_stage(world.camp), title="x"),
    Exercise: lambda world: Exercise.objects.create(course=_course(world), name="x"),
    Standing: _standing,
    Board: lambda world: boards.lock(_course(world), at=timezone.now()),
    Correction: _correction,
    TrustedGrader: lambda world: make_grader(_course(world)),
    ReviewedCommit: lambda world: make_grader(_course(world)).reviewed_commits.get(),
    RegisteredRepository: lambda world: make_repository(_course(world), _enrollment(world)),
}
